import { sql } from 'kysely'
import { openTables, type Tx } from '../../platform/db/transaction.ts'
import { type License, type Processing, plain } from './lead.rules.ts'
import { leadText, remoteOf } from './lead.view.ts'
import { insertRows, type LeadWrite, type StoredLead, writeLeads } from './lead-write.store.ts'

/** A lead that changed in a scope: 1 came into it, -1 left it, 0 is another there. `channelId` null: in no channel. */
export type ScopeChange = { channelId: number | null; added: -1 | 0 | 1 }

type LeadTable = {
  operator_id: number
  lead_id: string
  arrival: number
  tenant_id: string
  channel_id: number | null
  is_direct: boolean
  status: string
  remote_hash: Buffer
  extras: string | null
  civic_addresses: string | null
  addresses_asked_at: Date | null
  addresses_failed_at: Date | null
  addresses_failed_hastily: boolean
  addresses_failure: string | null
  ump_customer_guid: string | null
  license: License | null
  processing: Processing | null
  is_not_active: boolean | null
  comments: string | null
  missing_since: Date | null
  changed_at: Date
  body: string
}
type ScopeTable = { operator_id: number; channel_id: number; version: number; total: number; last_arrival: number }
type LeadTables = {
  lead: LeadTable
  lead_scope: ScopeTable
}

/** Why a tenant's addresses could not be had; `hasty`: while somebody waited for a page, which says little. */
export type AddressFailure = { failure: string; hasty: boolean }

/** What is known of a stored lead: the hash in hex, and whether the last listing lacked it. */
export type KnownHash = { hash: string; missing: boolean }

/** A lead that the last listing lacked, since it was first missed. */
export type MissingLead = { leadId: string; tenantId: string; isDirect: boolean; missingSince: Date }

const ID_LENGTH = 36

/** All writes to leads. Every change of a lead's facts rebuilds its text in the same statement. */
export function leadStore(tx: Tx) {
  const db = openTables<LeadTables>(tx)
  const operatorId = tx.operatorId

  return {
    /** Hash of what Microsoft last said of each known id; ids that are not known are absent from the map. */
    async hashesOf(leadIds: string[]): Promise<Map<string, KnownHash>> {
      // One text for all: a thousand rows cost more to take apart than to find.
      // Looked up one by one in the key: the planner, which row security tells little, would rather read the operator's leads.
      const { rows } = await sql<{ known: string | null }>`
        select string_agg(lead_id || encode(remote_hash, 'hex') || case when missing_since is null then '' else '!' end, ' ')
          as known
        from unnest(${leadIds}::uuid[]) as asked (id) cross join lateral (
          select lead_id, remote_hash, missing_since from lead
          where operator_id = ${operatorId} and lead_id = asked.id limit 1
        ) found`.execute(db)
      const known = new Map<string, KnownHash>()
      for (const one of rows[0]?.known?.split(' ') ?? []) {
        const missing = one.endsWith('!')
        known.set(one.slice(0, ID_LENGTH), { hash: one.slice(ID_LENGTH, missing ? -1 : undefined), missing })
      }
      return known
    },

    /** The named leads, locked against other writers until the transaction ends. */
    async lockLeads(leadIds: string[]): Promise<StoredLead[]> {
      return toStored(
        await selectStored(db, operatorId)
          .where('l.lead_id', '=', sql<string>`any(${leadIds}::uuid[])`)
          .orderBy('l.lead_id')
          .forUpdate('l')
          .execute(),
      )
    },

    async lockTenant(tenantId: string): Promise<StoredLead[]> {
      return toStored(
        await selectStored(db, operatorId)
          .where('l.tenant_id', '=', tenantId)
          .orderBy('l.lead_id')
          .forUpdate('l')
          .execute(),
      )
    },

    /**
     * Next arrival number; locks the operator's counter until the transaction ends, so numbers have no gaps. Every change
     * of leads begins with it, so that writers queue up here and never wait for each other crosswise.
     */
    async lockArrival(): Promise<number> {
      for (;;) {
        const row = await db
          .selectFrom('lead_scope')
          .select('last_arrival')
          .where('operator_id', '=', operatorId)
          .where('channel_id', '=', 0)
          .forUpdate()
          .executeTakeFirst()
        if (row) return row.last_arrival + 1
        await sql`insert into lead_scope (operator_id) values (${operatorId}) on conflict do nothing`.execute(db)
      }
    },

    /** Inserts or replaces leads, whatever their number; the caller holds the operator's lock (`lockArrival`). */
    write: (leads: LeadWrite[]) => writeLeads(tx, leads),

    /** Inserts ready rows of new leads, the first of which arrives as number `arrival`. */
    insert: (rows: Buffer, arrival: number) => insertRows(tx, rows, arrival),

    /** Puts up to `limit` of the leads written last into the search index; answers how many there were. */
    async indexRecent(limit: number): Promise<number> {
      const { numAffectedRows } = await sql`
        with moved as (
          delete from lead_search_recent where operator_id = ${operatorId} and arrival = any (array(
            select arrival from lead_search_recent where operator_id = ${operatorId}
            order by arrival limit ${limit} for update skip locked
          ))
          returning operator_id, arrival, channel_id, search
        )
        insert into lead_search (operator_id, arrival, channel_id, search) select * from moved
        on conflict (operator_id, arrival) do update set channel_id = excluded.channel_id, search = excluded.search`.execute(
        db,
      )
      return Number(numAffectedRows ?? 0)
    },

    /** Makes searching as fast as it gets, once many leads have been moved into the index. */
    async settleSearch(): Promise<void> {
      await sql`select settle_lead_search()`.execute(db)
    },

    /** Marks leads that a complete listing lacks; those marked before keep their instant. */
    async markMissing(leadIds: string[]): Promise<void> {
      await db
        .updateTable('lead')
        .set({ missing_since: sql<Date>`coalesce(missing_since, now())` })
        .where('operator_id', '=', operatorId)
        .where('lead_id', '=', sql<string>`any(${leadIds}::uuid[])`)
        .execute()
    },

    /** Records Microsoft's answer on a tenant's addresses, or why there was none; the text is rebuilt when they changed. */
    async writeAddresses(leads: StoredLead[], answer: { addresses: string } | AddressFailure): Promise<ScopeChange[]> {
      const changed: ScopeChange[] = []
      for (const lead of leads) {
        const update = db.updateTable('lead').where('operator_id', '=', operatorId).where('lead_id', '=', lead.leadId)
        if ('failure' in answer) {
          const { hasty } = answer
          const failure = plain(answer.failure)
          await update
            .set({
              addresses_failed_at: sql<Date>`now()`,
              addresses_failed_hastily: hasty,
              // An answer that is there stands.
              addresses_failure: hasty
                ? sql<string>`case when addresses_asked_at is null then ${failure} else addresses_failure end`
                : failure,
            })
            .execute()
          continue
        }
        const asked = {
          addresses_asked_at: sql<Date>`now()`,
          addresses_failed_at: null,
          addresses_failed_hastily: false,
          addresses_failure: null,
        }
        if (lead.civicAddresses === answer.addresses) {
          await update.set(asked).execute()
          continue
        }
        const body = leadText(lead.remote, lead.local, answer.addresses)
        await update.set({ ...asked, civic_addresses: answer.addresses, body, changed_at: sql<Date>`now()` }).execute()
        changed.push({ channelId: lead.local.channelId, added: 0 })
      }
      return changed
    },

    /** Tells every scope that sees a changed lead that its data has a new version, and how many leads it has now. */
    async touch(changes: ScopeChange[], lastArrival = 0): Promise<void> {
      if (changes.length === 0) return
      const totals = new Map([[0, 0]])
      for (const { channelId, added } of changes) {
        totals.set(0, (totals.get(0) ?? 0) + added)
        if (channelId !== null) totals.set(channelId, (totals.get(channelId) ?? 0) + added)
      }
      // In a fixed order, so that two writers never wait for each other.
      for (const [channel, added] of [...totals].sort(([a], [b]) => a - b)) {
        await sql`
          insert into lead_scope as s (operator_id, channel_id, version, total, last_arrival)
          values (${operatorId}, ${channel}, 1, ${added}, ${channel === 0 ? lastArrival : 0})
          on conflict (operator_id, channel_id) do update
          set version = s.version + 1, total = s.total + excluded.total,
              last_arrival = greatest(s.last_arrival, excluded.last_arrival)`.execute(db)
      }
    },

    /** Ids of all leads, consented or direct, that a listing of Microsoft should contain: those that are not removed. */
    async listedIds(isDirect: boolean): Promise<string[]> {
      const rows = await db
        .selectFrom('lead')
        .select('lead_id')
        .where('operator_id', '=', operatorId)
        .where('is_direct', '=', isDirect)
        .where('status', '<>', 'Removed')
        .execute()
      return rows.map((row) => row.lead_id)
    },

    async presentTenant(): Promise<string | null> {
      const row = await db
        .selectFrom('lead')
        .select('tenant_id')
        .where('operator_id', '=', operatorId)
        .where('is_direct', '=', false)
        .where('status', '=', 'Active')
        .where('missing_since', 'is', null)
        .limit(1)
        .executeTakeFirst()
      return row?.tenant_id ?? null
    },

    /** Leads whose absence is not yet explained, the longest missing first. */
    async missing(limit: number): Promise<MissingLead[]> {
      const rows = await db
        .selectFrom('lead')
        .select(['lead_id', 'tenant_id', 'is_direct', 'missing_since'])
        .where('operator_id', '=', operatorId)
        .where('missing_since', 'is not', null)
        .orderBy('missing_since')
        .limit(limit)
        .execute()
      return rows.map((row) => ({
        leadId: row.lead_id,
        tenantId: row.tenant_id,
        isDirect: row.is_direct,
        missingSince: row.missing_since as Date,
      }))
    },
  }
}

function selectStored(db: ReturnType<typeof openTables<LeadTables>>, operatorId: number) {
  return db
    .selectFrom('lead as l')
    .select([
      'l.lead_id',
      'l.arrival',
      'l.remote_hash',
      'l.extras',
      'l.body',
      'l.civic_addresses',
      'l.ump_customer_guid',
      'l.channel_id',
      'l.license',
      'l.processing',
      'l.is_not_active',
      'l.comments',
      'l.missing_since',
    ])
    .where('l.operator_id', '=', operatorId)
}

type StoredRow = Awaited<ReturnType<ReturnType<typeof selectStored>['execute']>>[number]

function toStored(rows: StoredRow[]): StoredLead[] {
  return rows.map((row) => ({
    leadId: row.lead_id,
    arrival: row.arrival,
    remote: remoteOf(row.body, row.extras),
    remoteHash: row.remote_hash.toString('hex'),
    civicAddresses: row.civic_addresses,
    missing: row.missing_since !== null,
    local: {
      umpCustomerGuid: row.ump_customer_guid,
      channelId: row.channel_id,
      license: row.license,
      processing: row.processing,
      isNotActive: row.is_not_active,
      comments: row.comments === null ? null : (JSON.parse(row.comments) as unknown[]),
    },
  }))
}
