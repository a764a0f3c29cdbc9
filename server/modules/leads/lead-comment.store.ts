import { connectionOf, type Tx } from '../../platform/db/transaction.ts'

/** What is stored with a lead as its comments; undefined: there is no such lead in scope. */
export async function storedComments(tx: Tx, leadId: string): Promise<unknown[] | null | undefined> {
  const { rows } = await connectionOf(tx).query<{ comments: string | null }>(
    'select comments from lead where operator_id = $1 and lead_id = $2',
    [tx.operatorId, leadId],
  )
  const [row] = rows
  return row && (row.comments === null ? null : (JSON.parse(row.comments) as unknown[]))
}
