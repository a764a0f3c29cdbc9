/** What a bucket says about one request. */
export type Allowance = {
  allowed: boolean
  limit: number
  remaining: number
  resetSeconds: number
  retryAfterSeconds: number
}

type Bucket = { tokens: number; refilledAt: number }

const MOST_BUCKETS = 50_000
/** One token, but for the rounding of fractions: who waits as long as he was told gets it. */
const ONE = 1 - 1e-6

/**
 * Token buckets in memory: `limit` requests at once, refilled evenly over `windowSeconds`. Costs about a microsecond.
 * Each instance of Leadline counts for itself, so N instances behind a balancer allow N times the limit.
 */
export class RateLimit {
  readonly limit: number
  readonly #perMillisecond: number
  readonly #buckets = new Map<string, Bucket>()

  constructor(limit: number, windowSeconds: number) {
    this.limit = limit
    this.#perMillisecond = limit / (windowSeconds * 1000)
  }

  /** Takes one from the bucket of `key`; `now` in milliseconds. */
  take(key: string, now: number): Allowance {
    const bucket = this.#refill(key, now)
    const allowed = bucket.tokens >= ONE
    if (allowed) bucket.tokens = Math.max(0, bucket.tokens - 1)
    return this.#allowance(bucket, allowed)
  }

  /** What `take` would say, without taking. */
  peek(key: string, now: number): Allowance {
    const known = this.#buckets.get(key)
    if (!known) return this.#allowance({ tokens: this.limit, refilledAt: now }, true)
    const bucket = this.#refill(key, now)
    return this.#allowance(bucket, bucket.tokens >= ONE)
  }

  /** Forgets what `key` has used. */
  reset(key: string): void {
    this.#buckets.delete(key)
  }

  #refill(key: string, now: number): Bucket {
    let bucket = this.#buckets.get(key)
    if (!bucket) {
      if (this.#buckets.size >= MOST_BUCKETS) this.#makeRoom(now)
      bucket = { tokens: this.limit, refilledAt: now }
      this.#buckets.set(key, bucket)
      return bucket
    }
    // A clock that is set back gives nothing and takes nothing.
    const passed = Math.max(0, now - bucket.refilledAt)
    bucket.tokens = Math.min(this.limit, bucket.tokens + passed * this.#perMillisecond)
    bucket.refilledAt = now
    return bucket
  }

  #allowance(bucket: Bucket, allowed: boolean): Allowance {
    const perSecond = this.#perMillisecond * 1000
    return {
      allowed,
      limit: this.limit,
      remaining: Math.floor(bucket.tokens),
      resetSeconds: Math.ceil((this.limit - bucket.tokens) / perSecond),
      retryAfterSeconds: allowed ? 0 : Math.max(1, Math.ceil((1 - bucket.tokens) / perSecond)),
    }
  }

  // Full buckets say nothing; if a flood of addresses leaves none, the oldest half goes.
  #makeRoom(now: number): void {
    for (const [key, bucket] of this.#buckets) {
      if (bucket.tokens + (now - bucket.refilledAt) * this.#perMillisecond >= this.limit) this.#buckets.delete(key)
    }
    let surplus = this.#buckets.size - MOST_BUCKETS / 2
    for (const key of this.#buckets.keys()) {
      if (surplus-- <= 0) return
      this.#buckets.delete(key)
    }
  }
}
