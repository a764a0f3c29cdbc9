import { setTimeout as sleep } from 'node:timers/promises'

/** Lets callers through one by one, evenly spread, at most so many a minute; unused time is not saved up. */
export function createPacer(callsPerMinute: number): (signal: AbortSignal) => Promise<void> {
  const intervalMs = 60_000 / callsPerMinute
  let nextAtMs = 0
  return async (signal) => {
    const nowMs = performance.now()
    const atMs = Math.max(nowMs, nextAtMs)
    nextAtMs = atMs + intervalMs
    // Timers are no finer than a millisecond: short waits add up until they are worth one.
    if (atMs - nowMs >= 1) await sleep(atMs - nowMs, undefined, { signal })
  }
}
