import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { TransactJointly, Tx } from '../db/transaction.ts'
import { emit } from '../events/index.ts'
import { defineJob, type JobDefinition, type RunContext } from '../jobs/index.ts'
import { type FindKind, situationOf } from './control-task.ts'
import { runStep, type StepOutcome, undoStep } from './run-step.ts'
import { WORK_TASK_JOB } from './start-task.ts'
import { judgeStep, lostTooOften, type Move, nextMove } from './task.rules.ts'
import { insertMessage, lockTask, type StepRow, saveStep, saveTask, type TaskRow } from './task.store.ts'
import { type AnyTask, isLocal, type TaskError, type TaskState, Wait } from './task.ts'

/** For one attempt of the job, not of a task: a long task is taken up again by the next one. */
const ATTEMPT_SECONDS = 6 * 3_600
const DEFAULT_MAX_FAILURES = 5
/** About an hour: what cannot be taken back is left half done, and somebody has to look. */
const UNDO_MAX_FAILURES = 20

/** The job under every task: takes it from where it is to where it can get, step by step. */
export function workTaskJob(find: FindKind, transactJointly: TransactJointly): JobDefinition {
  return defineJob({
    name: WORK_TASK_JOB,
    summary: 'Works at one task',
    scope: 'each-operator',
    timeoutSeconds: ATTEMPT_SECONDS,
    // Steps count their failures themselves. What fails here is the database, and that comes back.
    maxFailures: Number.POSITIVE_INFINITY,
    run: (run) => work(run, find, transactJointly),
  })
}

type Live = { task: TaskRow; steps: StepRow[]; definition: AnyTask }
/** What came of the move before; null: this attempt has just begun. */
type Report = {
  move: Exclude<Move, { kind: 'end' }>
  outcome: StepOutcome
  /** Items were settled: failures begin to count anew. */
  progressed: boolean
  seenWakes: number
} | null
type Next = { live: Live; move: Exclude<Move, { kind: 'end' }> } | null

async function work(run: RunContext, find: FindKind, transactJointly: TransactJointly): Promise<void> {
  let report: Report = null
  for (;;) {
    const next: Next = await transactJointly(run.principal, () => advanceToOutside(run, find, report))
    if (!next) return
    report = await perform(run, next)
  }
}

/** To the next step that may call outside; those before it that only write the database are done in the same transaction. */
async function advanceToOutside(run: RunContext, find: FindKind, from: Report): Promise<Next> {
  let report = from
  for (;;) {
    const next: Next = await run.transact((tx) => advance(tx, run, find, report))
    const step = next?.live.definition.steps[next.move.step]
    if (!next || !step || !isLocal(step)) return next
    report = await perform(run, next)
  }
}

async function perform(run: RunContext, { live, move }: Exclude<Next, null>): Promise<Report> {
  const step = live.steps[move.step] as StepRow
  const of = live.definition.steps[move.step] as AnyTask['steps'][number]
  const setting = { run, task: live.task, step, principal: principalOf(live.task, move), progressed: false }
  const outcome = move.kind === 'run' ? await runStep(of, setting) : await undoStep(of, setting)
  return { move, outcome, progressed: setting.progressed, seenWakes: live.task.wakes }
}

/** One transaction between two steps: what came of the last one, and the beginning of the next. Null: nothing to do now. */
async function advance(tx: Tx, run: RunContext, find: FindKind, report: Report): Promise<Next> {
  const locked = await lockTask(tx, run.subject)
  if (!locked) {
    // Removed with all that belongs to it.
    await run.finish(tx)
    return null
  }
  const definition = find(locked.task.kind)
  if (!definition || definition.steps.length !== locked.steps.length) {
    await end(tx, run, definition, locked.task, 'failed', unknownKind(locked.task.kind))
    return null
  }
  const live: Live = { ...locked, definition }
  const pauseMs = report ? await apply(tx, live, report) : null
  if (pauseMs !== null) {
    await saveTask(tx, live.task)
    await run.postpone(tx, pauseMs)
    return null
  }
  for (;;) {
    const move = nextMove(situationOf(live), definition)
    if (move.kind === 'end') {
      live.task.undoReason = move.undoReason
      const isWanted = move.state === 'succeeded' || (move.state === 'cancelled' && move.undoReason === 'asked')
      await end(tx, run, definition, live.task, move.state, isWanted ? null : errorOf(live))
      return null
    }
    const step = live.steps[move.step] as StepRow
    if (report === null && run.takenOver && isAtWork(step)) step.lost += 1
    const lost = lostTooOften(step.lost)
    if (!lost) {
      await begin(tx, live, move, step)
      return { live, move }
    }
    await fail(tx, live, move, judgeStep(lost, step, new Date(), 0).error)
  }
}

function isAtWork(step: StepRow): boolean {
  return step.state === 'running' || step.state === 'undoing'
}

async function begin(
  tx: Tx,
  { task, steps }: Live,
  move: Exclude<Move, { kind: 'end' }>,
  step: StepRow,
): Promise<void> {
  const now = new Date()
  task.startedAt ??= now
  task.waiting = null
  if (move.kind === 'run') {
    task.state = 'running'
    step.state = 'running'
    step.attempts += 1
    step.startedAt ??= now
  } else {
    task.undoReason ??= move.reason
    task.state = 'undoing'
    step.state = 'undoing'
    step.undoStartedAt ??= now
    // Failures of its doing say nothing about its undoing.
    if (step.undoStartedAt === now) Object.assign(step, { failures: 0, lost: 0 })
  }
  await saveTask(tx, task)
  await saveStep(tx, task.taskId, steps[move.step] as StepRow)
}

/** Puts down what came of a step; milliseconds when the task pauses now. */
async function apply(
  tx: Tx,
  live: Live,
  { move, outcome, progressed, seenWakes }: Exclude<Report, null>,
): Promise<number | null> {
  const { task, steps, definition } = live
  const step = steps[move.step] as StepRow
  const now = new Date()
  // A cancel or a signal that came meanwhile must be looked at before anybody sleeps.
  const isAwake = task.wakes !== seenWakes
  if (outcome.kind === 'done') {
    if (move.kind === 'run') {
      Object.assign(step, { state: 'succeeded', finishedAt: now })
      Object.assign(task.output, outcome.output)
    } else Object.assign(step, { state: 'undone', undoFinishedAt: now })
    Object.assign(step, { failures: 0, lost: 0, error: null })
    await saveStep(tx, task.taskId, step)
    return null
  }
  if (outcome.kind === 'stopped') return null
  if (outcome.value instanceof Wait) {
    const { reason, forSeconds } = outcome.value
    const until = new Date(now.getTime() + forSeconds * 1_000).toISOString()
    Object.assign(step, { state: 'waiting', failures: 0, lost: 0, error: null })
    Object.assign(task, { state: 'waiting', waiting: { reason, until } })
    await saveStep(tx, task.taskId, step)
    return isAwake ? null : forSeconds * 1_000
  }
  const of = definition.steps[move.step]
  const failures = progressed ? 0 : step.failures
  const verdict = judgeStep(outcome.value, { failures, maxFailures: patienceOf(of, move) }, now, Math.random())
  step.failures = verdict.failures
  if (verdict.kind === 'fail') {
    await fail(tx, live, move, verdict.error)
    return null
  }
  step.error = verdict.error
  await saveStep(tx, task.taskId, step)
  await insertMessage(tx, task, { level: 'Warning', step: step.name, message: verdict.error.message })
  task.waiting = { reason: verdict.error.message, until: verdict.error.retryAt }
  return isAwake && task.cancelRequestedAt ? null : verdict.delayMs
}

function patienceOf(step: AnyTask['steps'][number] | undefined, move: Move): number {
  const patience = step?.maxFailures ?? DEFAULT_MAX_FAILURES
  return move.kind === 'undo' ? Math.max(patience, UNDO_MAX_FAILURES) : patience
}

/** A step that failed for good; what becomes of the task is the next move's. */
async function fail(
  tx: Tx,
  { task, steps }: Live,
  move: Exclude<Move, { kind: 'end' }>,
  error: TaskError,
): Promise<void> {
  const step = steps[move.step] as StepRow
  const state = move.kind === 'run' ? 'failed' : 'undo-failed'
  // Workers that were lost while it was done say nothing about its undoing, nor the other way round.
  Object.assign(step, { state, lost: 0, finishedAt: new Date(), error })
  task.error = error
  await saveStep(tx, task.taskId, step)
  await insertMessage(tx, task, { level: 'Error', step: step.name, message: error.message })
}

async function end(
  tx: Tx,
  run: RunContext,
  definition: AnyTask | null,
  task: TaskRow,
  state: TaskState,
  error: TaskError | null,
): Promise<void> {
  Object.assign(task, { state, error, waiting: null, finishedAt: new Date() })
  await tellTakenBack(tx, task)
  task.startedAt ??= task.finishedAt
  await saveTask(tx, task)
  const { undoReason, input, output } = task
  await definition?.onEnd?.(tx, { taskId: task.wireId, state, undoReason, error, input, output })
  const {
    wireId,
    kind,
    title,
    channelId,
    objectType,
    objectId,
    itemsTotal,
    itemsSucceeded,
    itemsFailed,
    itemsSkipped,
  } = task
  await emit(tx, {
    name: 'task.finished',
    channelId,
    key: `task/${wireId}`,
    actor: `${task.actorKind}/${task.actorId}`,
    payload: {
      taskId: wireId,
      kind,
      title,
      state,
      ...(objectId !== null && { objectType, objectId }),
      items: { total: itemsTotal, succeeded: itemsSucceeded, failed: itemsFailed, skipped: itemsSkipped },
      error: error?.code ?? null,
    },
  })
  await run.finish(tx)
}

/** How much of it was taken back: what has changed since stays. */
async function tellTakenBack(tx: Tx, task: TaskRow): Promise<void> {
  const { undoReason, itemsUndone, itemsNotUndone } = task
  if (!undoReason || itemsUndone + itemsNotUndone === 0) return
  const undone = `${itemsUndone.toLocaleString('en')} taken back`
  const stay = itemsNotUndone === 1 ? '1 stays as it is' : `${itemsNotUndone.toLocaleString('en')} stay as they are`
  await insertMessage(tx, task, {
    ...{ level: itemsNotUndone > 0 ? 'Warning' : 'Information', step: null },
    message: itemsNotUndone > 0 ? `${undone}, ${stay}: the results say why.` : `${undone}.`,
  })
}

/** Why a task did not succeed: its step's error, or that of its items. */
function errorOf({ task, steps }: Live): TaskError | null {
  const failed = steps.findLast(
    (step) => step.error !== null && (step.state === 'undo-failed' || step.state === 'failed'),
  )
  if (failed?.error) return failed.error
  if (task.error) return task.error
  if (task.itemsFailed === 0 || task.state === 'undoing') return null
  return {
    code: 'items-failed',
    message: `${task.itemsFailed.toLocaleString('en')} of ${task.itemsTotal.toLocaleString('en')} failed.`,
    remedy: 'See why with each of them, then retry the task: only those that failed are tried again.',
    retryAt: null,
  }
}

function unknownKind(kind: string): TaskError {
  return {
    code: 'task-kind-unknown',
    message: `This version of Leadline does not know the task ${kind} in this form.`,
    remedy: 'Start it anew, or go back to the version that started it.',
    retryAt: null,
  }
}

/**
 * In the name of who asked: for the doing who started it, for the undoing who had it taken back. Always in the scope of who
 * started it. Permissions were checked when it was asked for, so none is left to be used.
 */
function principalOf(task: TaskRow, { kind }: Move): OperatorPrincipal {
  const { actorKind, actorId, actorName, sourceIp } = (kind === 'undo' ? task.takenBackBy : null) ?? task
  return {
    kind: actorKind,
    id: actorId,
    name: actorName,
    operatorId: task.operatorId,
    channelId: task.channelId,
    permissions: new Set(),
    requestId: task.wireId,
    sourceIp,
  }
}
