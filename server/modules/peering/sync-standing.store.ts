import { connectionOf, type Tx } from '../../platform/db/transaction.ts'

export type SyncStanding = {
  /** When Microsoft's list was last read to its end; null: never. */
  listedAt: Date | null
  /** Since when its list lacks so much that it is not believed; null: it is. */
  shrunkSince: Date | null
}

export async function syncStanding(tx: Tx): Promise<SyncStanding> {
  const { rows } = await connectionOf(tx).query<SyncStanding>(
    'select listed_at as "listedAt", shrunk_since as "shrunkSince" from sync_state where operator_id = $1',
    [tx.operatorId],
  )
  return rows[0] ?? { listedAt: null, shrunkSince: null }
}
