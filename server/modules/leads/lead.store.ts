import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { sql } from 'kysely'
import { from as copyFrom } from 'pg-copy-streams'
import { connectionOf, openTables, type Tx } from '../../platform/db/transaction.ts'
import {
  foldSearch,
  type License,
  type LocalFacts,
  type Processing,
  plain,
  type RemoteLead,
  searchTextOf,
} from './lead.rules.ts'
import { leadText } from './lead.view.ts'

/** A lead row with what is needed to build its text again. */
export type StoredLead = {
  leadId: string
  arrival: number
  remote: RemoteLead
  remoteHash: Buffer
  local: LocalFacts
  civicAddresses: string | null
  missing: boolean
  channelName: string | null
}

/** What a write puts into a lead row. */
export type LeadWrite = Omit<StoredLead, 'missing'>

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
  remote: string
  remote_hash: Buffer
  civic_addresses: string | null
  addresses_asked_at: Date | null
  addresses_failed_at: Date | null
  addresses_failure: string | null
  ump_customer_guid: string | null
  license: License | null
  processing: Processing | null
  is_not_active: boolean | null
  comments: string | null
  missing_since: Date | null
  changed_at: Date
  search: string
  body: string
}
type ScopeTable = { operator_id: number; channel_id: number; version: number; total: number; last_arrival: number }
type LeadTables = {
  lead: LeadTable
  lead_scope: ScopeTable
  channel: { operator_id: number; channel_id: number; name: string }
}

const COLUMNS = [
  'operator_id',
  'lead_id',
  'arrival',
  'tenant_id',
  'channel_id',
  'is_direct',
  'status',
  'company_name',
  'consented_at',
  'modified_at',
  'countries',
  'remote',
  'remote_hash',
  'civic_addresses',
  'ump_customer_guid',
  'license',
  'processing',
  'is_not_active',
  'comments',
  'search',
  'body',
]
/** On an existing row a write sets everything but its identity, and a lead that is written is not missing. */
const UPDATES = [
  ...COLUMNS.slice(3).map((column) => `${column} = excluded.${column}`),
  'missing_since = null',
  'changed_at = now()',
]

/** All writes to leads. Every change of a lead's facts rebuilds its text in the same statement. */
export function leadStore(tx: Tx) {
  const db = openTables<LeadTables>(tx)
  const operatorId = tx.operatorId

  return {
    /** Hash of what Microsoft last said of each known id; ids that are not known are absent from the map. */
    async hashesOf(leadIds: string[]): Promise<Map<string, { hash: Buffer; missing: boolean }>> {
      const rows = await db
        .selectFrom('lead')
        .select(['lead_id', 'remote_hash', 'missing_since'])
        .where('operator_id', '=', operatorId)
        .where('lead_id', '=', sql<string>`any(${leadIds}::uuid[])`)
        .execute()
      return new Map(rows.map((row) => [row.lead_id, { hash: row.remote_hash, missing: row.missing_since !== null }]))
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

    async channelName(channelId: number | null): Promise<string | null> {
      if (channelId === null) return null
      const row = await db
        .selectFrom('channel')
        .select('name')
        .where('operator_id', '=', operatorId)
        .where('channel_id', '=', channelId)
        .executeTakeFirst()
      return row?.name ?? null
    },

    /** Next arrival number; locks the operator's counter until the transaction ends, so numbers have no gaps. */
    async lockArrival(): Promise<number> {
      await sql`
        insert into lead_scope (operator_id) values (${operatorId}) on conflict do nothing`.execute(db)
      const row = await db
        .selectFrom('lead_scope')
        .select('last_arrival')
        .where('operator_id', '=', operatorId)
        .where('channel_id', '=', 0)
        .forUpdate()
        .executeTakeFirstOrThrow()
      return row.last_arrival + 1
    },

    /** Inserts or replaces leads with one COPY and one statement, whatever their number. */
    async write(leads: LeadWrite[]): Promise<void> {
      if (leads.length === 0) return
      const client = connectionOf(tx)
      // COPY is refused on a table with row security; a session's own table is not, and the policies check the insert.
      await client.query(
        `create temp table if not exists lead_incoming on commit delete rows as select ${COLUMNS.join(', ')} from lead with no data`,
      )
      const copy = client.query(
        copyFrom(
          `copy lead_incoming (${COLUMNS.join(', ')}) from stdin with (format csv, quote e'\\x01', delimiter e'\\x02', null '\\N')`,
        ),
      )
      await pipeline(Readable.from(copyChunks(operatorId, leads), { objectMode: false }), copy)
      await client.query(
        `insert into lead (${COLUMNS.join(', ')}) select ${COLUMNS.join(', ')} from lead_incoming
         on conflict (operator_id, lead_id) do update set ${UPDATES.join(', ')}`,
      )
      await client.query('truncate lead_incoming')
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
    async writeAddresses(
      leads: StoredLead[],
      answer: { addresses: string } | { failure: string },
    ): Promise<ScopeChange[]> {
      const changed: ScopeChange[] = []
      for (const lead of leads) {
        const update = db.updateTable('lead').where('operator_id', '=', operatorId).where('lead_id', '=', lead.leadId)
        if ('failure' in answer) {
          await update
            .set({ addresses_failed_at: sql<Date>`now()`, addresses_failure: plain(answer.failure) })
            .execute()
          continue
        }
        const asked = { addresses_asked_at: sql<Date>`now()`, addresses_failed_at: null, addresses_failure: null }
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

    /** Ids of all leads that a listing of Microsoft should contain: consented, and not removed. */
    async listedIds(): Promise<string[]> {
      const rows = await db
        .selectFrom('lead')
        .select('lead_id')
        .where('operator_id', '=', operatorId)
        .where('is_direct', '=', false)
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
    async missing(limit: number): Promise<{ leadId: string; tenantId: string; missingSince: Date }[]> {
      const rows = await db
        .selectFrom('lead')
        .select(['lead_id', 'tenant_id', 'missing_since'])
        .where('operator_id', '=', operatorId)
        .where('missing_since', 'is not', null)
        .orderBy('missing_since')
        .limit(limit)
        .execute()
      return rows.map((row) => ({
        leadId: row.lead_id,
        tenantId: row.tenant_id,
        missingSince: row.missing_since as Date,
      }))
    },

    /**
     * Tenants of Active leads whose addresses are due: never asked first (licensed before the others, then in order of
     * arrival), then the oldest answer. A failed attempt waits for `failedBefore`, an answer for `askedBefore`.
     */
    async tenantsDueForAddresses(limit: number, askedBefore: Date, failedBefore: Date): Promise<string[]> {
      const { rows } = await sql<{ tenant_id: string }>`
        select tenant_id from (
          select distinct on (tenant_id) tenant_id, addresses_asked_at, ump_customer_guid is null as unlicensed, arrival
          from lead
          where operator_id = ${operatorId} and status = 'Active'
            and (addresses_asked_at is null or addresses_asked_at < ${askedBefore})
            and (addresses_failed_at is null or addresses_failed_at < ${failedBefore})
          order by tenant_id, addresses_asked_at nulls first
        ) due
        order by addresses_asked_at nulls first, unlicensed, arrival
        limit ${limit}`.execute(db)
      return rows.map((row) => row.tenant_id)
    },

    async countDueForAddresses(askedBefore: Date, failedBefore: Date): Promise<number> {
      const { rows } = await sql<{ count: number }>`
        select count(distinct tenant_id)::int as count from lead
        where operator_id = ${operatorId} and status = 'Active'
          and (addresses_asked_at is null or addresses_asked_at < ${askedBefore})
          and (addresses_failed_at is null or addresses_failed_at < ${failedBefore})`.execute(db)
      return rows[0]?.count ?? 0
    },
  }
}

function selectStored(db: ReturnType<typeof openTables<LeadTables>>, operatorId: number) {
  return db
    .selectFrom('lead as l')
    .select((eb) => [
      'l.lead_id',
      'l.arrival',
      'l.remote',
      'l.remote_hash',
      'l.civic_addresses',
      'l.ump_customer_guid',
      'l.channel_id',
      'l.license',
      'l.processing',
      'l.is_not_active',
      'l.comments',
      'l.missing_since',
      eb
        .selectFrom('channel as c')
        .select('c.name')
        .whereRef('c.operator_id', '=', 'l.operator_id')
        .whereRef('c.channel_id', '=', 'l.channel_id')
        .as('channel_name'),
    ])
    .where('l.operator_id', '=', operatorId)
}

type StoredRow = Awaited<ReturnType<ReturnType<typeof selectStored>['execute']>>[number]

function toStored(rows: StoredRow[]): StoredLead[] {
  return rows.map((row) => ({
    leadId: row.lead_id,
    arrival: row.arrival,
    remote: JSON.parse(row.remote) as RemoteLead,
    remoteHash: row.remote_hash,
    civicAddresses: row.civic_addresses,
    missing: row.missing_since !== null,
    channelName: row.channel_name,
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

const CHUNK_LENGTH = 256 * 1024

function* copyChunks(operatorId: number, leads: LeadWrite[]): Generator<Buffer> {
  let chunk = ''
  for (const lead of leads) {
    chunk += copyRow(operatorId, lead)
    if (chunk.length < CHUNK_LENGTH) continue
    yield Buffer.from(chunk)
    chunk = ''
  }
  if (chunk !== '') yield Buffer.from(chunk)
}

// JSON text and `plain` text hold no control characters, so nothing between the \x02 needs escaping.
function copyRow(operatorId: number, { remote, local, ...lead }: LeadWrite): string {
  return `${[
    operatorId,
    lead.leadId,
    lead.arrival,
    remote.tenantId,
    local.channelId ?? '\\N',
    remote.isDirectLead,
    plain(remote.status),
    plain(remote.contactDetails.companyName ?? ''),
    remote.consentedOn,
    remote.lastModifiedOn,
    countryArray(remote.consentedCountries),
    JSON.stringify(remote),
    `\\x${lead.remoteHash.toString('hex')}`,
    lead.civicAddresses ?? '\\N',
    local.umpCustomerGuid ?? '\\N',
    local.license ?? '\\N',
    local.processing ?? '\\N',
    local.isNotActive ?? '\\N',
    local.comments === null ? '\\N' : JSON.stringify(local.comments),
    searchTextOf(remote, lead.channelName),
    leadText(remote, local, lead.civicAddresses),
  ].join('\x02')}\n`
}

function countryArray(countries: string[]): string {
  return `{${countries.map((country) => `"${foldSearch(country).toUpperCase().replace(/["\\]/g, '\\$&')}"`).join(',')}}`
}
