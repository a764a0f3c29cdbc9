import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { REFERENCE_LENGTH_MAX } from '../contract/lead-references.ts'
import { type Client, eventually } from './harness/client.ts'
import { type Leadline, startLeadline } from './harness/leadline.ts'
import { runNow, SYNC_ADDRESSES } from './harness/runs.ts'

let leadline: Leadline
let carrier: Client
let reseller: Client
/** The one lead of the sandbox that belongs to channel 907. */
let shared = ''
let others: string[] = []

const NONE = { crmId: null, orderId: null, billingAccount: null }
const path = (leadId: string) => `/api/v4/leads/${leadId}/references`
const put = (leadId: string, references: object, { as = carrier, headers = {} } = {}) =>
  as.get(path(leadId), { method: 'PUT', body: { ...NONE, ...references }, headers })
const found = async (q: string, as = carrier) =>
  (await as.get(`/api/v4/leads?q=${encodeURIComponent(q)}`)).body.data.map((lead: { id: string }) => lead.id)

beforeAll(async () => {
  leadline = await startLeadline({ leads: 30 })
  carrier = await leadline.as('northwind-api')
  reseller = await leadline.as('riverside-api')
  const mine = await eventually(
    () => reseller.get('/api/v4/leads'),
    ({ body }) => body.data?.length > 0,
    90,
  )
  // Addresses that come later would change what leads are told by.
  await runNow(carrier, SYNC_ADDRESSES)
  shared = mine.body.data[0].id
  const all = await carrier.get('/api/v4/leads?pageSize=100&status=Active')
  others = all.body.data.map((lead: { id: string }) => lead.id).filter((id: string) => id !== shared)
})
afterAll(() => leadline?.close())

test('references are on the lead, found by the search of both lists, in the CSV and in the journal', async () => {
  const [leadId = ''] = others
  expect((await carrier.get(path(leadId))).body).toEqual(NONE)
  const set = await put(leadId, { crmId: ' Kunde-製 7/42 ', orderId: '', billingAccount: '=cmd|calc' })
  const wanted = { crmId: 'Kunde-製 7/42', orderId: null, billingAccount: '=cmd|calc' }
  expect([set.status, set.body]).toEqual([200, wanted])
  const detail = await carrier.get(`/api/v4/leads/${leadId}`)
  expect(detail.body.references).toEqual(wanted)
  expect(detail.headers.get('etag')).toBe(set.headers.get('etag'))

  expect(await found('kunde-製 7/4')).toEqual([leadId])
  const documented = await carrier.get(`/api/v2/oc/lead?q=${encodeURIComponent('CMD|CALC')}`)
  expect(documented.body.map((lead: { id: string }) => lead.id)).toEqual([leadId])
  // What it was found by before still finds it, and no text goes on from one reference into the next.
  expect(await found(detail.body.tenantId)).toContain(leadId)
  expect(await found('7/42=cmd')).toEqual([])

  const csv = await carrier.get(`/api/v4/leads.csv?leadId=${leadId}`)
  expect(csv.text.split('\r\n').map((line: string) => line.split(',').slice(-6, -2))).toEqual([
    ['"Lead ID"', '"CRM ID"', '"Order"', '"Billing Account"'],
    [`"${leadId}"`, '"Kunde-製 7/42"', '""', `"'=cmd|calc"`],
    [],
  ])
  const all = (await carrier.get('/api/v4/leads.csv')).text.trimEnd().split('\r\n')
  expect(new Set(all.slice(1).map((line: string) => line.endsWith('"","","","",""')))).toEqual(new Set([true, false]))

  await put(leadId, { ...wanted, orderId: 'SO-1' })
  await put(leadId, {})
  expect(await found('kunde-')).toEqual([])
  const { body } = await carrier.get(
    `/api/v4/journal?objectType=lead&objectId=${leadId}&action=lead.references-changed`,
  )
  expect(body.data.map((entry: { before: unknown; after: unknown }) => [entry.before, entry.after])).toEqual([
    [{ ...wanted, orderId: 'SO-1' }, NONE],
    [{ orderId: null }, { orderId: 'SO-1' }],
    [
      { crmId: null, billingAccount: null },
      { crmId: wanted.crmId, billingAccount: wanted.billingAccount },
    ],
  ])
})

test('the same again changes nothing; If-Match and Idempotency-Key hold', async () => {
  const [, leadId = ''] = others
  const first = await put(leadId, { crmId: 'A' }, { headers: { 'idempotency-key': 'references-1' } })
  const again = await put(leadId, { crmId: 'A' }, { headers: { 'idempotency-key': 'references-1' } })
  const same = await put(leadId, { crmId: 'A' })
  const tag = first.headers.get('etag') ?? ''
  expect([again.status, again.headers.get('etag'), same.headers.get('etag')]).toEqual([200, tag, tag])
  const changed = await put(leadId, { crmId: 'B' }, { headers: { 'if-match': tag } })
  expect(changed.status).toBe(200)
  const late = await put(leadId, { crmId: 'C' }, { headers: { 'if-match': tag } })
  expect([late.status, late.body.code]).toEqual([412, 'changed-meanwhile'])
  expect((await carrier.get(path(leadId))).body.crmId).toBe('B')
})

test('they outlive a sync that changes the lead', async () => {
  const [, , leadId = ''] = others
  await put(leadId, { orderId: 'SO-77' })
  const before = (await carrier.get(`/api/v4/leads/${leadId}`)).body.lastModifiedOn
  await fetch(`${leadline.outside.simulator.url}/control/touch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ operator: 'northwind', percent: 100, seed: 7 }),
  })
  await carrier.send('POST', '/api/v4/jobs/peering.sync-leads-job/runs')
  const { body } = await eventually(
    () => carrier.get(`/api/v4/leads/${leadId}`),
    (reply) => reply.body.lastModifiedOn !== before,
    60,
  )
  expect(body.references.orderId).toBe('SO-77')
  expect(await found('so-77')).toEqual([leadId])
})

test('they go along to the next channel, and the one that lost the lead neither reads nor finds them', async () => {
  const [, , , leadId = ''] = others
  await put(leadId, { billingAccount: 'BA-ours' })
  expect(await found('ba-ours', reseller)).toEqual([])
  expect((await reseller.get(path(leadId))).status).toBe(404)
  expect((await put(leadId, { crmId: 'x' }, { as: reseller })).status).toBe(404)

  const move = (channelId: number) => carrier.send('PUT', `/api/v4/leads/${leadId}/channel`, { channelId })
  expect((await move(907)).status).toBe(200)
  expect(await found('ba-ours', reseller)).toEqual([leadId])
  expect((await put(leadId, { crmId: 'CRM of Riverside' }, { as: reseller })).status).toBe(200)

  const { body: channel } = await carrier.send('POST', '/api/v4/channels', { name: 'Lakeside' })
  expect((await move(channel.id)).status).toBe(200)
  expect([(await reseller.get(path(leadId))).status, await found('crm of riverside', reseller)]).toEqual([404, []])
  expect((await carrier.get(path(leadId))).body.crmId).toBe('CRM of Riverside')
  const { rows } = await leadline.db.asOwner.query('select channel_id from lead_reference where lead_id = $1', [leadId])
  expect(rows).toEqual([{ channel_id: channel.id }])
  expect((await carrier.send('DELETE', `/api/v4/leads/${leadId}/channel`)).status).toBe(200)
  expect(await found('crm of riverside')).toEqual([leadId])
})

test('a deleted lead takes them with it', async () => {
  const tenantId = randomUUID()
  const made = await carrier.send('POST', '/api/v4/leads', { tenantId, companyName: 'Referenced Ltd' })
  expect(made.status).toBe(201)
  await put(made.body.id, { crmId: 'gone soon' })
  expect((await carrier.send('DELETE', `/api/v4/leads/${made.body.id}`)).status).toBe(204)
  expect(await found('gone soon')).toEqual([])
  const { rows } = await leadline.db.asOwner.query(`select from lead_reference where crm_id = 'gone soon'`)
  expect(rows).toEqual([])
})

test.each([
  ['too long', { crmId: 'x'.repeat(REFERENCE_LENGTH_MAX + 1) }, '/body/crmId'],
  ['on two lines', { orderId: 'a\nb' }, '/body/orderId'],
  ['half a character', { billingAccount: '\ud83d' }, '/body/billingAccount'],
  ['a number', { crmId: 7 }, '/body/crmId'],
  ['unknown', { erpId: 'x' }, '/body/erpId'],
])('refuses a reference that is %s, and says which', async (_name, references, pointer) => {
  const { status, body } = await put(shared, references)
  expect([status, body.errors[0].pointer]).toEqual([400, pointer])
})

test('all three are asked for', async () => {
  const { status, body } = await carrier.send('PUT', path(shared), { crmId: 'x' })
  expect([status, body.errors.map((error: { pointer: string }) => error.pointer)]).toEqual([
    400,
    ['/body/orderId', '/body/billingAccount'],
  ])
})
