import { openTables, type Tx } from '../../platform/db/transaction.ts'

type Tables = { sync_state: { operator_id: number; listed_at: Date | null } }

/** When Microsoft's list was last read to its end; null: never. Channels may know it too. */
export async function lastListedAt(tx: Tx): Promise<Date | null> {
  const row = await openTables<Tables>(tx)
    .selectFrom('sync_state')
    .select('listed_at')
    .where('operator_id', '=', tx.operatorId)
    .executeTakeFirst()
  return row?.listed_at ?? null
}
