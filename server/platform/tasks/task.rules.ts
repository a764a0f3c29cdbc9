import { AppError } from '../../kernel/errors.ts'
import { type FailureVerdict, judgeFailure } from '../jobs/index.ts'
import { type AnyTask, isBatch, isUndoable, type StepState, type TaskState, type UndoReason } from './task.ts'

/** `not-kept`: an earlier version did it, and did not keep what was before. */
export type Standing = boolean | 'not-kept'

/** What decides how a task goes on. */
export type TaskSituation = {
  state: TaskState
  undoReason: UndoReason | null
  cancelRequested: boolean
  itemsSucceeded: number
  itemsSkipped: number
  itemsFailed: number
  /** Whether anything is still as the task left it; left out: nobody has looked. */
  stands?: Standing | undefined
  /** In order. */
  steps: { name: string; state: StepState; begun: boolean }[]
}

export type Move =
  | { kind: 'run'; step: number }
  | { kind: 'undo'; step: number; reason: UndoReason }
  | { kind: 'end'; state: TaskState; undoReason: UndoReason | null }

/** The next move of a task. Pure: the same situation gives the same move, also after a crash. */
export function nextMove(task: TaskSituation, definition: AnyTask): Move {
  const current = task.steps.findIndex((step) => step.state !== 'succeeded')
  const cancels = task.cancelRequested && current >= 0 && definition.steps[current]?.notCancellable === undefined
  const reason = task.undoReason ?? (cancels ? 'cancel' : null)
  if (reason) return undoMove(task, definition, reason)
  if (current >= 0) {
    if (task.steps[current]?.state !== 'failed') return { kind: 'run', step: current }
    if (definition.onFailure === 'stop') return { kind: 'end', state: 'failed', undoReason: null }
    return undoMove(task, definition, 'failure')
  }
  return { kind: 'end', state: endState(task), undoReason: null }
}

/** Steps that were begun are taken back, the last one first; also the one that failed, of which nobody knows how far it got. */
function undoMove(task: TaskSituation, definition: AnyTask, reason: UndoReason): Move {
  for (let step = task.steps.length - 1; step >= 0; step--) {
    const is = task.steps[step]
    const of = definition.steps[step]
    if (!is || !of || !is.begun || is.state === 'undone' || !isUndoable(of)) continue
    if (is.state === 'undo-failed') return { kind: 'end', state: 'stuck', undoReason: reason }
    return { kind: 'undo', step, reason }
  }
  // One that stops at failures can be retried after it was taken back; another one has ended as somebody wanted it.
  const isWanted = reason === 'cancel' || (reason === 'asked' && definition.onFailure !== 'stop')
  return { kind: 'end', state: isWanted ? 'cancelled' : 'failed', undoReason: reason }
}

function endState({ itemsFailed, itemsSucceeded, itemsSkipped }: TaskSituation): TaskState {
  if (itemsFailed === 0) return 'succeeded'
  return itemsSucceeded + itemsSkipped > 0 ? 'partial' : 'failed'
}

export type Permitted = { allowed: true } | { allowed: false; reason: string }

const OVER: ReadonlySet<TaskState> = new Set(['succeeded', 'partial', 'failed', 'cancelled', 'stuck'])

/** Whether the task has come to an end, if only until somebody retries it. */
export function isOver(state: TaskState): boolean {
  return OVER.has(state)
}

const OVER_WORDS: Partial<Record<TaskState, string>> = {
  succeeded: 'It has succeeded already.',
  partial: 'It is done already.',
  failed: 'It has failed already.',
  cancelled: 'It is cancelled already.',
  stuck: 'It is over already.',
}

export function mayCancel(task: TaskSituation, definition: AnyTask | null): Permitted {
  if (isOver(task.state)) return { allowed: false, reason: OVER_WORDS[task.state] ?? 'It is over.' }
  if (task.cancelRequested) return { allowed: false, reason: 'It is being cancelled already.' }
  if (task.undoReason) return { allowed: false, reason: 'It is being undone already.' }
  const current = task.steps.findIndex((step) => step.state !== 'succeeded')
  const refusal = current < 0 ? 'It is about to end.' : definition?.steps[current]?.notCancellable
  return refusal === undefined ? { allowed: true } : { allowed: false, reason: refusal }
}

/** What failed can be tried again: items, a step that stopped, a task that was undone, an undoing that got stuck. */
export function mayRetry(task: TaskSituation, definition: AnyTask | null): Permitted {
  if (!isOver(task.state)) return { allowed: false, reason: 'It is still at work.' }
  if (!definition) return { allowed: false, reason: 'This version of Leadline does not know this kind of task.' }
  if (task.state === 'succeeded') return { allowed: false, reason: 'Nothing of it has failed.' }
  if (task.state === 'cancelled') return { allowed: false, reason: 'It was cancelled: start it anew.' }
  return { allowed: true }
}

/** Rolling back a task that stopped at a failure (`onFailure: 'stop'`), or one that is done and says that it can be. */
export function mayUndo(task: TaskSituation, definition: AnyTask | null): Permitted {
  if (!isOver(task.state)) return { allowed: false, reason: 'It is still at work: cancel it instead.' }
  if (task.undoReason) return { allowed: false, reason: 'It was taken back already.' }
  if (task.state === 'succeeded' || task.state === 'partial') return mayUndoDone(task, definition)
  if (task.state !== 'failed') return { allowed: false, reason: 'There is nothing to undo.' }
  const begun = definition?.steps.filter((step, i) => isUndoable(step) && task.steps[i]?.begun) ?? []
  const some = begun.some((step) => !isBatch(step) || task.itemsSucceeded > 0)
  if (!some && begun.length > 0) return { allowed: false, reason: 'There is nothing to undo.' }
  return some ? { allowed: true } : { allowed: false, reason: 'None of its steps can be undone.' }
}

/** Why what an earlier version did stays. */
export const NOT_KEPT = 'Done by an earlier version, which did not keep what was before.'

function mayUndoDone({ itemsSucceeded, stands }: TaskSituation, definition: AnyTask | null): Permitted {
  if (!definition?.stillStands) return { allowed: false, reason: 'What it did cannot be taken back at once.' }
  if (itemsSucceeded === 0) return { allowed: false, reason: 'There is nothing to undo.' }
  if (stands === 'not-kept') return { allowed: false, reason: NOT_KEPT }
  if (stands === false) return { allowed: false, reason: 'All that it did has been changed since.' }
  return { allowed: true }
}

/** Workers that may vanish in a row at one step without its getting further, until the step itself is the suspect. */
const MAX_LOST_WORKERS = 5

/** What becomes of a step whose attempt failed; like a job's, but a refusal is final: asking again changes nothing. */
export function judgeStep(
  thrown: unknown,
  step: { failures: number; maxFailures?: number },
  now: Date,
  random: number,
): FailureVerdict {
  const refused = thrown instanceof AppError && thrown.status < 500 && thrown.retryAfterSeconds === undefined
  const maxFailures = refused ? 1 : step.maxFailures
  const job = maxFailures === undefined ? {} : { maxFailures }
  const verdict = judgeFailure(thrown, { failures: step.failures, progressed: false }, job, now, random)
  // The words of a program are for its log, not for people.
  const error = verdict.error.code === 'unexpected-error' ? { ...verdict.error, message: UNEXPECTED } : verdict.error
  const ownRemedy = (thrown as { remedy?: unknown } | null | undefined)?.remedy
  if (verdict.kind === 'retry' || typeof ownRemedy === 'string') return { ...verdict, error }
  return { ...verdict, error: { ...error, remedy: finalRemedy(thrown) } }
}

const UNEXPECTED = 'Something went wrong on our side. The log of the worker says what, under the id of this task.'

/** What to do about a failure of which the error itself does not say it. */
function finalRemedy(thrown: unknown): string {
  if (thrown instanceof AppError)
    return `Put right what it says, then retry the task. See docs/errors/${thrown.code}.md.`
  return 'This should not happen. Retry the task; if it fails again, report it with the id of the task and the log of the worker.'
}

/** The error of a step under which workers keep vanishing; null while it may be tried again. */
export function lostTooOften(lost: number): Error | null {
  if (lost < MAX_LOST_WORKERS) return null
  return Object.assign(new Error(`${lost} workers in a row ended in the middle of this step.`), {
    code: 'worker-lost',
    retryable: false,
    remedy: 'Look at the log of the worker for why it ends (memory, a crash), then retry the task.',
  })
}
