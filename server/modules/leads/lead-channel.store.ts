import { sql } from 'kysely'
import { openTables, type Tx } from '../../platform/db/transaction.ts'
import type { AssignTarget } from './lead-channel.rules.ts'

type Tables = {
  lead: {
    operator_id: number
    lead_id: string
    arrival: number
    tenant_id: string
    channel_id: number | null
    company_name: string
    ump_customer_guid: string | null
    changed_at: Date
  }
  lead_scope: { operator_id: number; channel_id: number; total: number }
}

/** A lead that goes to another channel, with its new text. */
export type MovedLead = { leadId: string; arrival: number; body: string }

const RECORD_SEPARATOR = '\u001e'

/** Leads as channels hold them. */
export function leadChannelStore(tx: Tx) {
  const db = openTables<Tables>(tx)
  const { operatorId } = tx
  const column = { lead: 'lead_id', tenant: 'tenant_id', service: 'ump_customer_guid' } as const
  return {
    /** Leads of each channel that has any, as counted with each change. */
    async counts(): Promise<Map<number, number>> {
      const rows = await db
        .selectFrom('lead_scope')
        .select(['channel_id', 'total'])
        .where('operator_id', '=', operatorId)
        .where('channel_id', '>', 0)
        .execute()
      return new Map(rows.map((row) => [row.channel_id, row.total]))
    },

    /** Licensed leads of each channel that has any. */
    async serviceCounts(): Promise<Map<number, number>> {
      const rows = await db
        .selectFrom('lead')
        .select(['channel_id', sql<number>`count(*)::int`.as('services')])
        .where('operator_id', '=', operatorId)
        .where('ump_customer_guid', 'is not', null)
        .where('channel_id', 'is not', null)
        .groupBy('channel_id')
        .execute()
      return new Map(rows.map((row) => [row.channel_id ?? 0, row.services]))
    },

    /** The first leads of a channel, in order of arrival. */
    async some(channelId: number, limit: number): Promise<{ id: string; name: string }[]> {
      const rows = await db
        .selectFrom('lead')
        .select(['lead_id', 'company_name'])
        .where('operator_id', '=', operatorId)
        .where('channel_id', '=', channelId)
        .orderBy('arrival')
        .limit(limit)
        .execute()
      return rows.map((row) => ({ id: row.lead_id, name: row.company_name }))
    },

    /** The leads that are meant, in order of arrival; none when there is no such lead in scope. */
    async find({ by, id }: Pick<AssignTarget, 'by' | 'id'>): Promise<string[]> {
      const rows = await db
        .selectFrom('lead')
        .select('lead_id')
        .where('operator_id', '=', operatorId)
        .where(column[by], '=', id)
        .orderBy('arrival')
        .execute()
      return rows.map((row) => row.lead_id)
    },

    /** Tenant and last change of a lead in scope. */
    async known(leadId: string): Promise<{ tenantId: string; changedAt: Date } | undefined> {
      return db
        .selectFrom('lead')
        .select(['tenant_id as tenantId', 'changed_at as changedAt'])
        .where('operator_id', '=', operatorId)
        .where('lead_id', '=', leadId)
        .executeTakeFirst()
    },

    /** Whether any of these leads is in this channel (null: in none) now. */
    async anyIn(leadIds: string[], channelId: number | null): Promise<boolean> {
      const row = await db
        .selectFrom('lead')
        .select('lead_id')
        .where('operator_id', '=', operatorId)
        .where('lead_id', '=', sql<string>`any(${leadIds}::uuid[])`)
        .where('channel_id', 'is not distinct from', channelId)
        .executeTakeFirst()
      return row !== undefined
    },

    /**
     * Puts leads into a channel, or out of theirs (null): one statement for all, and two for what they are found by. A lead
     * that a listing lacks stays marked as missing. The caller holds the operator's lock.
     */
    async move(leads: MovedLead[], channelId: number | null): Promise<void> {
      if (leads.length === 0) return
      // As one text: quoting and reading a list of a thousand long texts takes longer than either. JSON holds no such character.
      const bodies = leads.map((lead) => lead.body).join(RECORD_SEPARATOR)
      await sql`
        update lead l set channel_id = ${channelId}, body = moved.body, comments = coalesce(l.comments, '[]'), changed_at = now()
        from unnest(${leads.map((lead) => lead.leadId)}::uuid[], string_to_array(${bodies}, ${RECORD_SEPARATOR})) as moved (lead_id, body)
        where l.operator_id = ${operatorId} and l.lead_id = moved.lead_id`.execute(db)
      const arrivals = leads.map((lead) => lead.arrival)
      // In this order: a lead that is being moved into the index meanwhile is waited for, and is in the index then. What is
      // there is taken out, as any lead that changes: the sync puts it back, many at once, at a fraction of the cost.
      await sql`
        update lead_search_recent set channel_id = ${channelId}
        where operator_id = ${operatorId} and arrival = any(${arrivals}::integer[])`.execute(db)
      await sql`
        with outdated as (
          delete from lead_search where operator_id = ${operatorId} and arrival = any(${arrivals}::integer[])
          returning operator_id, arrival, search
        )
        insert into lead_search_recent (operator_id, arrival, channel_id, search)
        select operator_id, arrival, ${channelId}::integer, search from outdated
        on conflict (operator_id, arrival) do update set channel_id = excluded.channel_id`.execute(db)
    },
  }
}
