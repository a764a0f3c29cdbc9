import { ASSIGN_CALLS_PER_MINUTE } from '../../../contract/lead-channel.ts'

/** What a caller asked for in the last minute: when it was let through, and when it asked last, let through or not. */
export type CallLog = { caller: string; calls: readonly Date[]; askedAt: Date }

export type CallVerdict = { allowed: boolean; log: CallLog; retryAfterSeconds: number }

/** The minute of the limit, whenever it begins; who has not asked for so long has no share. */
export const WINDOW_MS = 60_000

/**
 * Lets a call of `caller` through, or says when one may be. All callers together have 300 in any minute; each of those who
 * asked in the last minute has an equal part of it, so that nobody is kept out by another who calls all the time: what
 * falls free goes to whoever has less than his part. Answers the caller's log as it is now; calls that are older than the
 * minute are left out. Source: rest-api.md 1.8; issue 5.
 */
export function takeCall(known: readonly CallLog[], caller: string, now: Date): CallVerdict {
  const since = now.getTime() - WINDOW_MS
  // A clock that is set back gives nothing: what seems to come still counts.
  const recent = (calls: readonly Date[]) => calls.map((at) => at.getTime()).filter((at) => at > since)
  const others = known.filter((one) => one.caller !== caller && one.askedAt.getTime() > since)
  const own = recent(known.find((one) => one.caller === caller)?.calls ?? [])
  const all = [...own, ...others.flatMap(({ calls }) => recent(calls))]
  const share = Math.max(1, Math.floor(ASSIGN_CALLS_PER_MINUTE / (others.length + 1)))
  const freeAt = Math.max(roomAt(all, ASSIGN_CALLS_PER_MINUTE), roomAt(own, share))
  const allowed = freeAt === 0
  const calls = (allowed ? [...own, now.getTime()] : own).map((at) => new Date(at))
  const retryAfterSeconds = allowed ? 0 : Math.max(1, Math.ceil((freeAt - now.getTime()) / 1_000))
  return { allowed, log: { caller, calls, askedAt: now }, retryAfterSeconds }
}

/** When there is room for one more of so many calls in the minute, in milliseconds of the epoch; 0: there is. */
function roomAt(calls: readonly number[], most: number): number {
  if (calls.length < most) return 0
  return (calls.toSorted((a, b) => a - b)[calls.length - most] ?? 0) + WINDOW_MS
}
