import type { Transact } from '../../platform/db/transaction.ts'
import type { Subscriber } from '../../platform/events/index.ts'
import type { Route } from '../../platform/http/index.ts'
import type { JobRegistry } from '../../platform/jobs/index.ts'
import type { Sealer } from '../../platform/secrets/index.ts'
import type { AnyTask } from '../../platform/tasks/index.ts'
import type { LeadSource } from '../leads/index.ts'
import type { SbcWork } from '../sbcs/index.ts'
import type { ServiceNames } from '../services/index.ts'
import type { TaskService } from '../tasks/index.ts'
import { createAdoptionService } from './adoption.service.ts'
import { applyLicenseOnSbcTask, applyLicenseTask, SYNC_TRUNKS_JOB } from './apply-license.task.ts'
import { barServiceTask, unbarServiceTask } from './bar-service.task.ts'
import { type CheckTools, checkServiceTask } from './check-service.task.ts'
import type { SbcTools } from './connect-sbc.ts'
import { createConnectionService } from './connection.service.ts'
import { addConnectionTask, changeConnectionTask, removeConnectionTask } from './connection.tasks.ts'
import { deleteServiceTask } from './delete-service.task.ts'
import { changeDialPlanTask } from './dial-plan.task.ts'
import { followLeads } from './follow-leads.ts'
import { importCustomerTask } from './import-customer.task.ts'
import { createLicenseService } from './license.service.ts'
import type { ProfileOf } from './license-problems.ts'
import { reconnectServiceTask } from './reconnect-service.task.ts'
import { connectionRoutes } from './routes/connection-routes.ts'
import { licenseRoutes } from './routes/license-routes.ts'
import { serviceWorkRoutes } from './routes/service-work-routes.ts'
import { createServiceWorkService } from './service-work.service.ts'
import { createSipPasswords, type SecretsOf } from './sip-passwords.ts'
import type { TenantNumbers } from './tenant-numbers.ts'

export type LicensingOptions = {
  transact: Transact
  sealer: Sealer
  registry: JobRegistry
  source: LeadSource
  sbcs: SbcWork
  /** Names of all variables that a script template may be given, folded. */
  variablesOf: SbcTools['variablesOf']
  /** Names of the variables that these templates call secret, folded. */
  secretsOf: SecretsOf
  names: ServiceNames
  profileOf: ProfileOf
  trunkFqdns: CheckTools['trunkFqdns']
  numbers: TenantNumbers
}

/** From a lead to a service and back: tasks, what starts them, and who hears of leads. */
export type Licensing = {
  /** For the registry of tasks. */
  tasks: readonly AnyTask[]
  subscribers: Record<string, Subscriber>
  routes(tasks: TaskService): Route[]
}

export function createLicensing(options: LicensingOptions): Licensing {
  const { transact, source, sbcs, registry, names, numbers, variablesOf, secretsOf, profileOf } = options
  const passwords = createSipPasswords(options.sealer)
  const tools = { sbcs, passwords, variablesOf }
  const reconnect = reconnectServiceTask(tools)
  const restoring = { ...tools, reconnect }
  const kinds = {
    apply: applyLicenseTask({ source }),
    applyOnSbc: applyLicenseOnSbcTask({ ...tools, source, registry }),
    check: checkServiceTask({ source, sbcs, variablesOf, trunkFqdns: options.trunkFqdns }),
    bar: barServiceTask(tools),
    unbar: unbarServiceTask(tools),
    delete: deleteServiceTask({ ...restoring, source, numbers }),
    add: addConnectionTask(tools),
    change: changeConnectionTask(restoring),
    remove: removeConnectionTask(restoring),
    dialPlan: changeDialPlanTask(tools),
    import: importCustomerTask,
    reconnect,
  }
  const syncsTrunks = registry.find(SYNC_TRUNKS_JOB) !== null
  const licenses = createLicenseService({
    transact,
    tasks: kinds,
    sbcs,
    passwords,
    secretsOf,
    names,
    profileOf,
    syncsTrunks,
  })
  const serviceWork = createServiceWorkService({ transact, tasks: kinds, numbers })
  const sipConnections = createConnectionService({ transact, tasks: kinds, sbcs, passwords, secretsOf })
  const adoption = createAdoptionService({ transact, source, sbcs })
  return {
    tasks: Object.values(kinds),
    subscribers: followLeads(transact),
    routes: (tasks) => [
      ...licenseRoutes({ licenses, tasks }),
      ...serviceWorkRoutes({ serviceWork, adoption, tasks }),
      ...connectionRoutes({ sipConnections, tasks }),
    ],
  }
}
