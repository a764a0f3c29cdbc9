export type TimeLimit = {
  /** Aborted when the time is over, or when the parent is. */
  signal: AbortSignal
  /** The work's outcome; rejects with the signal's reason when the work does not stop within the grace after an abort. */
  race<T>(work: Promise<T>, graceMs: number): Promise<T>
  cancel(): void
}

/** Gives work a limited time, and a moment more to stop by itself. */
export function limitTime(milliseconds: number, parent: AbortSignal): TimeLimit {
  const control = new AbortController()
  const { signal } = control
  const stop = () => control.abort(parent.reason)
  const timer = setTimeout(() => control.abort(new Error(`Not done within ${milliseconds / 1000} s.`)), milliseconds)
  let graceTimer: NodeJS.Timeout | undefined
  parent.addEventListener('abort', stop, { once: true })
  if (parent.aborted) stop()
  return {
    signal,
    race(work, graceMs) {
      const { promise, reject } = Promise.withResolvers<never>()
      const leave = () => {
        graceTimer = setTimeout(() => reject(signal.reason), graceMs)
      }
      if (signal.aborted) leave()
      else signal.addEventListener('abort', leave, { once: true })
      return Promise.race([work, promise])
    },
    cancel() {
      clearTimeout(timer)
      clearTimeout(graceTimer)
      parent.removeEventListener('abort', stop)
    },
  }
}
