import { setTimeout as delay } from 'node:timers/promises'

/** Waits so many milliseconds; rejects at once when the signal is aborted. Tests put in one that moves a fake clock. */
export type Sleep = (milliseconds: number, signal?: AbortSignal) => Promise<void>

export const systemSleep: Sleep = async (milliseconds, signal) => {
  await delay(milliseconds, undefined, signal === undefined ? {} : { signal })
}

/**
 * One signal that follows several. `release` must be called when the work is over: a listener left behind on a
 * long-lived signal (a job's, the client's) would be kept for every request ever made.
 */
export function followSignals(signals: (AbortSignal | undefined)[]): {
  signal: AbortSignal
  abort: (reason: unknown) => void
  release: () => void
} {
  const controller = new AbortController()
  const releases: (() => void)[] = []
  for (const source of signals) {
    if (source === undefined) continue
    if (source.aborted) {
      controller.abort(source.reason)
      continue
    }
    const onAbort = () => controller.abort(source.reason)
    source.addEventListener('abort', onAbort, { once: true })
    releases.push(() => source.removeEventListener('abort', onAbort))
  }
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    release: () => {
      for (const release of releases) release()
    },
  }
}

/** Waits for shared work, but only as long as this caller wants to: the work itself goes on for the others. */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
