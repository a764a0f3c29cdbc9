import type { Clock } from '../kernel/clock.ts'
import { abortedError, MicrosoftError, type MicrosoftOperation } from './microsoft-error.ts'
import type { Sleep } from './waiting.ts'

export type RetryPolicy = {
  /** HTTP attempts in all, the first included. */
  maxAttempts: number
  /** Back-off before attempt n+1: a random share of min(maxDelayMs, baseDelayMs * 2^(n-1)). */
  baseDelayMs: number
  maxDelayMs: number
  /** Time for all attempts and waits of one call; no wait is begun that would end later. */
  budgetMs: number
  /** A longer Retry-After is not waited for here: the error carries it, so that a job can come back later. */
  maxRetryAfterMs: number
}

export const DEFAULT_RETRY_POLICY: RetryPolicy = {
  maxAttempts: 6,
  baseDelayMs: 500,
  maxDelayMs: 30_000,
  budgetMs: 300_000,
  maxRetryAfterMs: 120_000,
}

export type RetryTools = { clock: Clock; sleep: Sleep; random: () => number }

export type Retried<T> = {
  operation: MicrosoftOperation
  policy: RetryPolicy
  signal: AbortSignal
  /** One attempt. `budgetLeftMs` is what remains for waits of its own. */
  once: (attempt: number, budgetLeftMs: number) => Promise<T>
  /** May repair the cause (a fresh token) and ask for another attempt at once. Must say yes only a bounded number of times. */
  recover?: (failure: MicrosoftError) => boolean
  onWait?: (failure: MicrosoftError, attempt: number, waitMs: number) => void
}

/** Runs an attempt until it succeeds, fails for good, or the policy is used up; then throws the last MicrosoftError. */
export async function withRetries<T>(tools: RetryTools, work: Retried<T>): Promise<T> {
  const endsAtMs = tools.clock.now().getTime() + work.policy.budgetMs
  for (let attempt = 1; ; attempt++) {
    if (work.signal.aborted) throw abortedError(work.operation, work.signal.reason)
    try {
      return await work.once(attempt, endsAtMs - tools.clock.now().getTime())
    } catch (error) {
      if (!(error instanceof MicrosoftError)) throw error
      if (work.recover?.(error) === true) continue
      const waitMs = waitBefore(error, attempt, work, tools.random)
      if (waitMs === null || tools.clock.now().getTime() + waitMs > endsAtMs) throw error
      work.onWait?.(error, attempt, waitMs)
      await pause(tools.sleep, waitMs, work.operation, work.signal)
    }
  }
}

/** Null when waiting cannot help, or not here. A token's failure was already retried where the token is fetched. */
function waitBefore(
  failure: MicrosoftError,
  attempt: number,
  work: Pick<Retried<unknown>, 'policy' | 'operation'>,
  random: () => number,
): number | null {
  const { policy } = work
  if (!failure.transient || failure.operation !== work.operation || attempt >= policy.maxAttempts) return null
  if (failure.retryAfterMs !== undefined)
    return failure.retryAfterMs > policy.maxRetryAfterMs ? null : failure.retryAfterMs
  return Math.floor(random() * Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 1)))
}

/** Sleeps; an abort in the meantime is a MicrosoftError like any other. */
export async function pause(
  sleep: Sleep,
  milliseconds: number,
  operation: MicrosoftOperation,
  signal: AbortSignal,
): Promise<void> {
  try {
    await sleep(milliseconds, signal)
  } catch (error) {
    if (signal.aborted) throw abortedError(operation, signal.reason)
    throw error
  }
  if (signal.aborted) throw abortedError(operation, signal.reason)
}
