import { setTimeout as sleep } from 'node:timers/promises'

/** Asks the source for its next item while the present one is worked on, so that upstream time and own time overlap. */
export async function* readAhead<T>(source: AsyncGenerator<T, void, void>): AsyncGenerator<T, void, void> {
  let next = source.next()
  // An error that comes while the present item is worked on is thrown when its turn comes.
  next.catch(() => {})
  try {
    for (let item = await next; !item.done; item = await next) {
      next = source.next()
      next.catch(() => {})
      yield item.value
    }
  } finally {
    await next.catch(() => {})
    await source.return()
  }
}

/** Whether a promise is fulfilled or rejected within a time; what it brings is left to the caller. */
export async function settlesWithin(promise: Promise<unknown>, milliseconds: number): Promise<boolean> {
  const settled = new AbortController()
  const settles = promise.then(
    () => true,
    () => true,
  )
  const passes = sleep(milliseconds, false, { signal: settled.signal }).catch(() => false)
  try {
    return await Promise.race([settles, passes])
  } finally {
    settled.abort()
  }
}
