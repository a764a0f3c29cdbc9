import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Asks the source for the items after the present one while that is worked on, `depth` of them, so that upstream time and
 * own time overlap.
 */
export async function* readAhead<T>(source: AsyncGenerator<T, void, void>, depth = 1): AsyncGenerator<T, void, void> {
  const asked: Promise<IteratorResult<T, void>>[] = []
  const ask = () => {
    const next = source.next()
    // An error that comes while the present item is worked on is thrown when its turn comes.
    next.catch(() => {})
    asked.push(next)
  }
  try {
    ask()
    for (let item = await asked.shift(); item && !item.done; item = await asked.shift()) {
      while (asked.length < depth) ask()
      yield item.value
    }
  } finally {
    await Promise.allSettled(asked)
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
