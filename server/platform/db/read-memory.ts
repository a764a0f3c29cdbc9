import { LRUCache } from 'lru-cache'
import { currentJoint } from './joint.ts'

/** What was read, by a key that names all that decides it: the scope and the version of its data above all. */
export type ReadMemory<T> = { get(key: string): T | undefined; set(key: string, value: T): void }

/**
 * Remembers what was read last; what nobody asks for any more goes first. `maxBytes` with `bytesOf`: so much of it, and
 * nothing that would take more than a sixteenth. Within work that is not stored yet nothing is remembered nor known: a
 * version that is seen there may prove to be another's.
 */
export function createReadMemory<T extends object>(
  limit: { maxEntries: number } | { maxBytes: number; bytesOf: (value: T) => number },
): ReadMemory<T> {
  const memory = new LRUCache<string, T>(
    'maxEntries' in limit
      ? { max: limit.maxEntries }
      : {
          maxSize: limit.maxBytes,
          maxEntrySize: limit.maxBytes / 16,
          sizeCalculation: (value) => limit.bytesOf(value) + 1,
        },
  )
  return {
    get: (key) => (currentJoint() === null ? memory.get(key) : undefined),
    set(key, value) {
      if (currentJoint() === null) memory.set(key, value)
    },
  }
}
