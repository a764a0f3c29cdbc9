import { AppError, notFound } from '../../kernel/errors.ts'
import type { Tx } from '../../platform/db/transaction.ts'
import type { TaskDefinition } from '../../platform/tasks/index.ts'
import { type Permitted, type Service, serviceStore } from '../services/index.ts'
import { requestTask } from '../tasks/index.ts'

/**
 * Starts a task that works on one service, which is its own from now on until `releaseService`. Throws 404, or 409 with what
 * `may` says.
 */
export async function startOnService<Input>(
  tx: Tx,
  task: TaskDefinition<Input>,
  serviceId: string,
  asked: {
    may: (service: Service) => Permitted
    title: (service: Service) => string
    input: (service: Service) => Input
  },
): Promise<{ taskId: string }> {
  const service = await serviceStore(tx).lock(serviceId)
  if (!service) throw notFound('The service')
  const verdict = asked.may(service)
  if (!verdict.ok) throw new AppError({ code: verdict.code, status: 409, detail: verdict.reason })
  const started = await requestTask(tx, task, {
    title: asked.title(service),
    input: asked.input(service),
    about: { type: 'service', id: serviceId, name: service.fullName },
  })
  await serviceStore(tx).update(service, { taskId: started.taskId })
  return started
}

/** The service is nobody's again; one that another task has by now stays with that one. */
export async function releaseService(tx: Tx, serviceId: string, taskId: string): Promise<void> {
  const service = await serviceStore(tx).lock(serviceId)
  if (service?.taskId === taskId) await serviceStore(tx).update(service, { taskId: null })
}
