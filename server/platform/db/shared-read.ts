import { currentJoint } from './joint.ts'

/** Asks, or joins the others who ask the same. */
export type SharedRead<T> = (key: string, read: () => Promise<T>) => Promise<T>

/**
 * Answers many equal questions with one read. A question that comes while a read is under way waits for the next one, which
 * begins after it: so nobody gets an answer that is older than his question. `key` must name everything that decides the
 * answer, the scope above all. A read that fails fails for all who share it.
 */
export function createSharedRead<T>(): SharedRead<T> {
  const reads = new Map<string, { running: Promise<T>; next: Promise<T> | null }>()

  function start(key: string, read: () => Promise<T>): Promise<T> {
    const entry = { running: read(), next: null as Promise<T> | null }
    reads.set(key, entry)
    const done = () => {
      // Whoever waits for the next one has his turn now, and that one has put an entry of its own.
      if (reads.get(key) === entry && entry.next === null) reads.delete(key)
    }
    entry.running.then(done, done)
    return entry.running
  }

  return (key, read) => {
    // What is seen there is not stored yet: nobody else may get it.
    if (currentJoint()) return read()
    const entry = reads.get(key)
    if (!entry) return start(key, read)
    entry.next ??= entry.running.then(
      () => start(key, read),
      () => start(key, read),
    )
    return entry.next
  }
}
