import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { from as copyFrom } from 'pg-copy-streams'
import { connectionOf, type Tx } from '../../platform/db/transaction.ts'
import {
  companySizeOf,
  foldSearch,
  type LocalFacts,
  NO_LOCAL_FACTS,
  plain,
  type RemoteLead,
  searchTextOf,
} from './lead.rules.ts'
import { leadText } from './lead.view.ts'
import { contactCells } from './lead-csv.ts'

/** A lead row with what is needed to build its text again. */
export type StoredLead = {
  leadId: string
  arrival: number
  remote: RemoteLead
  /** Hex; empty when the row is no longer what Microsoft last said. */
  remoteHash: string
  local: LocalFacts
  civicAddresses: string | null
  missing: boolean
}

/**
 * What a write puts into a lead row. `isNew`: there is no row of it yet. `staysMissing`: what is written is ours, so whether
 * Microsoft still lists the lead is as open as before.
 */
export type LeadWrite = Omit<StoredLead, 'missing'> & { isNew?: boolean; staysMissing?: boolean }

const COLUMNS = [
  'operator_id',
  'lead_id',
  'arrival',
  'tenant_id',
  'channel_id',
  'is_direct',
  'status',
  'company_name',
  'company_size',
  'consented_at',
  'modified_at',
  'countries',
  'remote_hash',
  'extras',
  'civic_addresses',
  'ump_customer_guid',
  'license',
  'processing',
  'is_not_active',
  'comments',
  'contact_cells',
  'body',
]
const INCOMING = [...COLUMNS, 'search', 'is_new', 'stays_missing']
/** On an existing row a write sets everything but its identity, and a lead that Microsoft told of is not missing. */
const UPDATES = [
  ...COLUMNS.slice(3).map((column) => `${column} = i.${column}`),
  'missing_since = case when i.stays_missing then l.missing_since end',
  'changed_at = now()',
]

// COPY is refused on a table with row security; a session's own table is not, and the policies check what comes out of it.
const MAKE_INCOMING = `create temp table if not exists lead_incoming on commit delete rows as
  select ${COLUMNS.join(', ')}, ''::text as search, false as is_new, false as stays_missing from lead with no data`
const FILL_INCOMING = `copy lead_incoming (${INCOMING.join(', ')}) from stdin
  with (format csv, quote e'\\x01', delimiter e'\\x02', null e'\\x03')`
const insertFrom = (arrival: number) => `insert into lead (${COLUMNS.join(', ')})
  select ${COLUMNS.join(', ').replace('arrival', `arrival + ${arrival}`)} from lead_incoming where is_new`
const UPDATE = `update lead l set ${UPDATES.join(', ')} from lead_incoming i
  where l.operator_id = i.operator_id and l.lead_id = i.lead_id and not i.is_new`
// What can be found by the same words as before stays where it is. In this order: a lead that is being moved to the index
// meanwhile is waited for by the insert, and the delete then sees it.
const searchFrom = (arrival: number) => `insert into lead_search_recent (operator_id, arrival, channel_id, search)
  select operator_id, arrival + ${arrival}, channel_id, search from lead_incoming where is_new`
const SEARCH_CHANGED = `insert into lead_search_recent (operator_id, arrival, channel_id, search)
  select operator_id, arrival, channel_id, search from lead_incoming i where not is_new and not exists (
    select from lead_search s where s.operator_id = i.operator_id and s.arrival = i.arrival
      and s.search = i.search and s.channel_id is not distinct from i.channel_id)
  on conflict (operator_id, arrival) do update set channel_id = excluded.channel_id, search = excluded.search`
const SEARCH_OUTDATED = `delete from lead_search s using lead_incoming i
  where s.operator_id = i.operator_id and s.arrival = i.arrival and not i.is_new
    and (s.search <> i.search or s.channel_id is distinct from i.channel_id)`

/** Transactions that have written leads before: what they brought then must not come again. */
const written = new WeakSet<Tx>()

/** Inserts or replaces leads with one COPY and a statement or two, whatever their number. */
export async function writeLeads(tx: Tx, leads: LeadWrite[]): Promise<void> {
  if (leads.length === 0) return
  await copyIn(tx, copyChunks(tx.operatorId, leads))
  const added = leads.some((lead) => lead.isNew === true)
  const replaced = leads.some((lead) => lead.isNew !== true)
  const statements = [
    ...(added ? [insertFrom(0), searchFrom(0)] : []),
    ...(replaced ? [UPDATE, SEARCH_CHANGED, SEARCH_OUTDATED] : []),
  ]
  await connectionOf(tx).query(statements.join('; '))
}

/** Inserts leads of which `newRow` made the rows, each with its place among them as arrival; the first gets `arrival`. */
export async function insertRows(tx: Tx, rows: Buffer, arrival: number): Promise<void> {
  await copyIn(tx, [rows])
  await connectionOf(tx).query(`${insertFrom(arrival)}; ${searchFrom(arrival)}`)
}

async function copyIn(tx: Tx, rows: Iterable<Buffer>): Promise<void> {
  const client = connectionOf(tx)
  await client.query(written.has(tx) ? 'truncate lead_incoming' : MAKE_INCOMING)
  written.add(tx)
  await pipeline(Readable.from(rows, { objectMode: false }), client.query(copyFrom(FILL_INCOMING)))
}

/** The row of a lead that nobody knows yet, as `insertRows` takes it. */
export function newRow(operatorId: number, arrival: number, remote: RemoteLead, remoteHash: string): string {
  return copyRow(operatorId, newLead(remote, remoteHash, arrival))
}

export function newLead(remote: RemoteLead, remoteHash: string, arrival: number): LeadWrite {
  return {
    leadId: remote.id,
    arrival,
    remote,
    remoteHash,
    local: NO_LOCAL_FACTS,
    civicAddresses: null,
    isNew: true,
  }
}

const CHUNK_LENGTH = 64 * 1024
/** Not `\\N`, which may be the name of a company. */
const NULL = '\x03'

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

// JSON text and `plain` text hold no control characters, so nothing between the \x02 needs escaping, and nothing is \x03.
function copyRow(operatorId: number, { remote, local, ...lead }: LeadWrite): string {
  const countries = remote.consentedCountries.map((country) => foldSearch(country).toUpperCase())
  return `${[
    operatorId,
    lead.leadId,
    lead.arrival,
    remote.tenantId,
    local.channelId ?? NULL,
    remote.isDirectLead,
    plain(remote.status),
    plain(remote.contactDetails.companyName ?? ''),
    sizeOrder(remote.contactDetails.companySize),
    remote.consentedOn,
    remote.lastModifiedOn,
    arrayText(countries),
    `\\x${lead.remoteHash}`,
    extrasText(remote.extras),
    lead.civicAddresses ?? NULL,
    local.umpCustomerGuid ?? NULL,
    local.license ?? NULL,
    local.processing ?? NULL,
    local.isNotActive ?? NULL,
    local.comments === null ? NULL : JSON.stringify(local.comments),
    contactCells(remote, countries),
    leadText(remote, local, lead.civicAddresses),
    searchTextOf(remote),
    lead.isNew === true,
    lead.staysMissing === true,
  ].join('\x02')}\n`
}

/** What leads are ordered by when they are ordered by size; unknown words and none come first. */
function sizeOrder(token: string | null): number {
  return Math.min(companySizeOf(token)?.lower ?? -1, 2_147_483_647)
}

function arrayText(words: string[]): string {
  return `{${words.map((word) => `"${word.replace(/["\\]/g, '\\$&')}"`).join(',')}}`
}

function extrasText(extras: Record<string, unknown>): string {
  const text = JSON.stringify(extras)
  return text === '{}' ? NULL : text
}
