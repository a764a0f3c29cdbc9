import type { Tx } from '../../platform/db/transaction.ts'
import { type StartedTask, startTask, type TaskDefinition, type TaskRequest } from '../../platform/tasks/index.ts'
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
