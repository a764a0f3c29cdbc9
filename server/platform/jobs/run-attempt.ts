import type { Logger } from 'pino'
import { installationPrincipal, jobPrincipal, type Principal } from '../../kernel/principal.ts'
import type { Transact, Tx } from '../db/transaction.ts'
import { type FailureVerdict, JobTimedOutError, judgeFailure } from './attempt.rules.ts'
import { RunCancelledError } from './cancel.store.ts'
import { LeaseLostError, type RunContext } from './job.ts'
import type { Job } from './job-registry.ts'
import { deleteCursor, endAttempt, type HeldRun, holdLease, upsertCursor } from './lease.store.ts'
import type { ProgressWriter } from './progress-writer.ts'

/** The worker is being stopped: the run goes back to the queue. */
export class ShutdownError extends Error {
  constructor() {
    super('The worker is being stopped.')
    this.name = 'ShutdownError'
  }
}

export type AttemptOutcome =
  | { kind: 'succeeded' }
  /** As succeeded, and written already, in a transaction of the job. */
  | { kind: 'finished' }
  /** Back in the queue, and written already, in a transaction of the job. */
  | { kind: 'postponed' }
  | { kind: 'lost' }
  | { kind: 'handed-back' }
  | { kind: 'cancelled'; by: string }
  | ({ kind: 'retry' | 'fail' } & Omit<FailureVerdict, 'kind'>)

export type AttemptSettings = {
  transact: Transact
  log: Logger
  progress: ProgressWriter
  /** Tells of an end that the job writes in a transaction of its own, in that transaction. */
  announce: (tx: Tx, state: 'succeeded') => Promise<void>
  /** Aborts the attempt with the reason: `LeaseLostError`, `ShutdownError` or `RunCancelledError`. */
  control: AbortController
  /** How long an aborted attempt may take to stop before it is left behind (its transactions are refused from then on). */
  graceMs: number
  /** A transaction of the run that is idle for longer is cut off by the database. */
  stallMs: number
}

/** One attempt of one run: calls the job and says how it ended. Never throws. */
export async function runAttempt(job: Job, run: HeldRun, settings: AttemptSettings): Promise<AttemptOutcome> {
  const { control, graceMs, log } = settings
  const { signal } = control
  const state: AttemptState = { closed: false, progressed: false, ended: null }
  const timer = setTimeout(() => control.abort(new JobTimedOutError(job.timeoutSeconds)), job.timeoutSeconds * 1000)
  const left = Promise.withResolvers<never>()
  // Handled here at once: without a late job nobody else looks at it.
  left.promise.catch(() => {})
  let graceTimer: NodeJS.Timeout | undefined
  signal.addEventListener('abort', () => {
    graceTimer = setTimeout(() => left.reject(signal.reason), graceMs)
  })
  try {
    await Promise.race([job.run(createContext(job, run, settings, state)), left.promise])
    if (state.ended) return { kind: state.ended }
    // A job that swallowed the loss has not done its work; one that ended in spite of a time-out or a shutdown has.
    return signal.reason instanceof LeaseLostError ? { kind: 'lost' } : { kind: 'succeeded' }
  } catch (error) {
    // What fails after the end was committed cannot undo it.
    if (state.ended) {
      log.warn({ err: error, job: job.name, runId: run.runId }, 'the job failed after it had finished')
      return { kind: state.ended }
    }
    const cause = signal.aborted ? signal.reason : error
    if (cause instanceof LeaseLostError) return { kind: 'lost' }
    if (cause instanceof ShutdownError) return { kind: 'handed-back' }
    if (cause instanceof RunCancelledError) return { kind: 'cancelled', by: cause.by }
    const verdict = judgeFailure(
      cause,
      { failures: run.failures, progressed: state.progressed },
      job,
      new Date(),
      Math.random(),
    )
    log.warn(
      { err: cause, job: job.name, operatorId: run.operatorId, runId: run.runId, retryAt: verdict.error.retryAt },
      'job attempt failed',
    )
    return verdict
  } finally {
    state.closed = true
    clearTimeout(timer)
    clearTimeout(graceTimer)
  }
}

function createContext(
  job: Job,
  run: HeldRun,
  { transact, log, progress, announce, control, stallMs }: AttemptSettings,
  state: AttemptState,
): RunContext {
  const { operatorId, runId } = run
  const principal =
    job.scope === 'installation' ? installationPrincipal(job.name, runId) : jobPrincipal(job.name, operatorId, runId)
  const transactAs = async <T>(whose: Principal, work: (tx: Tx) => Promise<T>): Promise<T> => {
    const written: Written = { cursor: false, end: null }
    const result = await transact(whose, async (tx) => {
      control.signal.throwIfAborted()
      if (state.closed || state.ended || !(await holdLease(tx, run, stallMs))) {
        const lost = new LeaseLostError(run.job, operatorId)
        control.abort(lost)
        throw lost
      }
      fencedWrites.set(tx, written)
      return work(tx)
    })
    if (written.cursor) state.progressed = true
    if (written.end) state.ended = written.end
    return result
  }
  const finish = async (tx: Tx): Promise<void> => {
    const written = fenced(tx, job.name)
    await deleteCursor(tx, run)
    const ours = await endAttempt(tx, run, { state: 'succeeded', failures: 0, error: null, ...progress.state() })
    if (!ours) throw new LeaseLostError(run.job, operatorId)
    await announce(tx, 'succeeded')
    written.end = 'finished'
  }
  return {
    operatorId,
    runId,
    subject: run.subject,
    takenOver: run.takenOver,
    principal,
    signal: control.signal,
    attempt: run.attempts,
    resumed: run.attempts > 1,
    cursor: <T>() => (run.cursor ?? null) as T | null,
    transact: (work) => transactAs(principal, work),
    transactAs(whose, work) {
      if (whose.operatorId !== operatorId) throw new Error(`${job.name} works for operator ${operatorId} only.`)
      return transactAs(whose, work)
    },
    async saveCursor(tx, cursor) {
      fenced(tx, job.name).cursor = true
      await upsertCursor(tx, run, cursor)
    },
    async clearCursor(tx) {
      fenced(tx, job.name).cursor = true
      await deleteCursor(tx, run)
    },
    finish,
    async finishUnless(more) {
      try {
        await transactAs(principal, async (tx) => {
          // First the end, which keeps whoever asks for a run waiting, then the look: whoever was before it is seen.
          await finish(tx)
          if (await more(tx)) throw new MoreToDo()
        })
        return true
      } catch (error) {
        if (error instanceof MoreToDo) return false
        throw error
      }
    },
    async postpone(tx, delayMs) {
      const written = fenced(tx, job.name)
      const ours = await endAttempt(tx, run, {
        state: 'queued',
        delayMs,
        failures: 0,
        error: null,
        ...progress.state(),
      })
      if (!ours) throw new LeaseLostError(run.job, operatorId)
      written.end = 'postponed'
    },
    progress: (next) => progress.note(next),
    log: log.child({ job: job.name, operatorId, runId }),
  }
}

/** Takes back an end that came too soon. */
class MoreToDo extends Error {}

type AttemptState = {
  /** Left behind: writes nothing more. */
  closed: boolean
  progressed: boolean
  /** Written already, in a transaction of the job. */
  ended: Written['end']
}

type Written = { cursor: boolean; end: 'finished' | 'postponed' | null }

/** Transactions of runs, with what the runner must know once they commit. */
const fencedWrites = new WeakMap<object, Written>()

function fenced(tx: object, job: string): Written {
  const written = fencedWrites.get(tx)
  // Outside of run.transact the write would not be fenced.
  if (!written) throw new Error(`${job} writes its cursor or its end in a transaction that is not of run.transact.`)
  return written
}
