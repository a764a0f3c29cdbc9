import { MAX_PAGE_SIZE, type Recall } from '../../microsoft/index.ts'
import { recordDigest } from './map-consent-to-lead.ts'

/** Ids of the leads that the last listing held on pages beginning between two places, by the digest of their record. */
export type ReadMemory = (from: number, to: number) => Promise<ReadonlyMap<string, string>>

/** So many pages are remembered at once: of a list of any length, these are what is held in memory. */
const PAGES_AT_ONCE = 10

/**
 * What the last listing held near the place that is being read. Records move on by a few places when others come in before
 * them, so the pages beside a place count too.
 */
export function createListingMemory(read: ReadMemory) {
  let ids: ReadonlyMap<string, string> = new Map()
  let [from, to] = [0, -1]

  return {
    /** Remembers what belongs to a page that begins here, and to the one after it, which may have been asked for too. */
    async reach(skip: number): Promise<void> {
      const [first, last] = [Math.max(0, skip - MAX_PAGE_SIZE), skip + 2 * MAX_PAGE_SIZE]
      if (first >= from && last <= to) return
      from = first
      to = skip + PAGES_AT_ONCE * MAX_PAGE_SIZE
      ids = await read(from, to)
    },

    record: ((text) => {
      const digest = recordDigest(text)
      return { digest, knownId: ids.get(digest) }
    }) satisfies Recall['record'],
  }
}

export type ListingMemory = ReturnType<typeof createListingMemory>
