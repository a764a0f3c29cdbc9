import { sql } from 'kysely'
import { openTables, type Tx } from '../../platform/db/transaction.ts'
import { foldSearch } from './lead.rules.ts'
import { searchKey } from './search-key.rules.ts'

type Tables = {
  lead: {
    operator_id: number
    lead_id: string
    arrival: number
    tenant_id: string
    channel_id: number | null
    company_name: string
  }
}

export type LeadNamed = { leadId: string; channelId: number | null }

/** What decides whether a direct lead may be made, and how one is taken away. */
export function directLeadStore(tx: Tx) {
  const db = openTables<Tables>(tx)
  const { operatorId } = tx
  return {
    async ofTenant(tenantId: string): Promise<LeadNamed[]> {
      const rows = await db
        .selectFrom('lead')
        .select(['lead_id', 'channel_id'])
        .where('operator_id', '=', operatorId)
        .where('tenant_id', '=', tenantId)
        .orderBy('arrival')
        .execute()
      return rows.map((row) => ({ leadId: row.lead_id, channelId: row.channel_id }))
    },

    /** All leads of these tenants, in the order of their arrival. */
    async ofTenants(tenantIds: string[]): Promise<{ leadId: string; tenantId: string; arrival: number }[]> {
      if (tenantIds.length === 0) return []
      const { rows } = await sql<{ lead_id: string; tenant_id: string; arrival: number }>`
        select lead_id, tenant_id, arrival from lead
        where operator_id = ${operatorId} and tenant_id = any(${tenantIds}::uuid[]) order by arrival`.execute(db)
      return rows.map((row) => ({ leadId: row.lead_id, tenantId: row.tenant_id, arrival: row.arrival }))
    },

    /** Leads of this company name, letter case aside. Found by the search, which has an index, then compared. */
    async ofCompany(name: string): Promise<LeadNamed[]> {
      const { rows } = await sql<{ lead_id: string; channel_id: number | null }>`
        select lead_id, channel_id from lead
        where operator_id = ${operatorId} and lower(company_name) = lower(${name})
          and arrival = any(array(select leads_matching(${`%${searchKey(foldSearch(name))}%`})))
        order by arrival limit 10`.execute(db)
      return rows.map((row) => ({ leadId: row.lead_id, channelId: row.channel_id }))
    },

    /** The row and what it is found by. The caller holds the operator's lock and tells the scopes. */
    async remove({ leadId, arrival }: { leadId: string; arrival: number }): Promise<void> {
      for (const table of ['lead_search_recent', 'lead_search']) {
        await sql`delete from ${sql.table(table)} where operator_id = ${operatorId} and arrival = ${arrival}`.execute(
          db,
        )
      }
      await db.deleteFrom('lead').where('operator_id', '=', operatorId).where('lead_id', '=', leadId).execute()
    },
  }
}
