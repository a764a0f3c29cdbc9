import type { WireServiceDeletion } from '../../../contract/services.ts'
import { AppError, badRequest, notFound } from '../../kernel/errors.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { Transact, Tx } from '../../platform/db/transaction.ts'
import { findTask, isOver, type TaskDefinition } from '../../platform/tasks/index.ts'
import { leadLicense } from '../leads/index.ts'
import {
  foldShortName,
  mayBar,
  mayDelete,
  mayUnbar,
  mayWorkOn,
  type Service,
  type SipConnection,
  serviceStore,
  sipConnectionStore,
} from '../services/index.ts'
import { requestRetry, requestTask } from '../tasks/index.ts'
import type { Barring } from './bar-service.task.ts'
import type { CheckInput } from './check-service.task.ts'
import { beginDeletion, type Deletion } from './delete-service.task.ts'
import type { ImportAsked } from './import-customer.task.ts'
import { startOnService } from './service-task.ts'
import { releaseFirst, type TenantNumbers } from './tenant-numbers.ts'

export type ServiceWorkTasks = {
  check: TaskDefinition<CheckInput>
  bar: TaskDefinition<Barring>
  unbar: TaskDefinition<Barring>
  delete: TaskDefinition<Deletion>
  import: TaskDefinition<ImportAsked>
}

export type ServiceWorkService = ReturnType<typeof createServiceWorkService>

/** Starts what is done with a service: check, bar, delete. Each answers the id of its task. */
export function createServiceWorkService(options: {
  transact: Transact
  tasks: ServiceWorkTasks
  numbers: TenantNumbers
}) {
  const { transact, tasks, numbers } = options

  return {
    check: (principal: OperatorPrincipal, serviceId: string) =>
      transact(principal, async (tx) => {
        const service = await find(tx, serviceId)
        const verdict = mayWorkOn(service)
        if (!verdict.ok) throw new AppError({ code: verdict.code, status: 409, detail: verdict.reason })
        // It changes nothing but its own result, so the service is not taken for it.
        return requestTask(tx, tasks.check, {
          title: `Check ${service.fullName}`,
          input: { serviceId },
          about: { type: 'service', id: serviceId, name: service.fullName },
        })
      }),

    bar: (principal: OperatorPrincipal, serviceId: string, reason: string) =>
      transact(principal, async (tx) => {
        const connections = await sipConnectionStore(tx).ofService(serviceId)
        return startOnService(tx, tasks.bar, serviceId, {
          may: (service) => mayBar(service, connections.some(isBarrable)),
          title: (service) => `Bar ${service.fullName}`,
          input: () => ({ serviceId, reason: reason.replace(/\p{Cc}+/gu, ' ').trim() }),
        })
      }),

    unbar: (principal: OperatorPrincipal, serviceId: string) =>
      transact(principal, (tx) =>
        startOnService(tx, tasks.unbar, serviceId, {
          may: mayUnbar,
          title: (service) => `Let ${service.fullName} call again`,
          input: () => ({ serviceId, reason: '' }),
        }),
      ),

    /** What would be gone, and whether it may be. Asks Microsoft for numbers. */
    async previewDeletion(
      principal: OperatorPrincipal,
      serviceId: string,
      signal: AbortSignal,
    ): Promise<WireServiceDeletion> {
      const { service, connections } = await transact(principal, async (tx) => ({
        service: await find(tx, serviceId),
        connections: await sipConnectionStore(tx).ofService(serviceId),
      }))
      const count = await numbers.count(principal, service.tenantId, signal).catch((error) => {
        // Seen here only to be told: the task asks again, and stops where it gets no answer.
        if (error instanceof AppError && error.status === 503) return null
        throw error
      })
      const verdict = mayDelete(service)
      const reasons = verdict.ok ? [] : [verdict.reason]
      if (count !== null && count > 0) reasons.push(releaseFirst(count))
      return { allowed: reasons.length === 0, reasons, lost: lostWith(service, connections), numbersAtMicrosoft: count }
    },

    /** With the short name once more, as a confirmation. */
    delete: (
      principal: OperatorPrincipal,
      serviceId: string,
      asked: { shortName: string; terminateContract?: { reason: string } },
    ) =>
      transact(principal, async (tx) => {
        const service = await find(tx, serviceId)
        if (foldShortName(asked.shortName.trim()) !== foldShortName(service.shortName)) {
          const detail = 'This is not the short name of the service: nothing was deleted.'
          throw badRequest([{ pointer: '/body/shortName', detail }])
        }
        const terminate = asked.terminateContract ? { reason: asked.terminateContract.reason.trim() } : null
        return startDeletion(tx, service, terminate)
      }),

    /**
     * The documented one: one that is being deleted already stays with the task that does it, and where that has stopped it is
     * tried again. Null: there is none. Throws 409 where the task may not be tried again.
     */
    deleteCustomer: (principal: OperatorPrincipal, serviceId: string): Promise<{ taskId: string } | null> =>
      transact(principal, async (tx) => {
        const service = await serviceStore(tx).lock(serviceId)
        if (!service || service.state === 'Creating') return null
        if (service.state === 'Deleting' && service.taskId !== null) {
          const task = await findTask(tx, service.taskId)
          if (task && isOver(task.state)) await requestRetry(tx, tasks.delete, service.taskId)
          return { taskId: service.taskId }
        }
        return startDeletion(tx, service, null)
      }),

    /** Starts taking a customer into the books: it is here, or its tenant names a lead. Null: neither. */
    importCustomer: (principal: OperatorPrincipal, asked: ImportAsked): Promise<{ taskId: string } | null> =>
      transact(principal, async (tx) => {
        const service = await serviceStore(tx).find(asked.serviceId)
        const [lead] = asked.tenantId === null || service ? [] : await leadLicense.ofTenant(tx, asked.tenantId)
        if (!service && !lead) return null
        const name = service?.fullName ?? lead?.companyName ?? asked.serviceId
        return requestTask(tx, tasks.import, {
          title: `Take ${name} into the books`,
          input: asked,
          about: { type: 'service', id: asked.serviceId, name },
        })
      }),
  }

  async function startDeletion(tx: Tx, service: Service, terminate: Deletion['terminate']) {
    const verdict = mayDelete(service)
    if (!verdict.ok) throw new AppError({ code: verdict.code, status: 409, detail: verdict.reason })
    const { serviceId, leadId, tenantId, shortName } = service
    const input: Deletion = { serviceId, leadId, tenantId, shortName, terminate }
    const started = await requestTask(tx, tasks.delete, {
      title: `Delete ${service.fullName}`,
      input,
      about: { type: 'lead', id: leadId, name: service.fullName },
    })
    await beginDeletion(tx, input, started.taskId)
    return started
  }
}

async function find(tx: Tx, serviceId: string): Promise<Service> {
  const service = await serviceStore(tx).find(serviceId)
  if (!service) throw notFound('The service')
  return service
}

function isBarrable({ model, deployment }: SipConnection): boolean {
  return model === 'ip-group' && deployment === 'Deployed'
}

function lostWith(service: Service, connections: SipConnection[]): WireServiceDeletion['lost'] {
  const onDevices = connections.filter(({ sbcId }) => sbcId !== null)
  const users = service.licensedUsers ?? 0
  return [
    { kind: 'license', text: `The license ${service.license}`, count: 1 },
    { kind: 'sip-connections', text: connections.map(({ name }) => name).join(', '), count: connections.length },
    ...(onDevices.length > 0
      ? [{ kind: 'sbc-objects', text: 'What they have on SBCs, with its dial plan entries', count: onDevices.length }]
      : []),
    ...(users > 0 ? [{ kind: 'licensed-users', text: 'Licensed users', count: users }] : []),
  ]
}
