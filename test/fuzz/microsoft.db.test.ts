import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, eventually, type Json } from '../harness/client.ts'
import { type Leadline, startLeadline } from '../harness/leadline.ts'
import { runNow, SYNC_ADDRESSES, SYNC_LEADS } from '../harness/runs.ts'
import { PATHS, type SpoiltMicrosoft, startSpoiltMicrosoft } from './spoilt-microsoft.ts'
import { leavesOf, spoiltRecords } from './spoilt-records.ts'

// Whatever Microsoft lists, the sync ends well, and each record is a lead that holds all of it, or a finding that holds its
// text. Source: design/quality.md S2, R4. LEADLINE_FUZZ_LISTINGS for more, LEADLINE_FUZZ_SEED to repeat one.

const LISTINGS = Number(process.env.LEADLINE_FUZZ_LISTINGS ?? 6)
// The same every time in `npm test`, so that what it finds is of the change at hand; `npm run fuzz` looks with new ones.
const SEED = Number(process.env.LEADLINE_FUZZ_SEED ?? 1)
const RECORDS = 60

let leadline: Leadline
let microsoft: SpoiltMicrosoft
let northwind: Client

beforeAll(async () => {
  microsoft = await startSpoiltMicrosoft()
  leadline = await startLeadline({ leads: 20 })
  northwind = await leadline.as('northwind-api')
  await eventually(
    () => northwind.get('/health/ready'),
    (reply) => reply.status === 200,
    60,
  )
  const { status, text } = await northwind.send('PUT', '/api/v4/connections/868', {
    baseUrl: `${microsoft.origin}/api`,
    authority: microsoft.origin,
    paths: PATHS,
  })
  expect(status, text).toBe(200)
})

afterAll(async () => {
  await leadline?.close()
  await microsoft?.close()
})

const rounds = Array.from({ length: LISTINGS }, (_, index) => SEED + index)

test.each(rounds)('a listing of spoilt records (seed %i)', { timeout: 120_000 }, async (seed) => {
  const texts = fc.sample(spoiltRecords, { seed, numRuns: RECORDS })
  microsoft.setRecords(texts)
  const run = await runNow(northwind, SYNC_LEADS, 90)
  expect([run.state, run.error]).toEqual(['succeeded', null])
  expect(run.counts.listed).toBe(texts.length)
  expect(await droppedOf(texts)).toEqual([])
  // What is stored can be read again, by every way out.
  for (const path of [
    '/api/v2/oc/lead?PageSize=20000',
    '/api/v4/leads?pageSize=1000&facets=true',
    '/api/v4/leads.csv',
    '/api/v4/sync-findings',
  ]) {
    const reply = await northwind.get(path)
    expect(reply.status, `${path}: ${reply.text.slice(0, 300)}`).toBe(200)
  }
})

test('a record that is listed twice with other words is stored once, and the other kept', async () => {
  const [id, tenant] = [randomUUID(), randomUUID()]
  const record = (name: string) =>
    JSON.stringify({
      ...{ Id: id, TenantId: tenant, OperatorId: randomUUID(), Status: 'Active', ConsentedCountries: [] },
      ...{
        ConsentedOn: '2026-01-02T03:04:05Z',
        LastModifiedOn: '2026-01-02T03:04:05Z',
        ContactDetails: { CompanyName: name },
      },
    })
  const texts = [record('First Words Ltd'), record('Other Words Ltd')]
  microsoft.setRecords(texts)
  expect((await runNow(northwind, SYNC_LEADS, 90)).state).toBe('succeeded')
  expect(await droppedOf(texts)).toEqual([])
})

test('every civic address that cannot be read is kept, however many a tenant has', { timeout: 120_000 }, async () => {
  const tenant = randomUUID()
  const consent = {
    ...{ Id: randomUUID(), TenantId: tenant, OperatorId: randomUUID(), Status: 'Active', ConsentedCountries: ['DE'] },
    ...{ ConsentedOn: '2026-01-02T03:04:05Z', LastModifiedOn: '2026-01-02T03:04:05Z' },
  }
  const good = { Id: randomUUID(), StreetName: 'Readable Street' }
  const spoilt = ['kept-one', 'kept-two', { StreetName: 'kept-three' }, { Id: 'kept-four' }]
  microsoft.setAddresses(tenant, JSON.stringify({ CivicAddresses: [good, ...spoilt] }))
  microsoft.setRecords([JSON.stringify(consent)])
  expect((await runNow(northwind, SYNC_LEADS, 90)).state).toBe('succeeded')
  expect((await runNow(northwind, SYNC_ADDRESSES, 90)).state).toBe('succeeded')
  const kept = await eventually(
    async () => JSON.stringify((await northwind.get('/api/v4/sync-findings')).body.data),
    (text) => text.includes('kept-'),
    30,
  )
  for (const word of ['kept-one', 'kept-two', 'kept-three', 'kept-four']) expect(kept).toContain(word)
  const { body: answer, text } = await northwind.get(`/api/v2/oc/lead?msTenantId=${tenant}`)
  expect(answer, text).toHaveLength(1)
  const [lead] = answer
  expect(lead.civicAddresses.map((one: Json) => one.streetName)).toEqual(['Readable Street'])
})

/** Records of a list that are neither whole in a lead nor, as text, in a finding. */
async function droppedOf(texts: readonly string[]): Promise<string[]> {
  const { rows: leads } = await leadline.db.asOwner.query<{ lead_id: string; body: string; extras: string | null }>(
    'select lead_id, body, extras from lead where operator_id = 868',
  )
  const { rows: findings } = await leadline.db.asOwner.query<{ raw: string | null }>(
    `select raw from sync_finding where operator_id = 868`,
  )
  const raws = new Set(findings.map(({ raw }) => foldedJson(raw ?? '')))
  const stored = new Map(
    leads.map(({ lead_id, body, extras }) => [
      lead_id,
      new Set([...leavesOf(JSON.parse(body)), ...leavesOf(JSON.parse(extras ?? 'null'))].map(folded)),
    ]),
  )
  const isKept = (text: string) => {
    const record = JSON.parse(text)
    if (raws.has(foldedJson(JSON.stringify(record)))) return true
    const ids = record && typeof record === 'object' ? Object.entries(record).filter(([key]) => /^id$/i.test(key)) : []
    return ids.some(([, id]) => {
      const lead = stored.get(String(id).toLowerCase())
      return lead !== undefined && leavesOf(record).every((leaf) => lead.has(folded(leaf)))
    })
  }
  return texts.filter((text) => !isKept(text)).map((text) => text.slice(0, 800))
}

/** As the store may write it: ids in lower case, known words in their usual spelling, characters that it cannot hold replaced. */
function folded(text: string): string {
  return text.replaceAll('\u0000', '\ufffd').toWellFormed().replaceAll(/\s/g, '').toLowerCase()
}

/** The database knows neither U+0000 nor half a surrogate pair: another character stands for each. */
function foldedJson(text: string): string {
  return text.replaceAll(/\\u0000|\\ud[89a-f][0-9a-f]{2}|\\ufffd/g, '\ufffd').toWellFormed()
}
