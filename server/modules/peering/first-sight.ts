import type { Tx } from '../../platform/db/transaction.ts'
import { leadIntake } from '../leads/index.ts'

/**
 * What an operator's very first listing knows without asking the database: while nobody else has brought a lead, a record
 * can be known only by having come before in this listing.
 */
export type FirstSight = {
  /** Whether records with these ids, each once, can all be stored without looking for them. Takes the operator's lock. */
  areNew(tx: Tx, ids: string[]): Promise<boolean>
  /** So many of them were stored. */
  stored(count: number): void
}

export function createFirstSight(): FirstSight {
  let lastArrival = 0
  // The first letters of each id: four bytes say enough, and of a few records too many the database is asked.
  const seen = new Set<number>()
  return {
    async areNew(tx, ids) {
      if ((await leadIntake.lastArrival(tx)) !== lastArrival) return false
      const before = seen.size
      for (const id of ids) seen.add(Number.parseInt(id.slice(0, 8), 16))
      return seen.size === before + ids.length
    },
    stored(count) {
      lastArrival += count
    },
  }
}
