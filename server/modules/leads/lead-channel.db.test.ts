import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../../test/harness/database.ts'
import { newId } from '../../kernel/ids.ts'
import { jobPrincipal, type OperatorPrincipal } from '../../kernel/principal.ts'
import { beginStatement } from '../../platform/db/transaction.ts'
import { createLeadService, type LeadService, moveLeads } from './index.ts'
import { readDeskQuery } from './lead-query.rules.ts'
import { noSource } from './no-source.fixture.ts'

// A small channel in a large operator: its pages are walks of its own index, whatever the operator holds.

const LEADS = Number(process.env.LEADLINE_TEST_CHANNEL_LEADS ?? 20_000)
const OF_CHANNEL = 50
let db: FreshDatabase
let leads: LeadService
const operator: OperatorPrincipal = jobPrincipal('test', 1, newId())
const channel: OperatorPrincipal = { ...operator, channelId: 10 }
const idOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`

beforeAll(async () => {
  db = await freshDatabase()
  await db.asOwner.query(`insert into operator (operator_id, name) values (1, 'One')`)
  await db.asOwner.query(
    `insert into channel (operator_id, channel_id, name) values (1, 10, 'Small'), (1, 11, 'Other')`,
  )
  const body = `json_build_object('civicAddresses', null, 'comments', null, 'umpCustomerGuid', null, 'isNotActive', null,
    'channelId', null, 'ovocChannelId', null, 'isDirectLead', false, 'id', id, 'tenantId', id, 'tenantOrigin', null,
    'operatorId', null, 'status', 'Active', 'consentedOn', '2024-01-01T00:00:00Z', 'lastModifiedOn', '2024-01-01T00:00:00Z',
    'consentedCountries', array['DE'], 'contactDetails', json_build_object('fullName', 'A', 'email', null, 'phoneNumber', null,
    'companyName', 'Company ' || n, 'companySize', null), 'contacts', null)::text`
  await db.asOwner.query(
    `insert into lead (operator_id, lead_id, arrival, tenant_id, is_direct, status, company_name, company_size, consented_at,
       modified_at, countries, remote_hash, body)
     select 1, id, n, id, false, 'Active', 'Company ' || n, -1, '2024-01-01'::timestamptz + n * interval '1 minute',
       '2024-01-01'::timestamptz + n * interval '1 minute', array['DE'], '\\x00', ${body}
     from generate_series(1, $1::integer) n, lateral (select ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid as id) ids`,
    [LEADS],
  )
  await db.asOwner.query(
    `insert into lead_search (operator_id, arrival, search) select 1, n, 'companyS' || n from generate_series(1, $1::integer) n`,
    [LEADS],
  )
  await db.asOwner.query(
    `insert into lead_scope (operator_id, channel_id, version, total, last_arrival) values (1, 0, 1, $1, $1)`,
    [LEADS],
  )
  const chosen = Array.from({ length: OF_CHANNEL }, (_, i) => idOf(1 + Math.floor((i * LEADS) / OF_CHANNEL)))
  await db.transact(operator, (tx) => moveLeads(tx, chosen, 10))
  await db.asOwner.query('analyze')
  leads = createLeadService({
    reader: db.reader,
    transact: db.transact,
    source: noSource,
    onAddressFailure: () => {},
  })
}, 300_000)
afterAll(() => db?.close())

async function planOf(query: string): Promise<string> {
  const client = await db.pool.connect()
  try {
    await client.query(beginStatement(channel))
    const { rows } = await client.query(`explain (costs off) ${query}`)
    return rows.map((row) => row['QUERY PLAN']).join('\n')
  } finally {
    await client.query('rollback')
    client.release()
  }
}

test.each([
  ['consented_at desc, arrival desc', 'lead_of_channel_by_consent'],
  ['modified_at desc, arrival desc', 'lead_of_channel_by_change'],
  ['arrival', 'lead_by_channel'],
])('a page in the order of %s walks %s', async (order, index) => {
  const plan = await planOf(
    `select arrival from lead where operator_id = 1 and channel_id = 10 order by ${order} limit 50`,
  )
  expect(plan).toMatch(new RegExp(`(Index|Bitmap Index|Index Only) Scan.*(${index}|lead_by_channel|lead_of_channel)`))
  expect(plan).not.toContain('Seq Scan on lead ')
})

const totalOf = async (...asked: Parameters<typeof leads.desk>) => (await (await leads.desk(...asked)).page()).total

test('a channel gets its page, its total and its facets', async () => {
  const query = readDeskQuery({})
  const desk = await leads.desk(channel, query)
  const { rows, total } = await desk.page()
  expect([rows.length, total]).toEqual([OF_CHANNEL, OF_CHANNEL])
  const facets = await desk.facets()
  expect(facets.status).toEqual([{ value: 'Active', count: OF_CHANNEL }])
  expect(await totalOf(channel, readDeskQuery({ q: 'company' }))).toBe(OF_CHANNEL)
  expect(await totalOf({ ...operator, channelId: 11 }, query)).toBe(0)
})

test('many move at once: every text, scope, search, entry and event agrees', async () => {
  const chosen = Array.from({ length: 1_000 }, (_, i) => idOf(LEADS - i))
  const moves = await db.transact(operator, (tx) => moveLeads(tx, chosen, 11))
  const moved = moves.filter(({ outcome }) => outcome === 'moved').length
  const ask = async (sql: string) => (await db.asOwner.query(sql)).rows[0]?.n
  expect(await ask('select count(*)::int as n from lead where channel_id = 11')).toBe(moved)
  expect(
    await ask(`select count(*)::int as n from lead where channel_id = 11 and body::json->>'ovocChannelId' = '11'`),
  ).toBe(moved)
  expect(await ask('select total as n from lead_scope where channel_id = 11')).toBe(moved)
  expect(await ask('select total as n from lead_scope where channel_id = 0')).toBe(LEADS)
  // Found at once, and put back into the index by the next sync.
  const found = 'select channel_id from lead_search union all select channel_id from lead_search_recent'
  expect(await ask(`select count(*)::int as n from (${found}) all_found where channel_id = 11`)).toBe(moved)
  expect(await ask(`select count(*)::int as n from (${found}) all_found`)).toBe(LEADS)
  expect(
    await ask(
      `select count(*)::int as n from journal_entry where action = 'lead.channel-assigned' and channel_id = 11`,
    ),
  ).toBe(moved)
  expect(
    await ask(`select count(*)::int as n from outbox_event where name = 'lead.channel-assigned' and channel_id = 11`),
  ).toBe(moved)
})
