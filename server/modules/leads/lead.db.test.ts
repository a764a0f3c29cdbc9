import { hash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { leadSorts } from '../../../contract/leads.ts'
import { type FreshDatabase, freshDatabase } from '../../../test/harness/database.ts'
import { newId } from '../../kernel/ids.ts'
import { jobPrincipal, type OperatorPrincipal } from '../../kernel/principal.ts'
import { createLeadService, type LeadService, leadIntake, type RemoteLead } from './index.ts'
import type { LeadQuery } from './lead-query.rules.ts'
import { noSource } from './no-source.fixture.ts'
import { searchKey } from './search-key.rules.ts'

let db: FreshDatabase
let leads: LeadService
const one: OperatorPrincipal = jobPrincipal('test', 1, newId())
const other: OperatorPrincipal = jobPrincipal('test', 2, newId())

beforeAll(async () => {
  db = await freshDatabase()
  await db.asOwner.query("insert into operator (operator_id, name) values (1, 'One'), (2, 'Two')")
  await db.asOwner.query("insert into channel (operator_id, channel_id, name) values (1, 10, 'Riverside')")
  leads = createLeadService({
    reader: db.reader,
    transact: db.transact,
    source: noSource,
    onAddressFailure: () => {},
  })
})
afterAll(() => db.close())

function remote(number: number, more: Partial<RemoteLead> = {}): RemoteLead {
  const contact = {
    fullName: `Person ${number}`,
    email: `person${number}@customer.example`,
    phoneNumber: `+1 425 555 ${String(number).padStart(4, '0')}`,
    companyName: `Company ${number}`,
    companySize: 'L2_U4',
  }
  return {
    id: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    tenantId: `10000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    tenantOrigin: null,
    operatorId: '7a4e58a1-8348-4fa5-8d36-4e19125e4ac3',
    status: 'Active',
    consentedOn: `2024-01-01T00:00:${String(number % 60).padStart(2, '0')}.1234567Z`,
    lastModifiedOn: '2024-01-01T00:00:00Z',
    consentedCountries: ['US', 'UK'],
    contactDetails: contact,
    contacts: [contact],
    isDirectLead: false,
    extras: {},
    ...more,
  }
}

const incoming = (lead: RemoteLead) => ({ remote: lead, hash: hash('sha1', JSON.stringify(lead), 'hex') })
const apply = (principal: OperatorPrincipal, list: RemoteLead[], baseline = false) =>
  db.transact(principal, (tx) => leadIntake.apply(tx, list.map(incoming), { baseline, source: 'sync' }))
const query = (more: Partial<LeadQuery> = {}): LeadQuery => ({
  sort: 'arrival',
  offset: 0,
  limit: 10,
  after: null,
  ...more,
})
const signal = new AbortController().signal

async function page(principal: OperatorPrincipal, more: Partial<LeadQuery> = {}) {
  const listing = await leads.list(principal, query(more), signal)
  const { body, last, total } = await listing.page()
  const json = Buffer.isBuffer(body) ? body.toString() : await text(body as Readable)
  return { ...listing, last, total, leads: JSON.parse(json) as Record<string, unknown>[] }
}

test('a baseline keeps the order of arrival, writes one journal entry and no events', async () => {
  const counts = await apply(
    one,
    Array.from({ length: 25 }, (_, i) => remote(i)),
    true,
  )
  expect(counts).toEqual({ new: 25, changed: 0, unchanged: 0, returned: 0 })
  const first = await page(one)
  expect(first.total).toBe(25)
  expect(first.leads.map((lead) => lead.id)).toEqual(Array.from({ length: 10 }, (_, i) => remote(i).id))
  expect((await db.asOwner.query('select action from journal_entry')).rows).toEqual([{ action: 'leads.baseline' }])
  expect((await db.asOwner.query('select count(*)::int from outbox_event')).rows[0].count).toBe(0)
})

test('another operator sees nothing of it', async () => {
  expect(await page(other)).toMatchObject({ total: 0, leads: [] })
  expect((await page(other, { tenantId: remote(1).tenantId })).leads).toEqual([])
  expect((await page(other, { search: 'company' })).leads).toEqual([])
})

test('the wire text has the documented keys in order, and agrees with the columns', async () => {
  const [lead] = (await page(one, { limit: 1 })).leads
  expect(Object.keys(lead ?? {})).toEqual(
    (
      'civicAddresses comments umpCustomerGuid isNotActive channelId ovocChannelId isDirectLead id tenantId tenantOrigin ' +
      'operatorId status consentedOn lastModifiedOn consentedCountries contactDetails contacts'
    ).split(' '),
  )
  const { rows } = await db.asOwner.query(
    "select status = body::json->>'status' and tenant_id::text = body::json->>'tenantId' and lead_id::text = body::json->>'id' as agree from lead",
  )
  expect(rows.every((row) => row.agree)).toBe(true)
})

test('pages by number, by stream and by cursor hold each lead once', async () => {
  const seen: unknown[] = []
  for (const offset of [0, 10, 20]) seen.push(...(await page(one, { offset })).leads.map((lead) => lead.id))
  expect(new Set(seen).size).toBe(25)
  const streamed = await page(one, { limit: 20_000 })
  expect(streamed.leads.map((lead) => lead.id)).toEqual(seen)
  const walked: unknown[] = []
  let after: LeadQuery['after'] = null
  do {
    const step = await page(one, { sort: '-consentedOn', limit: 7, after })
    walked.push(...step.leads.map((lead) => lead.id))
    after = step.leads.length === 7 ? step.last : null
  } while (after)
  expect(new Set(walked).size).toBe(25)
  expect((await page(one, { offset: 1_000 })).leads).toEqual([])
  expect((await page(one, { offset: 1_000, limit: 2_000 })).leads).toEqual([])
})

test('a streamed page is the page, in whatever order and by whatever filter', async () => {
  const ids = async (more: Partial<LeadQuery>) => (await page(one, more)).leads.map((lead) => lead.id)
  const queries: Partial<LeadQuery>[] = [
    { offset: 3 },
    { sort: '-arrival' },
    { sort: 'consentedOn', offset: 5 },
    { sort: '-lastModifiedOn' },
    { sort: 'companyName', search: 'company 1' },
    { sort: 'arrival', countries: ['UK'], offset: 7 },
    { statuses: ['suspended'] },
    { after: { key: '4', arrival: 4 } },
  ]
  for (const query of queries) {
    const short = await ids({ ...query, limit: 1_000 })
    expect(await ids({ ...query, limit: 1_001 })).toEqual(short)
  }
})

test('a change is stored, told field by field, and changes the tag', async () => {
  const before = await page(one)
  const counts = await apply(one, [remote(0), remote(1, { status: 'Suspended', extras: { Novelty: 1 } })])
  expect(counts).toMatchObject({ new: 0, changed: 1, unchanged: 1 })
  const after = await page(one)
  expect(after.etag).not.toBe(before.etag)
  expect(after.leads[1]).toMatchObject({ status: 'Suspended' })
  const { rows } = await db.asOwner.query("select before, after from journal_entry where action = 'lead.changed'")
  expect(JSON.parse(rows[0].after)).toEqual({ status: 'Suspended', Novelty: 1 })
  expect(JSON.parse(rows[0].before)).toEqual({ status: 'Active', Novelty: null })
})

test('nothing changed writes nothing', async () => {
  const before = await page(one)
  await apply(one, [remote(0), remote(2)])
  expect((await page(one)).etag).toBe(before.etag)
})

test.each([
  ['company', 'company 7', 1],
  ['mail', 'person12@customer', 1],
  ['phone digits', '4255550009', 1],
  ['a phone number as a telephone shows it', '+14255550009', 1],
  ['a phone number with other signs between', '425/555.0009', 1],
  ['the end of a phone number', '555 0009', 1],
  ['a range of years', '2001-2009', 0],
  ['tenant id', remote(3).tenantId, 1],
  ['wildcards are letters', '100%', 0],
  ['an underscore too', 'company_7', 0],
  ['quotes', `'; drop table lead; --`, 0],
  ['right to left and emoji', 'שלום 😀', 0],
])('search by %s', async (_name, search, count) => {
  const found = await page(one, { search })
  expect(found.leads.length).toBe(count)
  expect(found.total).toBe(count)
})

test('the search index takes over what was written, and what changes is found by its new words only', async () => {
  expect(await db.transact(one, (tx) => leadIntake.indexRecent(tx, 10))).toBe(10)
  expect((await page(one, { search: 'customer.example' })).total).toBe(25)
  while (await db.transact(one, (tx) => leadIntake.indexRecent(tx, 10)));
  expect((await db.asOwner.query('select count(*)::int from lead_search_recent')).rows[0].count).toBe(0)
  expect((await page(one, { search: 'customer.example' })).total).toBe(25)
  const renamed = { ...remote(8).contactDetails, companyName: 'Zephyr 製作所' }
  await apply(one, [remote(8, { contactDetails: renamed, contacts: [renamed] })])
  expect((await page(one, { search: 'zephyr' })).total).toBe(1)
  expect((await page(one, { search: 'company 8' })).total).toBe(0)
  expect(await db.transact(one, (tx) => leadIntake.indexRecent(tx, 10))).toBe(1)
  for (const search of ['zephyr', '製作', 'r 製', '所']) expect((await page(one, { search })).total).toBe(1)
  await apply(one, [remote(8)])
})

test('nothing stands between the search and its index, in whatever script', async () => {
  // A policy that also held for the owner would have the whole table read for each search.
  const client = await db.asOwner.connect()
  await client.query('begin; set local enable_seqscan = off; set local enable_indexscan = off')
  for (const text of ['zephyr', '製', 'e.x']) {
    const sql = `explain (format json) select arrival from lead_search where search like '%${searchKey(text)}%'`
    expect(JSON.stringify((await client.query(sql)).rows)).toContain('lead_search_trigrams')
  }
  await client.query('rollback')
  client.release()
})

test('a lead that changes in other ways stays in the search index', async () => {
  while (await db.transact(one, (tx) => leadIntake.indexRecent(tx, 10)));
  await apply(one, [remote(9, { status: 'Suspended' })])
  await apply(one, [remote(9)])
  expect(await db.transact(one, (tx) => leadIntake.indexRecent(tx, 10))).toBe(0)
  expect((await page(one, { search: 'company 9' })).total).toBe(1)
})

test('a company may be called like a mark of COPY', async () => {
  const contact = { ...remote(20).contactDetails, companyName: '\\N' }
  await apply(one, [remote(20, { contactDetails: contact, contacts: null })])
  expect((await page(one, { tenantId: remote(20).tenantId, sort: 'tenant' })).leads[0]).toMatchObject({
    contactDetails: { companyName: '\\N' },
  })
  await apply(one, [remote(20)])
})

test('filters narrow list and total alike', async () => {
  const suspended = await page(one, { statuses: ['suspended'] })
  expect(suspended).toMatchObject({ total: 1 })
  expect((await page(one, { countries: ['UK'], statuses: ['active'] })).total).toBe(24)
  expect((await page(one, { isDirectLead: true })).total).toBe(0)
  expect((await page(one, { consentedSince: '2024-01-01T00:00:20Z' })).total).toBe(5)
  expect((await page(one, { channelId: 10 })).total).toBe(0)
})

test('local facts and the channel scope survive a sync', async () => {
  await db.asOwner.query(
    `update lead set channel_id = 10, ump_customer_guid = gen_random_uuid(), license = 'OC Essential', comments = '[]'
     where operator_id = 1 and lead_id = $1`,
    [remote(4).id],
  )
  await apply(one, [remote(4, { status: 'Suspended' })])
  const channel: OperatorPrincipal = { ...one, channelId: 10 }
  const mine = await page(channel)
  expect(mine.leads.map((lead) => lead.id)).toEqual([remote(4).id])
  expect(mine.leads[0]).toMatchObject({ ovocChannelId: 10, comments: [], status: 'Suspended' })
})

test('a hostile record is stored as text', async () => {
  const name = `\u0000\u0001\u0002 "quoted" \\ new\nline\ttab ${'x'.repeat(300)} \ud800`
  const lead = remote(900, {
    contactDetails: { ...remote(900).contactDetails, companyName: name },
    status: 'Brand New',
  })
  await apply(one, [lead])
  const [stored] = (await page(one, { tenantId: lead.tenantId, sort: 'tenant' })).leads
  const kept = name.replace('\u0000', '\ufffd').toWellFormed()
  expect(stored).toMatchObject({ status: 'Brand New', contactDetails: { companyName: kept } })
  expect((await page(one, { statuses: ['brandnew'] })).total).toBe(1)
})

test('a listing that shrank removes nothing; a small absence is only a suspicion', async () => {
  const judge = (missing: number[]) =>
    db.transact(one, (tx) => {
      const ids = [...Array.from({ length: 25 }, (_, i) => i), 900]
        .filter((i) => !missing.includes(i))
        .map((i) => remote(i).id)
      return leadIntake.judgeListing(tx, new Set(ids))
    })
  expect(await judge([5, 6, 7, 8])).toMatchObject({ trusted: false, missing: 4 })
  expect(await db.transact(one, (tx) => leadIntake.missing(tx, 10))).toEqual([])
  expect(await judge([5])).toMatchObject({ trusted: true, missing: 1 })
  expect(await db.transact(one, (tx) => leadIntake.missing(tx, 10))).toMatchObject([{ leadId: remote(5).id }])
  expect((await page(one, { tenantId: remote(5).tenantId, sort: 'tenant' })).leads[0]).toMatchObject({
    status: 'Active',
  })
  expect(await db.transact(one, (tx) => leadIntake.markRemoved(tx, remote(5).id))).toBe(true)
  expect((await page(one, { tenantId: remote(5).tenantId, sort: 'tenant' })).leads[0]).toMatchObject({
    status: 'Removed',
  })
  const back = await apply(one, [remote(5)])
  expect(back.changed).toBe(1)
})

test('where a lead is gone from the middle, pages go on without a gap or a repetition', async () => {
  await db.asOwner.query('delete from lead where operator_id = 1 and lead_id = $1', [remote(2).id])
  await db.asOwner.query(
    'update lead_scope set total = total - 1, version = version + 1 where operator_id = 1 and channel_id = 0',
  )
  const all = (await page(one, { limit: 1_000 })).leads.map((lead) => lead.id)
  expect(all).not.toContain(remote(2).id)
  const walked: unknown[] = []
  for (let offset = 0; offset < all.length; offset += 10) {
    walked.push(...(await page(one, { offset })).leads.map((lead) => lead.id))
  }
  expect(walked).toEqual(all)
  expect((await page(one, { limit: 1_001 })).leads.map((lead) => lead.id)).toEqual(all)
})

test('the desk shows rows, one lead and facets of the same leads', async () => {
  const desk = await (await leads.desk(one, query({ sort: '-consentedOn', limit: 5 }))).page()
  expect(desk.rows).toHaveLength(5)
  expect(desk.last).not.toBeNull()
  const row = desk.rows[0]
  expect(row && (await leads.one(one, row.lead_id))).toMatchObject({ lead_id: row?.lead_id, body: row?.body })
  await expect(leads.one(other, row?.lead_id ?? '')).rejects.toMatchObject({ status: 404 })
  const facets = await (await leads.desk(one, query())).facets()
  expect(facets.status.reduce((sum, { count }) => sum + count, 0)).toBe(desk.total)
  expect(facets.license).toContainEqual({ value: 'OC Essential', count: 1 })
})

test('leads are ordered by the number of employees, and page by cursor in that order too', async () => {
  const sized = (number: number, companySize: string | null) =>
    remote(number, { contactDetails: { ...remote(number).contactDetails, companySize }, status: 'Sized' })
  await apply(one, [
    sized(1001, 'L1000_U2999'),
    sized(1002, 'L25_U49'),
    sized(1003, null),
    sized(1004, 'L3000_UInfinity'),
  ])
  const list = { statuses: ['sized'], sort: '-companySize' as const }
  const first = await page(one, { ...list, limit: 2 })
  const second = await page(one, { ...list, limit: 2, after: first.last })
  expect([...first.leads, ...second.leads].map((lead) => lead.id)).toEqual(
    [1004, 1001, 1002, 1003].map((number) => remote(number).id),
  )
})

test('every order, walked by cursor in steps of any size, is the whole list once', async () => {
  const sizes = ['L2_U4', 'L5_U9', 'L10_U24', 'L25_U49', 'L100_U249', 'L1000_U2999', 'L3000_UInfinity', null]
  await apply(
    one,
    sizes.flatMap((companySize, row) =>
      [1101, 1201, 1301].map((first) => {
        const contactDetails = { ...remote(first + row).contactDetails, companySize }
        return remote(first + row, { contactDetails, status: 'Walked' })
      }),
    ),
  )
  for (const sort of leadSorts) {
    const list = { statuses: ['walked'], sort }
    const whole = (await page(one, { ...list, limit: 1_000 })).leads.map((lead) => lead.id)
    expect(new Set(whole).size).toBe(3 * sizes.length)
    for (const limit of [2, 5, 7]) {
      const walked: unknown[] = []
      let after: LeadQuery['after'] = null
      do {
        const { leads: shown, last } = await page(one, { ...list, limit, after })
        walked.push(...shown.map((lead) => lead.id))
        after = shown.length < limit ? null : last
      } while (after && walked.length <= whole.length)
      expect(walked, `${sort} by ${limit}`).toEqual(whole)
    }
  }
})

test('a range of dates has two ends', async () => {
  const range = { consentedSince: '2024-01-01T00:00:05Z', consentedBefore: '2024-01-01T00:00:08Z' }
  const consented = (await page(one, range)).leads.map((lead) => String(lead.consentedOn))
  expect(consented.length).toBeGreaterThan(0)
  expect(consented.every((date) => date >= '2024-01-01T00:00:05' && date < '2024-01-01T00:00:08')).toBe(true)
})

test('the CSV holds what matches, safe for spreadsheets', async () => {
  const contact = {
    ...remote(2001).contactDetails,
    companyName: '=HYPERLINK("x")',
    fullName: 'A "B"\nC',
    companySize: 'L3000_UInfinity',
  }
  await apply(one, [remote(2001, { contactDetails: contact, status: 'Exported' })])
  const { total, file } = await leads.csv(one, query({ statuses: ['exported'], sort: '-consentedOn' }))
  // `text` would take the byte order mark away.
  const [head, line, end] = (await buffer(file)).toString().split('\r\n')
  expect(total).toBe(1)
  expect(head?.startsWith('\ufeff"Contact Name","Contact Email"')).toBe(true)
  expect(line).toContain('"A ""B"" C"')
  expect(line).toContain(`"'=HYPERLINK(""x"")","3000+","US UK","Exported"`)
  expect(end).toBe('')
  const all = (await text((await leads.csv(one, query({ sort: 'arrival' }))).file)).trimEnd().split('\r\n')
  expect(all).toHaveLength((await page(one)).total + 1)
  expect(
    (await text((await leads.csv(other, query({ leadId: remote(1).id, sort: 'arrival' }))).file)).split('\r\n'),
  ).toHaveLength(2)
})
