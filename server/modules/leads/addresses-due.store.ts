import { type RawBuilder, sql } from 'kysely'
import { openTables, type Tx } from '../../platform/db/transaction.ts'

/** Whose civic addresses are to be asked for next. Source: issue 2, 4. */
export function addressesDueStore(tx: Tx) {
  const db = openTables<Record<never, never>>(tx)
  const operatorId = tx.operatorId

  return {
    /**
     * Tenants of Active leads whose addresses are due: never asked first (licensed before the others, then in order of
     * arrival), then the oldest answer. An attempt that failed waits for `failedBefore`, unless it was hasty; an answer waits
     * for `askedBefore`. Two walks along `lead_addresses_due`, each in the order of the index: the cost is that of the leads
     * returned, not of those that are due. At most `limit` leads, so fewer tenants where several leads are of one.
     */
    async tenants(limit: number, askedBefore: Date, failedBefore: Date): Promise<string[]> {
      const rested = restedSince(failedBefore)
      const walk = async (due: RawBuilder<unknown>, atMost: number): Promise<string[]> => {
        const { rows } = await sql<{ tenant_id: string }>`
          select tenant_id from lead
          where operator_id = ${operatorId} and status = 'Active' and ${due}
            and ${rested}
          order by operator_id, addresses_asked_at nulls first, (ump_customer_guid is null), arrival
          limit ${atMost}`.execute(db)
        return rows.map((row) => row.tenant_id)
      }
      const never = await walk(sql`addresses_asked_at is null`, limit)
      const rest = limit - never.length
      const oldest = rest > 0 ? await walk(sql`addresses_asked_at < ${askedBefore}`, rest) : []
      return [...new Set([...never, ...oldest])]
    },

    async count(askedBefore: Date, failedBefore: Date): Promise<number> {
      const { rows } = await sql<{ count: number }>`
        select count(distinct tenant_id)::int as count from lead
        where operator_id = ${operatorId} and status = 'Active'
          and (addresses_asked_at is null or addresses_asked_at < ${askedBefore})
          and ${restedSince(failedBefore)}`.execute(db)
      return rows[0]?.count ?? 0
    },
  }
}

function restedSince(failedBefore: Date): RawBuilder<unknown> {
  return sql`(addresses_failed_at is null or addresses_failed_hastily or addresses_failed_at < ${failedBefore})`
}
