const HOUR = 3_600
/**
 * Seconds after each failed attempt until the next: 15 attempts over a little more than three days, so that a receiver that
 * is down for 72 hours misses nothing. Source: design/quality.md R3.
 */
export const RETRY_SECONDS: readonly number[] = [
  ...[5, 30, 120, 600, 1_800, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR],
  ...[12 * HOUR, 12 * HOUR, 12 * HOUR, 12 * HOUR, 12 * HOUR],
]
export const MAX_ATTEMPTS = RETRY_SECONDS.length + 1
/** Added to each pause, at random, so that receivers that come back are not hit by all at once. */
const JITTER = 0.1
const LONGEST_WISH_SECONDS = 12 * HOUR
/** A webhook that has delivered nothing for this long is paused when an event runs out of attempts. */
const PAUSE_AFTER_MS = 72 * HOUR * 1_000

/** What became of a request, as far as it decides anything. */
type Outcome =
  | { kind: 'answered'; status: number; headers: Record<string, string> }
  | { kind: 'failed'; detail: string }

/** What an attempt means. `gone`: the receiver wants nothing any more (410). */
export type Verdict =
  | { kind: 'delivered' }
  | { kind: 'failed'; error: string; retryAfterSeconds: number | null; isGone: boolean }

/** Only 2xx counts as delivered; a redirect is not followed, and is a failure. Source: Standard Webhooks 1.0. */
export function judgeOutcome(outcome: Outcome): Verdict {
  if (outcome.kind === 'failed')
    return { kind: 'failed', error: outcome.detail, retryAfterSeconds: null, isGone: false }
  const { status } = outcome
  if (status >= 200 && status < 300) return { kind: 'delivered' }
  const where = status >= 300 && status < 400 ? ' Redirects are not followed: enter the address it leads to.' : ''
  return {
    kind: 'failed',
    error: `The receiver answered ${status}.${where}`,
    retryAfterSeconds: wishedSeconds(outcome.headers['retry-after']),
    isGone: status === 410,
  }
}

function wishedSeconds(header: string | undefined): number | null {
  if (header === undefined || !/^\d{1,9}$/.test(header.trim())) return null
  return Math.min(Number(header.trim()), LONGEST_WISH_SECONDS)
}

/** In how many milliseconds the next attempt is due after `attempts` of them; null: there is none. `random`: 0 to 1. */
export function nextDelayMs(attempts: number, retryAfterSeconds: number | null, random: number): number | null {
  const pause = RETRY_SECONDS[attempts - 1]
  if (pause === undefined) return null
  return Math.round(Math.max(pause, retryAfterSeconds ?? 0) * (1 + random * JITTER) * 1_000)
}

/** Whether a webhook is to be paused, when one of its events has no attempt left. */
export function isBeyondHope(failingSince: Date | null, now: Date): boolean {
  return failingSince !== null && now.getTime() - failingSince.getTime() >= PAUSE_AFTER_MS
}
