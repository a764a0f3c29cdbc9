import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { COMMENT_LENGTH_MAX, COMMENTS_MAX } from '../contract/lead-comments.ts'
import { type Client, createClient, eventually, type Json } from './harness/client.ts'
import { type Leadline, startLeadline } from './harness/leadline.ts'

let leadline: Leadline
let carrier: Client
let reseller: Client
let leads: string[] = []
/** The one lead of the sandbox that belongs to channel 907. */
let shared = ''
let next = 0
let leadId = ''
/** What channels read instead of a name of the carrier's people. */
const company = 'Northwind Voice'

beforeAll(async () => {
  leadline = await startLeadline({ leads: 30 })
  carrier = await leadline.as('northwind-api')
  reseller = await leadline.as('riverside-api')
  const mine = await eventually(
    () => reseller.get('/api/v4/leads'),
    ({ body }) => body.data?.length > 0,
    90,
  )
  shared = mine.body.data[0].id
  const all = await carrier.get('/api/v4/leads?pageSize=100')
  leads = all.body.data.map((lead: { id: string }) => lead.id).filter((id: string) => id !== shared)
})
afterAll(() => leadline?.close())
// A lead of its own for every test.
beforeEach(() => {
  leadId = leads[next++] ?? ''
})

const path = (lead = leadId, comment = '') => `/api/v4/leads/${lead}/comments${comment && `/${comment}`}`
const add = (text: string, { as = carrier, lead = leadId } = {}) => as.send('POST', path(lead), { text })
const documented = async (lead = leadId) => {
  const { body } = await carrier.get('/api/v2/oc/lead?PageSize=100')
  return body.find((one: { id: string }) => one.id === lead)
}

test('a comment is in the list, on the documented API in its shape, counted at the desk, and in the journal', async () => {
  expect((await documented()).comments).toBeNull()
  const made = await add('  First\r\nsecond line ')
  expect([made.status, made.body]).toEqual([
    201,
    {
      id: expect.any(String),
      author: 'northwind-api',
      at: expect.any(String),
      text: 'First\nsecond line',
      editedAt: null,
      isOwn: true,
    },
  ])
  expect((await carrier.get(path())).body).toEqual({ data: [made.body] })
  const { id, author, at, text } = made.body
  expect((await documented()).comments).toEqual([{ id, author, at, text }])
  expect((await carrier.get(`/api/v4/leads/${leadId}`)).body.commentCount).toBe(1)

  const changed = await carrier.send('PATCH', path(leadId, id), { text: 'Other words' })
  expect([changed.status, changed.body]).toEqual([
    200,
    { ...made.body, text: 'Other words', editedAt: expect.any(String) },
  ])
  expect((await carrier.send('PATCH', path(leadId, id), { text: 'Other words' })).body).toEqual(changed.body)
  expect((await carrier.send('DELETE', path(leadId, id))).status).toBe(204)
  expect((await carrier.send('DELETE', path(leadId, id))).status).toBe(404)
  // A fact was stored once: never null again.
  expect((await documented()).comments).toEqual([])

  const { body } = await carrier.get(`/api/v4/journal?objectType=lead&objectId=${leadId}`)
  const entries = body.data.filter((entry: { action: string }) => entry.action.startsWith('lead.comment'))
  expect(
    entries.map((entry: { action: string; before: unknown; after: unknown }) => [
      entry.action,
      entry.before,
      entry.after,
    ]),
  ).toEqual([
    ['lead.comment-deleted', { comment: { id, text: 'Other words', company } }, null],
    [
      'lead.comment-changed',
      { comment: { id, text: 'First\nsecond line', company } },
      { comment: { id, text: 'Other words', company } },
    ],
    ['lead.commented', null, { comment: { id, text: 'First\nsecond line', company } }],
  ])
})

test('comments outlive a sync that changes the lead, and two at once are both kept', async () => {
  await Promise.all([add('one'), add('two'), add('three')])
  await fetch(`${leadline.outside.simulator.url}/control/touch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ operator: 'northwind', percent: 100, seed: 7 }),
  })
  const before = (await documented()).lastModifiedOn
  await carrier.send('POST', '/api/v4/jobs/peering.sync-leads-job/runs')
  await eventually(documented, (lead) => lead.lastModifiedOn !== before)
  expect((await documented()).comments.map((one: { text: string }) => one.text).toSorted()).toEqual([
    'one',
    'three',
    'two',
  ])
})

test('each changes and deletes his own only; a channel sees and comments its own leads only', async () => {
  const { body: theirs } = await add('from the reseller', { as: reseller, lead: shared })
  const { body: ours } = await add('from the carrier', { lead: shared })
  const seen = await reseller.get(path(shared))
  expect(seen.body.data.map((one: { text: string; isOwn: boolean }) => [one.text, one.isOwn])).toEqual([
    ['from the reseller', true],
    ['from the carrier', false],
  ])
  for (const [client, comment] of [
    [reseller, ours.id],
    [carrier, theirs.id],
  ] as const) {
    for (const refused of [
      await client.send('PATCH', path(shared, comment), { text: 'mine now' }),
      await client.send('DELETE', path(shared, comment)),
    ])
      expect([refused.status, refused.body.code]).toEqual([403, 'comment-not-yours'])
  }
  await add('hidden from the reseller')
  const { id } = (await carrier.get(path())).body.data[0]
  const foreign = [
    await reseller.get(path()),
    await add('x', { as: reseller }),
    await reseller.send('PATCH', path(leadId, id), { text: 'x' }),
    await reseller.send('DELETE', path(leadId, id)),
    await (await leadline.as('fabrikam-api')).get(path(shared)),
  ]
  expect(foreign.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404])
  expect((await carrier.get(path())).body.data).toHaveLength(1)
})

test('whoever gets a lead reads what others wrote before, and not who of them did', async () => {
  const { body: channel } = await carrier.send('POST', '/api/v4/channels', { name: `Lakeside ${randomUUID()}` })
  const permissions = ['leads.read', 'leads.write', 'journal.read']
  const made = await carrier.send('POST', '/api/v4/clients', { name: 'lakeside', permissions, channelId: channel.id })
  const lakeside = await createClient(leadline.baseUrl, made.body.clientId, made.body.clientSecret)
  const active = await carrier.get('/api/v4/leads?pageSize=100&status=Active')
  // One that no other test takes.
  const lead = active.body.data.findLast(({ id }: Json) => id !== shared && leads.indexOf(id) > 15).id
  const move = (channelId: number) => carrier.send('PUT', `/api/v4/leads/${lead}/channel`, { channelId })
  const authors = async (as: Client) => (await as.get(path(lead))).body.data.map((one: Json) => one.author)
  const inDocumented = async (as: Client) => {
    const { body } = await as.get('/api/v2/oc/lead?PageSize=100')
    return body.find((one: Json) => one.id === lead)?.comments.map((one: Json) => one.author)
  }

  await add('before any channel', { lead })
  await move(907)
  const { body: theirs } = await add('of Riverside', { as: reseller, lead })
  const { body: ours } = await add('in Riverside’s time', { lead })
  await carrier.send('PATCH', path(lead, ours.id), { text: 'changed in Riverside’s time' })
  const toRiverside = [company, 'riverside-api', company]
  expect([await authors(reseller), await inDocumented(reseller)]).toEqual([toRiverside, toRiverside])
  expect(await authors(carrier)).toEqual(['northwind-api', 'riverside-api', 'northwind-api'])

  expect((await move(channel.id)).status).toBe(200)
  await add('of Lakeside', { as: lakeside, lead })
  const toLakeside = [company, 'Another channel', company, 'lakeside']
  expect([await authors(lakeside), await inDocumented(lakeside)]).toEqual([toLakeside, toLakeside])
  const history = `/api/v4/journal?objectType=lead&objectId=${lead}&pageSize=200`
  const told = (await lakeside.get(history)).body.data
    .filter(({ action }: Json) => action.startsWith('lead.comment'))
    .map(({ actor, channelId, sourceIp }: Json) => [actor.name, actor.id === '', channelId, sourceIp === null])
  expect(told).toEqual([
    ['lakeside', false, channel.id, false],
    [company, true, null, true],
    [company, true, null, true],
    ['Another channel', true, null, true],
    [company, true, null, true],
  ])
  const refused = [
    await lakeside.send('PATCH', path(lead, theirs.id), { text: 'mine now' }),
    await lakeside.send('DELETE', path(lead, ours.id)),
  ]
  expect(refused.map(({ body }) => body.detail.split(' wrote ')[0])).toEqual(['Another channel', company])
  const answers = [
    ...refused,
    await lakeside.get('/api/v2/oc/lead?PageSize=100'),
    await lakeside.get(`/api/v4/leads/${lead}`),
    await lakeside.get(path(lead)),
    await lakeside.get('/api/v4/leads.csv'),
  ]
  for (const { text } of answers) expect(text).not.toMatch(/riverside-api|northwind-api/)
  // The carrier's other work on the lead is told with who did it, as every work of the carrier.
  expect((await lakeside.get(history)).text).not.toContain('riverside-api')
  // Nor by asking for a name: what the carrier wrote is not found by who wrote it, in the channel's own time either.
  await add('in Lakeside’s time', { lead })
  expect((await lakeside.get(`${history}&actor=northwind-api&action=lead.commented`)).body.data).toEqual([])
  expect((await carrier.get(`${history}&actor=northwind-api&action=lead.commented`)).body.data).toHaveLength(3)

  await carrier.send('DELETE', `/api/v4/leads/${lead}/channel`)
  expect(await inDocumented(carrier)).toEqual([
    ...['northwind-api', 'riverside-api', 'northwind-api', 'lakeside', 'northwind-api'],
  ])
  expect((await lakeside.get(path(lead))).status).toBe(404)
})

test.each([
  ['100 kB', 'x'.repeat(100_000), `1 to ${COMMENT_LENGTH_MAX} characters, has 100000`],
  ['empty', '', `1 to ${COMMENT_LENGTH_MAX} characters`],
  ['blanks', ' \n ', 'Must match'],
])('refuses a comment that is %s, naming the limit', async (_name, text, words) => {
  const { status, body } = await add(text)
  expect([status, body.errors[0]]).toEqual([400, { pointer: '/body/text', detail: expect.stringContaining(words) }])
  expect((await documented()).comments).toBeNull()
})

test.each([
  '<script>alert(1)</script> & "quotes"',
  '=cmd|calc',
  '😀 שלום \u202e',
  'tab\tand \u0001 control',
  `${'é'.repeat(COMMENT_LENGTH_MAX)}`,
])('keeps %j as text', async (text) => {
  expect((await add(text)).body.text).toBe(text)
  expect((await carrier.get(path())).body.data[0].text).toBe(text)
  expect((await documented()).comments[0].text).toBe(text)
})

test('a lead has room for so many comments and no more', async () => {
  const { db } = leadline
  const many = Array.from({ length: COMMENTS_MAX }, (_, n) => ({
    id: `c-${n}`,
    author: 'x',
    at: '2026-01-01T00:00:00Z',
    text: 'x',
    by: 'x/x',
    editedAt: null,
  }))
  await db.asOwner.query('update lead set comments = $2 where lead_id = $1', [leadId, JSON.stringify(many)])
  const { status, body } = await add('one more')
  expect([status, body.code]).toEqual([409, 'comments-full'])
})
