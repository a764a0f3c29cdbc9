import { sql } from 'kysely'
import { openTables, type Tx } from '../../platform/db/transaction.ts'

type Tables = { lead: { operator_id: number; lead_id: string; consented_at: Date } }

/** What the status asks of other leads than the one it is about. */
export function leadStatusStore(tx: Tx) {
  const db = openTables<Tables>(tx)
  return {
    /** When the customers consented, by lead; leads out of scope are absent. */
    async consentedAt(leadIds: string[]): Promise<Map<string, Date>> {
      const rows = await db
        .selectFrom('lead')
        .select(['lead_id', 'consented_at'])
        .where('operator_id', '=', tx.operatorId)
        .where('lead_id', '=', sql<string>`any(${leadIds}::uuid[])`)
        .execute()
      return new Map(rows.map((row) => [row.lead_id, row.consented_at]))
    },
  }
}
