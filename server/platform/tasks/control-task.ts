import { AppError, notFound } from '../../kernel/errors.ts'
import type { Tx } from '../db/transaction.ts'
import { wakeSubjectRun } from '../jobs/index.ts'
import { byKeeping } from './run-batches.ts'
import { queueTask, WORK_TASK_JOB } from './start-task.ts'
import {
  isOver,
  mayCancel,
  mayRetry,
  mayUndo,
  type Permitted,
  type Standing,
  type TaskSituation,
} from './task.rules.ts'
import {
  type Doer,
  findTask,
  insertMessage,
  lockTask,
  type StepRow,
  saveStep,
  saveTask,
  type TaskRow,
} from './task.store.ts'
import { type AnyTask, isBatch, type TaskItem } from './task.ts'
import { resetItems, undoableItems } from './task-item.store.ts'

export type LockedTask = { task: TaskRow; steps: StepRow[] }
/** Finds the definition of a kind; null for one that this version does not know. */
export type FindKind = (kind: string) => AnyTask | null

export function situationOf({ task, steps }: LockedTask, stands?: Standing): TaskSituation {
  return {
    stands,
    state: task.state,
    undoReason: task.undoReason,
    cancelRequested: task.cancelRequestedAt !== null,
    itemsSucceeded: task.itemsSucceeded,
    itemsSkipped: task.itemsSkipped,
    itemsFailed: task.itemsFailed,
    steps: steps.map(({ name, state, attempts }) => ({ name, state, begun: attempts > 0 })),
  }
}

/** Asks for the task to be cancelled; what was done is undone where its steps can. 409 with the reason where it may not be. */
export async function cancelTask(tx: Tx, wireId: string, find: FindKind): Promise<LockedTask> {
  const locked = await lockOrRefuse(tx, wireId, find, mayCancel)
  const { task } = locked
  Object.assign(task, { cancelRequestedAt: new Date(), takenBackBy: doerOf(tx) })
  await wake(tx, task)
  await say(tx, task, 'Warning', `${tx.principal.name} has asked to cancel.`)
  return locked
}

/**
 * Tries again what failed: items, the step that stopped, the whole task after it was undone, an undoing that got stuck. Whoever
 * asks for it, it goes on in the name of who started it, or had it taken back: it does what they wanted.
 */
export async function retryTask(tx: Tx, wireId: string, find: FindKind): Promise<LockedTask> {
  const locked = await lockOrRefuse(tx, wireId, find, mayRetry)
  const { task, steps } = locked
  const goesOnUndoing = task.state === 'stuck'
  if (!goesOnUndoing) {
    await resetItems(tx, task.taskId)
    Object.assign(task, { undoReason: null, takenBackBy: null })
  }
  for (const step of steps) {
    if (goesOnUndoing) {
      if (step.state === 'undo-failed') Object.assign(step, { state: 'undoing', failures: 0, lost: 0, error: null })
    } else if (step.state !== 'succeeded' || isOverItems(find(task.kind), step)) {
      Object.assign(step, { state: 'pending', failures: 0, lost: 0, error: null, finishedAt: null })
      // Wholly undone: it begins as if it never had.
      if (step.undoFinishedAt) Object.assign(step, { attempts: 0, undoStartedAt: null, undoFinishedAt: null })
    }
    await saveStep(tx, task.taskId, step)
  }
  Object.assign(task, { state: 'queued', error: null, waiting: null, finishedAt: null, cancelRequestedAt: null })
  await wake(tx, task)
  await queueTask(tx, task.taskId)
  await say(tx, task, 'Information', `${tx.principal.name} has it tried again.`)
  return locked
}

/** Items looked at in one go for whether they still are as a task left them. */
const STANDING_PIECE = 1_000

/** Whether anything is as a finished task left it, and can be taken back; undefined where that is nobody's question. */
export async function standsStill(
  tx: Tx,
  { taskId, state, undoReason, input }: TaskRow,
  definition: AnyTask | null,
): Promise<Standing | undefined> {
  if (!definition?.stillStands || undoReason || (state !== 'succeeded' && state !== 'partial')) return undefined
  const step = definition.steps.find((one) => isBatch(one)) ?? {}
  let before: number | undefined
  let isKept = false
  for (;;) {
    const items: TaskItem[] = await undoableItems(tx, taskId, STANDING_PIECE, before)
    if (items.length === 0) return isKept || before === undefined ? false : 'not-kept'
    const { kept } = byKeeping(step, items)
    isKept ||= kept.length > 0
    if (kept.length > 0 && (await definition.stillStands(tx, kept, input))) return true
    before = items.at(-1)?.position
  }
}

/** Takes back a task that stopped at a failure, or one that is done where its kind says that it can be. */
export async function undoTask(tx: Tx, wireId: string, find: FindKind): Promise<LockedTask> {
  const found = await findTask(tx, wireId)
  const stands = found ? await standsStill(tx, found, find(found.kind)) : undefined
  const locked = await lockOrRefuse(tx, wireId, find, (task, definition) => mayUndo({ ...task, stands }, definition))
  const { task } = locked
  const undo = { undoReason: 'asked', takenBackBy: doerOf(tx) }
  Object.assign(task, { state: 'queued', ...undo, waiting: null, finishedAt: null })
  await wake(tx, task)
  await queueTask(tx, task.taskId)
  await say(tx, task, 'Warning', `${tx.principal.name} has it undone.`)
  return locked
}

/**
 * Tells a task something from outside: a person ticked off a script, a device answered. Kept in `context.signals` under the
 * name, and a waiting step looks at once. False when the task is not there or over. By its wire id.
 */
export async function sendSignal(tx: Tx, wireId: string, name: string, value: unknown): Promise<boolean> {
  const found = await findTask(tx, wireId)
  const locked = found && (await lockTask(tx, found.taskId))
  if (!locked || isOver(locked.task.state)) return false
  locked.task.signals = { ...locked.task.signals, [name]: value }
  await wake(tx, locked.task)
  return true
}

async function lockOrRefuse(
  tx: Tx,
  wireId: string,
  find: FindKind,
  may: (task: TaskSituation, definition: AnyTask | null) => Permitted,
): Promise<LockedTask> {
  const found = await findTask(tx, wireId)
  const locked = found && (await lockTask(tx, found.taskId))
  if (!locked) throw notFound('This task')
  const verdict = may(situationOf(locked), find(locked.task.kind))
  if (!verdict.allowed) throw new AppError({ code: 'task-state', status: 409, detail: verdict.reason })
  return locked
}

function doerOf({ principal }: Tx): Doer {
  const { kind, id, name, sourceIp } = principal
  return { actorKind: kind, actorId: id, actorName: name, sourceIp }
}

async function wake(tx: Tx, task: TaskRow): Promise<void> {
  task.wakes += 1
  await saveTask(tx, task)
  await wakeSubjectRun(tx, WORK_TASK_JOB, task.operatorId, task.taskId)
}

function say(tx: Tx, task: TaskRow, level: 'Information' | 'Warning', message: string): Promise<void> {
  return insertMessage(tx, task, { level, step: null, message })
}

function isOverItems(definition: AnyTask | null, step: StepRow): boolean {
  const of = definition?.steps[step.position - 1]
  return of !== undefined && !('run' in of)
}
