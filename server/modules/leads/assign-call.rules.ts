import { ASSIGN_CALLS_PER_MINUTE } from '../../../contract/lead-channel.ts'

/** Calls that are left: of a caller, or of the operator as a whole (`caller` ''). */
export type CallBucket = { caller: string; tokens: number; refilledAt: Date }

export type CallVerdict = { allowed: boolean; buckets: CallBucket[]; retryAfterSeconds: number }

/** Who has not called for so long has no share. */
export const ACTIVE_MS = 60_000
/** One call, but for the rounding of fractions. */
const ONE = 1 - 1e-6

/**
 * Takes a call of `caller` from what is left, or says when one will be. All callers together have 300 a minute; each of
 * those who called in the last minute has an equal part of it, so that nobody is kept out by another who calls all the
 * time. Answers both buckets as they are now; callers that are silent are left out and can be forgotten.
 */
export function takeCall(known: readonly CallBucket[], caller: string, now: Date): CallVerdict {
  const isActive = (one: CallBucket) => now.getTime() - one.refilledAt.getTime() < ACTIVE_MS
  const others = known.filter((one) => one.caller !== '' && one.caller !== caller && isActive(one))
  const share = ASSIGN_CALLS_PER_MINUTE / (others.length + 1)
  const all = refill(known, '', ASSIGN_CALLS_PER_MINUTE, now)
  const own = refill(known, caller, share, now)
  const allowed = all.tokens >= ONE && own.tokens >= ONE
  if (allowed) {
    all.tokens = Math.max(0, all.tokens - 1)
    own.tokens = Math.max(0, own.tokens - 1)
  }
  const wait = Math.max(secondsTo(all, ASSIGN_CALLS_PER_MINUTE), secondsTo(own, share))
  return { allowed, buckets: [all, own], retryAfterSeconds: allowed ? 0 : Math.max(1, Math.ceil(wait)) }
}

function refill(known: readonly CallBucket[], caller: string, perMinute: number, now: Date): CallBucket {
  const bucket = known.find((one) => one.caller === caller)
  if (!bucket) return { caller, tokens: perMinute, refilledAt: now }
  // A clock that is set back gives nothing and takes nothing.
  const passedMs = Math.max(0, now.getTime() - bucket.refilledAt.getTime())
  return { caller, tokens: Math.min(perMinute, bucket.tokens + (passedMs * perMinute) / 60_000), refilledAt: now }
}

function secondsTo({ tokens }: CallBucket, perMinute: number): number {
  return Math.max(0, ((1 - tokens) * 60) / perMinute)
}
