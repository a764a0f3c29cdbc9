import { deleteCustomer, importCustomer } from '../../../../contract/customers.ts'
import {
  adoptServices,
  barService,
  type ConnectionModel,
  checkService,
  deleteService,
  previewServiceDeletion,
  unbarService,
} from '../../../../contract/services.ts'
import { badRequest, type FieldError, notFound } from '../../../kernel/errors.ts'
import { isGuid } from '../../../kernel/ids.ts'
import type { OperatorPrincipal } from '../../../kernel/principal.ts'
import { type Answer, type Route, route } from '../../../platform/http/index.ts'
import { readTenantId } from '../../leads/index.ts'
import { customerBodyProblem, customerProblem } from '../../services/index.ts'
import { type TaskService, taskAnswer } from '../../tasks/index.ts'
import type { AdoptionService } from '../adoption.service.ts'
import { readId } from '../customer-request.ts'
import type { ServiceWorkService } from '../service-work.service.ts'
import { documentedTask } from './documented-task.ts'

export type ServiceWorkRouteOptions = { serviceWork: ServiceWorkService; adoption: AdoptionService; tasks: TaskService }

const CUSTOMER_MODELS: Record<string, ConnectionModel> = {
  TENANT_TYPE: 'tenant',
  IPGROUP_TYPE: 'ip-group',
  TENANT_TYPE_GW: 'tenant',
}

/** What is done with a service. */
export function serviceWorkRoutes({ serviceWork, adoption, tasks }: ServiceWorkRouteOptions): Route[] {
  const started = async (principal: OperatorPrincipal, asked: Promise<{ taskId: string }>): Promise<Answer> =>
    taskAnswer(await tasks.started(principal, (await asked).taskId))

  return [
    route(checkService, ({ params }, { principal }) =>
      started(principal, serviceWork.check(principal, params.serviceId)),
    ),
    route(barService, ({ params, body }, { principal }) =>
      started(principal, serviceWork.bar(principal, params.serviceId, body.reason)),
    ),
    route(unbarService, ({ params }, { principal }) =>
      started(principal, serviceWork.unbar(principal, params.serviceId)),
    ),
    route(previewServiceDeletion, async ({ params }, { principal, signal }) => ({
      json: await serviceWork.previewDeletion(principal, params.serviceId, signal),
    })),
    route(deleteService, ({ params, body }, { principal }) =>
      started(principal, serviceWork.delete(principal, params.serviceId, body)),
    ),
    route(
      deleteCustomer,
      async ({ params }, { principal }) => {
        const serviceId = params.customerGuid.trim().toLowerCase()
        const task = isGuid(serviceId) ? await serviceWork.deleteCustomer(principal, serviceId) : null
        if (!task) throw notFound('The customer')
        return documentedTask(task.taskId, 1)
      },
      { presentError: customerProblem },
    ),
    route(
      importCustomer,
      async ({ params, body }, { principal }) => {
        const flaws: FieldError[] = []
        const flaw = (field: string, detail: string) => void flaws.push({ pointer: `/body/${field}`, detail })
        const model = CUSTOMER_MODELS[body.customerType.trim().toUpperCase()]
        if (!model) flaw('customerType', `Not known: give one of ${Object.keys(CUSTOMER_MODELS).join(', ')}.`)
        const tenant = body.customerMsTenantId?.trim()
        const tenantId = tenant ? readTenantId(tenant) : null
        if (tenant && tenantId === null) flaw('customerMsTenantId', 'Must be a tenant id: a GUID.')
        const lcCustomerId = readId(body.lcCustomerId, 'lcCustomerId', flaw)
        if (flaws.length > 0) throw badRequest(flaws)
        const serviceId = params.customerGuid.trim().toLowerCase()
        const asked = { serviceId, tenantId, lcCustomerId, ...(model && { model }) }
        const task = isGuid(serviceId) ? await serviceWork.importCustomer(principal, asked) : null
        if (!task) throw notFound('The customer')
        return documentedTask(task.taskId, task.taskId)
      },
      { presentError: customerBodyProblem },
    ),
    route(adoptServices, async ({ body }, { principal, signal }) => {
      const rows = await adoption.adopt(principal, body, signal)
      const count = (outcome: string) => rows.filter((row) => row.outcome === outcome).length
      return {
        json: { dryRun: body.dryRun ?? false, rows, adopted: count('adopted'), refused: count('refused') },
      }
    }),
  ]
}
