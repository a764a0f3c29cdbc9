import { connectionOf, type Tx } from '../../platform/db/transaction.ts'

/** How many tasks that were started since then have failed, in whole or in part, or are stuck; in the scope of the transaction. */
export async function countFailedTasks(tx: Tx, since: Date, hiddenKinds: readonly string[]): Promise<number> {
  const { rows } = await connectionOf(tx).query<{ count: number }>(
    `select count(*)::int as count from task
     where operator_id = $1 and created_at >= $2 and state in ('failed', 'partial', 'stuck') and not kind = any($3::text[])`,
    [tx.operatorId, since, hiddenKinds],
  )
  return rows[0]?.count ?? 0
}
