import type { Logger } from 'pino'
import type { OperatorPrincipal, Principal } from '../../kernel/principal.ts'
import type { Tx } from '../db/transaction.ts'

/** How far a run is, for people. */
export type Progress = {
  /** What is being done now: `listing`, `storing`. */
  phase: string
  done?: number
  /** Leave out while unknown. */
  total?: number
  /** What `done` and `total` count: `leads`. */
  unit?: string
  /** Anything worth telling, by name: `{new: 3, changed: 1}`. Merged over the run. */
  counts?: Record<string, number>
}

/** What a job gets for one attempt of one run. */
export type RunContext = {
  /** 0 for a job of the installation. */
  operatorId: number
  runId: string
  /** The object this run belongs to (`requestSubjectRun`); empty for a job's own runs. */
  subject: string
  /** The attempt before this one ended without a word: its worker was lost. */
  takenOver: boolean
  /** The job acting for its operator; `requestId` is the run id. */
  principal: Principal
  /** Aborted on time-out, loss of the lease and shutdown. Hand it to every wait and every outside call. */
  signal: AbortSignal
  /** 1 for the first. */
  attempt: number
  /** An earlier attempt of this very run began the work: it crashed, failed or was handed back. */
  resumed: boolean
  /** What `saveCursor` last committed for this job and operator (also by an earlier run), as this attempt began; else null. */
  cursor<T>(): T | null
  /**
   * One transaction of the run's own operator, fenced: it commits only while this attempt holds the lease.
   * Otherwise it throws `LeaseLostError` and nothing is written. No outside call inside.
   */
  transact<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** The same in another principal's name and scope, which must be of the run's operator. */
  transactAs<T>(principal: OperatorPrincipal, work: (tx: Tx) => Promise<T>): Promise<T>
  /** Saves where to go on, in the transaction that writes the data. JSON. */
  saveCursor(tx: Tx, cursor: unknown): Promise<void>
  clearCursor(tx: Tx): Promise<void>
  /**
   * Ends the run as succeeded, and clears the cursor, in the transaction of its last data; return right after it. Without it
   * a worker that dies between that transaction and the end of `run` makes the run begin anew: harmless for a sync, but
   * where an effect must happen once, this is how.
   */
  finish(tx: Tx): Promise<void>
  /**
   * Ends the run as `finish` does, unless `more` finds work in that same transaction; true: ended, return right after it;
   * false: nothing was written, go on. For a job that others ask for when there is work: who asks before the end joins this
   * run, and `more` sees what he asks for; who asks after it gets a run of his own. An end without it leaves a gap between
   * the last look and the end.
   */
  finishUnless(more: (tx: Tx) => Promise<boolean>): Promise<boolean>
  /** Puts the run back into the queue, due in `delayMs`, when the transaction commits; return right after it. No failure. */
  postpone(tx: Tx, delayMs: number): Promise<void>
  /** Shown while the run goes; written at most once a second, outside of the data's transaction. */
  progress(progress: Progress): void
  log: Logger
}

/**
 * A job: a page of business. The runner owns lease, retries, back-off, cursor, progress, history and schedule
 * (design/architecture.md, names 5). Running it twice must be harmless.
 *
 * An error may carry `retryAfterMs` (the other side asked to wait: tried again then, as often as needed),
 * `retryable: false` (fails at once), `remedy` (what a person can do). Other errors: back-off, then failed.
 */
export type JobDefinition<Config = unknown> = {
  /** `module.name-job`: `peering.sync-leads-job` is modules/peering/jobs/sync-leads-job.ts. */
  name: string
  /** One sentence for people. */
  summary: string
  scope: 'each-operator' | 'installation'
  /** From start to start. Left out or 0: only on demand. */
  everySeconds?: number | ((config: Config) => number)
  /** An attempt that takes longer is stopped and tried again. */
  timeoutSeconds: number
  /** Failed attempts in a row without getting further (no cursor saved), until the run counts as failed. Default 5. */
  maxFailures?: number
  /**
   * Its operator hears when it gives up after it had worked (`sync.failed`), and when it works again (`sync.recovered`): for
   * jobs that keep the operator's data fresh.
   */
  tellsFailures?: boolean
  /** What to do when the run has failed and the error does not say. */
  remedy?: string
  run(context: RunContext): Promise<void>
}

/** Declares a job; its name is checked here so that a wrong one fails at start. */
export function defineJob<Config = unknown>(definition: JobDefinition<Config>): JobDefinition<Config> {
  if (!/^[a-z]+\.[a-z0-9-]+-job$/.test(definition.name)) {
    throw new Error(`Job name "${definition.name}" is not of the form module.name-job.`)
  }
  return definition
}

export type RunTrigger = 'schedule' | 'api' | 'cli' | 'event'
export type RunState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled'

/** Why a run or its last attempt failed. */
export type RunError = {
  code: string
  message: string
  /** ISO instant of the next attempt; null when there is none. */
  retryAt: string | null
  remedy: string
}

/** Another worker has taken this run over (this one was silent for longer than the lease): stop, nothing was written. */
export class LeaseLostError extends Error {
  constructor(job: string, operatorId: number) {
    super(`The lease of ${job} for operator ${operatorId} was lost.`)
    this.name = 'LeaseLostError'
  }
}
