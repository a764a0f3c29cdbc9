import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import type { Tx } from '../db/transaction.ts'
import { insertSubjectRun } from '../jobs/index.ts'
import { insertTask, nextTaskNumber, storable } from './task.store.ts'
import type { TaskDefinition, TaskIdForm } from './task.ts'
import { insertItems, type NewItem } from './task-item.store.ts'

/** The job that carries every task; runs of it belong to one task each. */
export const WORK_TASK_JOB = 'tasks.work-task-job'
/** More at once are asked to come in parts: each item is a row that is kept with its result. */
export const TASK_ITEMS_MAX = 100_000

export type TaskRequest<Input> = {
  /** For people: "Archive 1,234 leads". */
  title: string
  /** JSON; what the steps need. Never a secret: it is kept as long as the task. */
  input: Input
  /** The one object it is about, so that the object can show it. */
  about?: { type: string; id: string; name?: string | null }
  /** What the step over items goes through, at most TASK_ITEMS_MAX, in this order. */
  items?: readonly NewItem[]
}

/** `taskId` as callers know it. */
export type StartedTask = { taskId: string }

/**
 * Starts a task in the transaction that decides it: it exists when that commits, and a worker begins it within about half a
 * second. It acts as the principal of the transaction, in that scope; the caller has checked its permission, and journals.
 */
export async function startTask<Input>(
  tx: Tx,
  definition: TaskDefinition<Input>,
  { title, input, about, items = [] }: TaskRequest<Input>,
): Promise<StartedTask> {
  if (items.length > TASK_ITEMS_MAX) throw tooManyItems(items.length)
  const { principal, operatorId } = tx
  const taskId = newId()
  const wireId = await wireIdOf(tx, definition.idForm ?? 'wst', taskId)
  await insertTask(tx, {
    operatorId,
    channelId: principal.channelId,
    taskId,
    wireId,
    kind: definition.kind,
    title: storable(title),
    objectType: about?.type ?? null,
    objectId: about?.id ?? null,
    objectName: about?.name == null ? null : storable(about.name),
    input: input as Record<string, unknown>,
    actorKind: principal.kind,
    actorId: principal.id,
    actorName: principal.name,
    sourceIp: principal.sourceIp,
    requestId: storable(principal.requestId),
    steps: definition.steps,
  })
  if (items.length > 0) {
    const stored = items.map(({ objectId, objectName }) => ({
      objectId,
      objectName: objectName && storable(objectName),
    }))
    await insertItems(tx, { operatorId, channelId: principal.channelId, taskId }, stored as NewItem[])
  }
  await queueTask(tx, taskId)
  return { taskId: wireId }
}

/** Gives the task to the next worker. */
export async function queueTask(tx: Tx, taskId: string): Promise<void> {
  const { kind, name } = tx.principal
  const run = { runId: newId(), job: WORK_TASK_JOB, operatorId: tx.operatorId, subject: taskId }
  await insertSubjectRun(tx, { ...run, requestedBy: `${kind} ${name}` })
}

async function wireIdOf(tx: Tx, form: TaskIdForm, taskId: string): Promise<string> {
  return form === 'tsk' ? `tsk_${await nextTaskNumber(tx)}` : `${form}_${taskId}`
}

function tooManyItems(count: number): AppError {
  return new AppError({
    code: 'too-many-items',
    status: 422,
    detail: `${count.toLocaleString('en')} at once are too many: choose at most ${TASK_ITEMS_MAX.toLocaleString('en')}.`,
  })
}
