import { AppError, messageOf } from '../../kernel/errors.ts'
import type { JobDefinition, RunError } from './job.ts'

/** Failures in a row without getting further, unless the job says otherwise. */
export const DEFAULT_MAX_FAILURES = 5
/** Workers that may vanish in a row under one run without its getting further: then the run itself is the suspect. */
export const MAX_LOST_WORKERS = 20

const FIRST_DELAY_MS = 2_000
const LONGEST_DELAY_MS = 300_000
/** A wait asked for that is longer than an hour is taken for a slip of the other side. */
const LONGEST_ASKED_DELAY_MS = 3_600_000

/** The attempt took longer than the job may. */
export class JobTimedOutError extends Error {
  readonly code = 'job-timed-out'
  readonly remedy: string

  constructor(timeoutSeconds: number) {
    super(`The job did not finish within ${timeoutSeconds} s.`)
    this.name = 'JobTimedOutError'
    this.remedy =
      'It goes on where it stopped. If it times out again and again, the other side is slow: see the log of the worker.'
  }
}

export type FailureVerdict = {
  kind: 'retry' | 'fail'
  delayMs: number
  /** The other side asked to wait that long. */
  held: boolean
  failures: number
  error: RunError
}

/** What an error may carry for the runner; see `JobDefinition`. */
type Hints = {
  code?: unknown
  remedy?: unknown
  retryable?: unknown
  retryAfterMs?: unknown
  retryAfterSeconds?: unknown
}

/**
 * What becomes of a run whose attempt failed. `failures` counts failed attempts before this one without getting further;
 * `progressed`: this attempt saved a cursor. `random` is in [0, 1) and spreads the retries.
 */
export function judgeFailure(
  thrown: unknown,
  run: { failures: number; progressed: boolean },
  job: Pick<JobDefinition, 'maxFailures' | 'remedy'>,
  now: Date,
  random: number,
): FailureVerdict {
  const hints = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as Hints
  const asked = askedDelayMs(hints)
  const held = asked !== null
  // Waiting as one was asked to is no failure, however often.
  const failures = held ? run.failures : (run.progressed ? 0 : run.failures) + 1
  const fails = hints.retryable === false || failures >= (job.maxFailures ?? DEFAULT_MAX_FAILURES)
  const delayMs = fails ? 0 : (asked ?? backOffMs(failures, random))
  const error: RunError = {
    code: isOurs(hints.code) ? hints.code : 'unexpected-error',
    message: textOf(thrown),
    retryAt: fails ? null : new Date(now.getTime() + delayMs).toISOString(),
    remedy: remedyOf(thrown, hints, job, fails),
  }
  return { kind: fails ? 'fail' : 'retry', delayMs, held: held && !fails, failures, error }
}

/** The error of a run that is given up because workers keep vanishing under it. */
export function lostWorkerError(): RunError {
  return {
    code: 'worker-lost',
    message: `${MAX_LOST_WORKERS} workers in a row ended in the middle of this run without getting further.`,
    retryAt: null,
    remedy: 'Look at the log of the worker for why it ends (memory, a crash), then start the job again.',
  }
}

/** Codes of ours are kebab-case, and each has a paragraph; those of PostgreSQL (57P01) and Node (ECONNRESET) have none. */
function isOurs(code: unknown): code is string {
  return typeof code === 'string' && /^[a-z]+(-[a-z]+)+$/.test(code)
}

function backOffMs(failures: number, random: number): number {
  const ceiling = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - 1))
  return Math.round(ceiling * (0.5 + random / 2))
}

function askedDelayMs({ retryAfterMs, retryAfterSeconds }: Hints): number | null {
  const milliseconds = typeof retryAfterSeconds === 'number' ? retryAfterSeconds * 1000 : retryAfterMs
  const usable = typeof milliseconds === 'number' && milliseconds >= 0
  return usable ? Math.min(milliseconds, LONGEST_ASKED_DELAY_MS) : null
}

// Anything can be thrown, also what cannot be turned into text.
function textOf(thrown: unknown): string {
  try {
    return messageOf(thrown)
  } catch {
    return 'Something was thrown that is no error.'
  }
}

function remedyOf(thrown: unknown, hints: Hints, job: Pick<JobDefinition, 'remedy'>, fails: boolean): string {
  if (typeof hints.remedy === 'string') return hints.remedy
  if (job.remedy !== undefined) return job.remedy
  if (!fails) return 'Nothing to do: it is tried again by itself.'
  if (thrown instanceof AppError) return `See docs/errors/${thrown.code}.md, then start the job again.`
  return 'This should not happen. Start the job again; if it fails again, report it with the run id and the log of the worker.'
}
