import type { WireDocumentedTask, WireTask, WireTaskDetail, WireTaskItem } from '../../../contract/tasks.ts'
import {
  type ItemRow,
  isOver,
  type MessageRow,
  mayCancel,
  mayRetry,
  mayUndo,
  type StepRow,
  situationOf,
  type TaskState,
} from '../../platform/tasks/index.ts'
import type { ShownTask } from './task.service.ts'

/** A task as the API shows it at the moment `now`. */
export function toWireTask(shown: ShownTask, now: Date): WireTask {
  const { task, steps, definition } = shown
  const situation = situationOf(shown, shown.stands)
  return {
    id: task.wireId,
    kind: task.kind,
    title: task.title,
    state: task.state,
    about: task.objectId === null ? null : { type: task.objectType ?? '', id: task.objectId, name: task.objectName },
    channelId: task.channelId,
    requestedBy: { kind: task.actorKind, id: task.actorId, name: task.actorName },
    requestId: task.requestId,
    createdAt: task.createdAt.toISOString(),
    startedAt: iso(task.startedAt),
    finishedAt: iso(task.finishedAt),
    durationSeconds: seconds(task.startedAt, task.finishedAt ?? now),
    step: currentStep(steps, task.state),
    waiting: isOver(task.state) ? null : task.waiting,
    progress: progressOf(shown, now),
    items: itemsOf(shown),
    cancelRequested: task.cancelRequestedAt !== null,
    undone: task.undoReason,
    error: task.error,
    actions: {
      cancel: mayCancel(situation, definition),
      retry: mayRetry(situation, definition),
      undo: mayUndo(situation, definition),
    },
  }
}

export function toWireTaskDetail(shown: ShownTask & { messages: MessageRow[] }, now: Date): WireTaskDetail {
  return {
    ...toWireTask(shown, now),
    output: shown.task.output,
    steps: shown.steps.map((step) => ({
      name: step.name,
      title: step.title,
      state: step.state,
      attempts: step.attempts,
      startedAt: iso(step.startedAt),
      finishedAt: iso(step.finishedAt),
      durationSeconds: step.finishedAt && seconds(step.startedAt, step.finishedAt),
      undoneAt: iso(step.undoFinishedAt),
      error: step.error,
    })),
    messages: shown.messages.map(({ at, ...message }) => ({ at: at.toISOString(), ...message })),
  }
}

export function toWireItem(item: ItemRow): WireTaskItem {
  const { position, finishedAt, ...rest } = item
  return { number: position, ...rest, finishedAt: iso(finishedAt) }
}

const STATUS: Record<TaskState, WireDocumentedTask['status']> = {
  queued: 'InProgress',
  running: 'InProgress',
  waiting: 'InProgress',
  undoing: 'InProgress',
  succeeded: 'CompletedSuccess',
  partial: 'CompletedWithErrors',
  failed: 'Failed',
  cancelled: 'Cancelled',
  stuck: 'Failed',
}

/** The documented object. What went wrong is its last message, since it has no other place for it. Source: rest-api.md 2.7. */
export function toDocumentedTask(shown: ShownTask & { messages: MessageRow[] }): WireDocumentedTask {
  const { task, messages } = shown
  const { done, total } = overallProgress(shown)
  const { totalNumbersCount } = task.output
  const told = messages.map(({ level, message }) => ({ level, message }))
  const error = task.error && told.at(-1)?.message !== task.error.message ? [task.error] : []
  return {
    id: task.wireId,
    status: STATUS[task.state],
    details: detailsOf(shown),
    executionMessages: [...told, ...error.map(({ message }) => ({ level: 'Error' as const, message }))],
    outputData: task.output,
    createTime: task.createdAt.toISOString(),
    completeTime: iso(task.finishedAt),
    cancellationRequested: task.cancelRequestedAt !== null,
    ...(typeof totalNumbersCount === 'number' && { totalNumbersCount }),
    progress: { done, total, percent: total === 0 ? 0 : Math.floor((done / total) * 100) },
  }
}

/** What came of it, which is nothing before it is done, and when it failed. Source: rest-api.md 2.7. */
function detailsOf({ task, definition }: ShownTask): (string | null)[] {
  if (!definition?.details) return [task.title]
  return task.state === 'succeeded' || task.state === 'partial' ? definition.details(task.output) : [null]
}

/** When to ask again; null: it is over. */
export function retryAfterSeconds({ task }: ShownTask, now: Date): number | null {
  if (isOver(task.state)) return null
  const age = (now.getTime() - task.createdAt.getTime()) / 1_000
  const usual = age < 10 ? 1 : age < 60 ? 2 : 5
  const until = task.waiting?.until ? (Date.parse(task.waiting.until) - now.getTime()) / 1_000 : 0
  return Math.min(60, Math.max(usual, Math.ceil(until)))
}

function itemsOf({ task }: ShownTask): WireTask['items'] {
  const { itemsTotal: total, itemsSucceeded: succeeded, itemsFailed: failed, itemsSkipped: skipped } = task
  const { itemsUndone: undone, itemsNotUndone: notUndone } = task
  const pending = total - succeeded - failed - skipped
  return total === 0 ? null : { total, pending, succeeded, failed, skipped, undone, notUndone }
}

function overallProgress(shown: ShownTask): { done: number; total: number } {
  const items = itemsOf(shown)
  const { undoReason, state } = shown.task
  if (items && undoReason && !isOver(state)) return { done: items.undone + items.notUndone, total: items.succeeded }
  if (items) return { done: items.total - items.pending, total: items.total }
  return { done: shown.steps.filter((step) => step.state === 'succeeded').length, total: shown.steps.length }
}

function progressOf(shown: ShownTask, now: Date): WireTask['progress'] {
  const live = shown.live?.progress
  const counted = live?.done !== undefined && live.total !== undefined
  // What a step counts is written once a second; the counts of items are right at any moment.
  const overall = overallProgress(shown)
  const unit = live?.unit ?? (shown.task.itemsTotal > 0 ? unitOf(shown) : 'steps')
  const { done, total } =
    counted && shown.task.itemsTotal === 0 ? { done: live.done ?? 0, total: live.total ?? 0 } : overall
  const rate = counted ? rateOf(live, now) : null
  const remaining = rate !== null && rate > 0 ? rounded((total - done) / rate) : null
  return { done, total, unit, ratePerSecond: rate, remainingSeconds: remaining }
}

function unitOf({ definition }: ShownTask): string {
  return definition?.steps.map((step) => ('unit' in step ? step.unit : null)).find((unit) => unit !== null) ?? 'items'
}

function rateOf(
  { done, phaseStartedAt, phaseStartDone = 0 }: { done?: number; phaseStartedAt?: string; phaseStartDone?: number },
  now: Date,
): number | null {
  if (done === undefined || phaseStartedAt === undefined) return null
  const passed = (now.getTime() - Date.parse(phaseStartedAt)) / 1_000
  return passed > 0 && done > phaseStartDone ? rounded((done - phaseStartDone) / passed) : null
}

function currentStep(steps: StepRow[], state: TaskState): WireTask['step'] {
  if (isOver(state)) return null
  const undoing = state === 'undoing' ? steps.findIndex((step) => step.state === 'undoing') : -1
  const index = undoing >= 0 ? undoing : steps.findIndex((step) => step.state !== 'succeeded')
  const step = steps[index]
  return step ? { name: step.name, title: step.title, number: index + 1, of: steps.length } : null
}

function seconds(from: Date | null, to: Date): number | null {
  return from && rounded(Math.max(0, to.getTime() - from.getTime()) / 1_000)
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10
}

function iso(instant: Date | null): string | null {
  return instant?.toISOString() ?? null
}
