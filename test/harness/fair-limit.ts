import { watchStolenTime } from '../../tools/stolen-time.ts'

const stolenShare = watchStolenTime()

/** A limit in time for a machine of one's own, longer by what the host has given to others since this file began. */
export function fairLimit(limit: number): number {
  return limit / (1 - Math.min(stolenShare(), 0.95))
}
