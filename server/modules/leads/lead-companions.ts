import type { Tx } from '../../platform/db/transaction.ts'

/**
 * What hangs on leads and goes where they go: their services, which are of a higher rank. `licensing` carries it out, and
 * context.ts joins the two. Both or neither: a licensed lead is never in another channel than its service. Source: issue 5, 4.
 */
export type LeadCompanions = {
  /** Why some of these leads may not go to the channel (null: out of theirs); locks what would go along. Lead id → reason. */
  refusals(tx: Tx, leadIds: string[], channelId: number | null): Promise<Map<string, { code: string; reason: string }>>
  /** Takes along what hangs on leads that have moved. */
  follow(tx: Tx, leadIds: string[], channelId: number | null): Promise<void>
}
