import type { Logger } from 'pino'
import type { Permission } from '../../../contract/permissions.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { Tx } from '../db/transaction.ts'
import type { Progress } from '../jobs/index.ts'

/**
 * - `queued`: no worker has begun it · `running` · `waiting`: for somebody, or until it is tried again (`waiting` says what for)
 * - `undoing`: its steps are taken back in reverse order
 * - `succeeded` · `partial`: done, but some items failed · `failed`: nothing of it is left (undone), or it stopped and can be
 *   retried · `cancelled` · `stuck`: a step could not be taken back, somebody has to look and retry
 */
export type TaskState =
  | 'queued'
  | 'running'
  | 'waiting'
  | 'undoing'
  | 'succeeded'
  | 'partial'
  | 'failed'
  | 'cancelled'
  | 'stuck'

export type StepState =
  | 'pending'
  | 'running'
  | 'waiting'
  | 'succeeded'
  | 'failed'
  | 'undoing'
  | 'undone'
  | 'undo-failed'

export type ItemState = 'pending' | 'succeeded' | 'failed' | 'skipped'
export type UndoReason = 'failure' | 'cancel' | 'asked'
export type MessageLevel = 'Information' | 'Warning' | 'Error'

/** Why a step or task failed; `retryAt`: ISO instant of the next attempt, null when there is none. */
export type TaskError = { code: string; message: string; remedy: string; retryAt: string | null }

/** What a waiting step waits for, in words; `until`: ISO instant when it looks again by itself. */
export type Waiting = { reason: string; until: string | null }

/** JSON object: what a task was given, and what its steps hand on. */
export type Values = Record<string, unknown>

/** What a step is given. */
export type StepContext<Input = Values> = {
  /** As callers know it: `wst_…`. Good as a key of idempotent calls to the outside, together with the step's name. */
  taskId: string
  operatorId: number
  input: Input
  /** What the steps before have handed on, merged; also the `outputData` of the documented task. Never a secret. */
  output: Values
  /**
   * He who asked for the task, or for its being taken back, in the scope of who started it; `requestId` is the task id. The
   * permissions were checked when it was asked for.
   */
  principal: OperatorPrincipal
  /** Aborted on time-out, loss of the lease and shutdown. Hand it to every wait and every outside call. */
  signal: AbortSignal
  /** 1 for the first; more after a failure, a wait or a crash: the step must be idempotent. */
  attempt: number
  /** What `remember` last kept for this step, also across crashes; else null. */
  memory<T>(): T | null
  /** What was sent to the task from outside (`sendSignal`), by name. */
  signals: Values
  /**
   * One transaction in the scope of `principal`, fenced: it commits only while this worker holds the task. Otherwise it
   * throws and nothing is written. No outside call inside.
   */
  transact<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** Keeps what this step must know when it is begun again (an intent, an id from outside), in the transaction given. JSON. */
  remember(tx: Tx, memory: unknown): Promise<void>
  /** The same for one item of a step over items: it is the item's `data` then. JSON, never a secret. */
  noteItem(tx: Tx, item: TaskItem, data: unknown): Promise<void>
  /** A line for people, kept with the task, in the transaction given. */
  message(tx: Tx, level: MessageLevel, message: string): Promise<void>
  /** Shown while the step works; written at most once a second. */
  progress(progress: Omit<Progress, 'phase'>): void
  log: Logger
}

/** Ends this attempt of a step without failure: it is run again at `until`, or as soon as a signal or a cancel comes. */
export class Wait {
  readonly reason: string
  readonly forSeconds: number

  constructor(reason: string, forSeconds: number) {
    this.reason = reason
    this.forSeconds = forSeconds
  }
}

/**
 * What a step answers when it has to wait: for a person, a device, a window of time. `reason` is shown.
 * `forSeconds`: how long until it looks again by itself (default an hour); a signal wakes it at once.
 */
export function waitFor(reason: string, forSeconds = 3_600): Wait {
  return new Wait(reason, forSeconds)
}

type StepBase = {
  /** kebab-case, unique in the task, never changed: what a task has done is kept under it. */
  name: string
  /** What it does, for people: "Apply the license". */
  title: string
  /** Of one attempt (of a batch, of one item); default 120. */
  timeoutSeconds?: number
  /** Failed attempts in a row until the step counts as failed; default 5. */
  maxFailures?: number
  /** Set: while this step is current the task cannot be cancelled, and this says why. */
  notCancellable?: string
}

/**
 * A step of a saga. `run` may call outside between its transactions and is repeated after a crash or a failure, so it must
 * be idempotent; what must happen once goes with `context.remember`. Answers what it hands on, or `waitFor(…)`.
 * An error may carry `retryable: false` (fails at once), `retryAfterMs`, `code`, `remedy`, as in jobs; a refusal (an AppError
 * below 500 without Retry-After) is never retried.
 * `undo` takes back what `run` may have done, also half done or not at all; idempotent too.
 */
export type ActionStep<Input> = StepBase & {
  // biome-ignore lint/suspicious/noConfusingVoidType: a step that hands nothing on simply returns
  run(context: StepContext<Input>): Promise<Values | Wait | void>
  /**
   * Neither `run` nor `undo` calls outside: each is done in one transaction with what is written down of it, so that it
   * happens once and costs less.
   */
  local?: true
  undo?(context: StepContext<Input>): Promise<void>
}

/** An item as its step gets it. `objectId`: what it is about, as the starter named it. */
export type TaskItem = {
  position: number
  objectId: string
  objectName: string | null
  /** Attempts including this one. */
  attempt: number
  /** What an earlier result or `noteItem` kept; null: nothing. */
  data: unknown
}

/** What came of taking back one item; left as it is, `message` says why. */
export type UndoResult = { undone: true } | { undone: false; message: string }

/** What came of one item. `data`: kept with it, for its undo; JSON, never a secret. */
export type ItemResult =
  | { state: 'succeeded'; message?: string; data?: unknown; objectName?: string }
  | { state: 'skipped'; code?: string; message: string; objectName?: string }
  | { state: 'failed'; code: string; message: string; objectName?: string }

/**
 * A step over all items of the task, many in one transaction: `batch` does all of the items given and answers one result
 * each, in their order; effects and results commit together. When it throws, the batch is halved until the culprit is found.
 */
export type BatchStep<Input> = StepBase & {
  /** Items in one transaction; default 500. */
  batchSize?: number
  /** What the items are, for the progress line: `leads`. */
  unit: string
  /** Set: it is taken back by what each item keeps of before (`data`). Items without it are of an earlier version, and stay. */
  keepsBefore?: true
  batch(tx: Tx, items: TaskItem[], context: StepContext<Input>): Promise<ItemResult[]>
  /** Takes back items that had succeeded, in reverse order. Answers for each, or nothing: then all are taken back. */
  // biome-ignore lint/suspicious/noConfusingVoidType: a step that takes everything back has nothing to say of it
  undoBatch?(tx: Tx, items: TaskItem[], context: StepContext<Input>): Promise<UndoResult[] | void>
}

/**
 * A step over all items, each for itself, for work that calls outside. `each` is repeated for an item whose worker was lost,
 * so it must be idempotent. An item fails alone: a thrown error is its result, after the retries.
 */
export type EachStep<Input> = StepBase & {
  unit: string
  /** Items at a time; default 4. */
  concurrency?: number
  each(item: TaskItem, context: StepContext<Input>): Promise<ItemResult>
}

export type TaskStep<Input> = ActionStep<Input> | BatchStep<Input> | EachStep<Input>

export type TaskIdForm = 'wst' | 'tsk' | 'tsk_msjob'

/** A kind of task: what it does, step by step. Kept by name: a running task goes on after an upgrade by the same names. */
export type TaskDefinition<Input = Values> = {
  /** `module.verb-noun`: `leads.archive`. */
  kind: string
  /** One sentence for people. */
  summary: string
  /** Form of the id on the wire (rest-api.md 1.7); default `wst`. */
  idForm?: TaskIdForm
  /** What one needs to see tasks of this kind, and to start, cancel and retry them. */
  permissions: { see: Permission; run: Permission }
  /** What happens when a step fails for good: take back what was done (default), or stop there until somebody retries or undoes. */
  onFailure?: 'undo' | 'stop'
  steps: readonly TaskStep<Input>[]
  /**
   * Set: what was done well can be taken back after the end, too. Says whether any of these items, which have all succeeded,
   * still is as the task left it: else there is nothing to take back.
   */
  stillStands?(tx: Tx, items: TaskItem[], input: Input): Promise<boolean>
  /** The `details` of the documented task object once it is done, null until then; default its title. */
  details?(output: Values): (string | null)[]
  /**
   * What else has to be written when the task ends, well or not, in that very transaction and in the scope of the operator;
   * again when it was retried or undone and ends once more. No outside call.
   */
  onEnd?(tx: Tx, end: TaskEnd<Input>): Promise<void>
}

/** How a task has ended. */
export type TaskEnd<Input = Values> = {
  /** As callers know it. */
  taskId: string
  state: TaskState
  /** Set: its steps were taken back, or should have been (`stuck`). */
  undoReason: UndoReason | null
  error: TaskError | null
  input: Input
  output: Values
}

/** A kind whose input is nobody's business but its steps'. */
// biome-ignore lint/suspicious/noExplicitAny: the input of a kind is checked where it is started, and opaque elsewhere
export type AnyTask = TaskDefinition<any>

/** Declares a kind of task. A wrong name, a step named twice, or two steps over the items fail at start. */
export function defineTask<Input = Values>(definition: TaskDefinition<Input>): TaskDefinition<Input> {
  const { kind, steps } = definition
  if (!/^[a-z]+\.[a-z0-9-]+$/.test(kind)) throw new Error(`Task kind "${kind}" is not of the form module.verb-noun.`)
  if (steps.length === 0) throw new Error(`The task ${kind} has no steps.`)
  const names = steps.map((step) => step.name)
  if (new Set(names).size < names.length) throw new Error(`Two steps of ${kind} have one name.`)
  if (names.some((name) => !/^[a-z0-9-]+$/.test(name))) throw new Error(`Names of steps are kebab-case (${kind}).`)
  if (steps.filter((step) => !isAction(step)).length > 1) throw new Error(`${kind} has two steps over its items.`)
  return definition
}

export function isAction<Input>(step: TaskStep<Input>): step is ActionStep<Input> {
  return 'run' in step
}

export function isLocal<Input>(step: TaskStep<Input>): boolean {
  return isAction(step) && step.local === true
}

export function isBatch<Input>(step: TaskStep<Input>): step is BatchStep<Input> {
  return 'batch' in step
}

export function isUndoable<Input>(step: TaskStep<Input>): boolean {
  return 'undo' in step ? step.undo !== undefined : 'undoBatch' in step && step.undoBatch !== undefined
}
