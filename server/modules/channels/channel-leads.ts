import type { Tx } from '../../platform/db/transaction.ts'

/**
 * What channels must know of leads, which are of a higher rank: `leads` carries it out, and context.ts joins the two.
 * All of it in the scope of the transaction.
 */
export type ChannelLeads = {
  /** Locks all changes of leads until the transaction ends: taken before any channel, so that nobody waits crosswise. */
  lock(tx: Tx): Promise<void>
  /** Leads of each channel that has any. */
  counts(tx: Tx): Promise<Map<number, number>>
  /** Licensed leads of each channel that has any. */
  serviceCounts(tx: Tx): Promise<Map<number, number>>
  /** The first leads of a channel. */
  some(tx: Tx, channelId: number, limit: number): Promise<{ id: string; name: string }[]>
  /** Lists show the name of a channel: those that were read before it changed are out of date. */
  noteChanged(tx: Tx, channelId: number): Promise<void>
}
