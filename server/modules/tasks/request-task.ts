import type { Tx } from '../../platform/db/transaction.ts'
import {
  findTask,
  retryTask,
  type StartedTask,
  startTask,
  type TaskDefinition,
  type TaskRequest,
} from '../../platform/tasks/index.ts'
import { journal } from '../audit/index.ts'

/** Starts a task in the transaction that decides it, and says so in the journal; see `startTask`. */
export async function requestTask<Input>(
  tx: Tx,
  definition: TaskDefinition<Input>,
  request: TaskRequest<Input>,
): Promise<StartedTask> {
  const started = await startTask(tx, definition, request)
  await journal(tx).append({
    action: 'task.requested',
    object: { type: 'task', id: started.taskId, name: request.title },
    after: { kind: definition.kind, ...(request.items && { items: request.items.length }) },
  })
  return started
}

/** Has a task tried again in the transaction that decides it, and says so in the journal. Throws 409 where it may not be. */
export async function requestRetry<Input>(tx: Tx, definition: TaskDefinition<Input>, wireId: string): Promise<void> {
  const before = await findTask(tx, wireId)
  const { task } = await retryTask(tx, wireId, (kind) => (kind === definition.kind ? definition : null))
  await journal(tx).append({
    action: 'task.retry-requested',
    object: { type: 'task', id: wireId, name: task.title },
    before: { state: before?.state ?? null },
  })
}
