import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hookEvents } from '../contract/events.ts'
import { type Client, eventually, type Json } from './harness/client.ts'
import { fairLimit } from './harness/fair-limit.ts'
import { type Leadline, startLeadline } from './harness/leadline.ts'
import { runNow, SYNC_LEADS, settled, startNow } from './harness/runs.ts'

// Webhooks from a customer's click to a receiver outside, over HTTP: the whole server, the simulator's receiver, the official
// library on its side. Source: issue 6, 2 and 3, Figures, Bad input.

let leadline: Leadline
let northwind: Client
let riverside: Client
let control: Leadline['outside']['control']
const hook = (name: string) => `${leadline.outside.simulator.url}/webhooks/${name}`
const receiver = (name: string): Promise<Json> => control('GET', `/receivers/${name}`)
const typesAt = async (name: string) =>
  (await receiver(name)).arrivals.map((one: Json) => JSON.parse(one.body).type).reverse()

beforeAll(async () => {
  leadline = await startLeadline({ leads: 400, worker: false })
  control = leadline.outside.control
  ;[northwind, riverside] = (await Promise.all(['northwind-api', 'riverside-api'].map((id) => leadline.as(id)))) as [
    Client,
    Client,
  ]
})
afterAll(() => leadline?.close())

/** A webhook whose receiver verifies its signature. */
async function make(name: string, asked: object = {}, client = northwind): Promise<Json> {
  const { status, body, text } = await client.send('POST', '/api/v4/webhooks', {
    ...{ name, url: hook(name), events: hookEvents },
    ...asked,
  })
  expect(status, text).toBe(201)
  if (body.secret) await control('PATCH', `/receivers/${name}`, { secret: body.secret })
  return body
}

const arrived = (name: string, type: string) =>
  eventually(
    () => typesAt(name),
    (types) => types.includes(type),
  )

test('the first listing of an operator tells nobody anything', async () => {
  // Which the sandbox gives Riverside after it: a fact of its own.
  await make('baseline', { events: hookEvents.filter((name) => !name.startsWith('lead.channel-')) })
  await leadline.startWorker()
  await eventually(
    () => northwind.get('/health/ready'),
    ({ status }) => status === 200,
    60,
  )
  expect((await northwind.get('/api/v4/leads')).body.total).toBe(400)
  const routed = () => leadline.db.asOwner.query('select count(*)::int as n from outbox_event where routed_at is null')
  await eventually(routed, ({ rows }) => rows[0].n === 0)
  // One event is sent, the one that comes after: so the receiver was heard of all the time.
  await control('POST', '/consents', { operator: 'northwind', company: 'After the baseline', countries: ['GB'] })
  await runNow(northwind)
  await arrived('baseline', 'lead.created')
  expect(await typesAt('baseline')).toEqual(['lead.created'])
})

describe('what a customer does', () => {
  test('is heard of: consent, countries, suspension, removal, each signed and once', async () => {
    await make('crm')
    await make('new-leads', { kind: 'simple', events: undefined, header: { name: 'X-Key', value: 'the-key' } })
    const company = `Tailspin ${randomUUID()}`
    await control('POST', '/consents', {
      ...{ operator: 'northwind', company, countries: ['GB'], size: 'L10_U24' },
      contacts: [{ fullName: 'Kim Abe', email: 'kim@tailspin.example' }],
    })
    await runNow(northwind)
    await arrived('crm', 'lead.created')
    await arrived('new-leads', 'lead.created')
    const { arrivals } = await receiver('new-leads')
    expect(arrivals[0]).toMatchObject({ signature: 'missing', headers: { 'x-key': 'the-key' } })
    const { data } = JSON.parse(arrivals[0].body)
    expect(data.lead).toMatchObject({
      companyName: company,
      consentedCountries: ['GB'],
      contact: { email: 'kim@tailspin.example' },
    })

    await control('PATCH', `/consents/${data.leadId}`, { countries: ['GB', 'IE'] })
    await runNow(northwind)
    await arrived('crm', 'lead.countries-changed')
    await control('POST', `/consents/${data.leadId}/suspend`)
    await runNow(northwind)
    await arrived('crm', 'lead.suspended')
    await control('POST', `/consents/${data.leadId}/remove`)
    await runNow(northwind)
    await arrived('crm', 'lead.removed')
    const all = await receiver('crm')
    expect(all.counters).toMatchObject({ bad: 0, good: all.counters.requests, distinct: all.counters.requests })
    expect((await typesAt('new-leads')).every((type: string) => type === 'lead.created')).toBe(true)
  })

  test('is heard of by a channel only when the lead is the channel’s', async () => {
    await make('riverside', { events: ['lead.channel-assigned', 'lead.changed', 'lead.channel-removed'] }, riverside)
    const seen = (await northwind.get('/api/v4/leads?status=Active&pageSize=50')).body.data
    const [own, other] = seen.slice(-2)
    const put = await northwind.send('PUT', `/api/v4/leads/${own.id}/channel`, { channelId: 907 })
    expect(put.status, put.text).toBeLessThan(300)
    await arrived('riverside', 'lead.channel-assigned')
    for (const lead of [own, other])
      await control('PATCH', `/consents/${lead.id}`, { countries: ['FR', 'IT'] }).catch(() => {})
    await runNow(northwind)
    await arrived('riverside', 'lead.changed')
    const bodies = (await receiver('riverside')).arrivals.map((one: Json) => JSON.parse(one.body))
    expect(new Set(bodies.map(({ data }: Json) => data.leadId))).toEqual(new Set([own.id]))
    expect(new Set(bodies.map((body: Json) => body.channelId))).toEqual(new Set([907]))
    // Its own webhooks are all it sees.
    const listed = (await riverside.get('/api/v4/webhooks')).body.data
    expect(listed.map(({ name }: Json) => name)).toEqual(['riverside'])
  })
})

test('a sync that begins to fail is told once, and that it works again', async () => {
  await make('alarm', { events: ['sync.failed', 'sync.recovered'] })
  await control('PATCH', '/operators/northwind', { appIsAllowListed: false })
  const failNow = async () => {
    const body = { id: await startNow(northwind) }
    expect((await settled(northwind, body.id, 60)).state).toBe('failed')
  }
  await failNow()
  await arrived('alarm', 'sync.failed')
  await failNow()
  await control('PATCH', '/operators/northwind', { appIsAllowListed: true })
  await runNow(northwind)
  await eventually(
    async () => (await receiver('alarm')).arrivals.map((one: Json) => JSON.parse(one.body)),
    (seen) => seen.some((one: Json) => one.type === 'sync.recovered' && one.data.job === SYNC_LEADS),
  )
  const told = (await receiver('alarm')).arrivals.map((one: Json) => JSON.parse(one.body)).reverse()
  // The other job that talks to Microsoft may have run meanwhile, and speaks for itself.
  const ofSync = told.filter(({ data }: Json) => data.job === SYNC_LEADS)
  expect(ofSync.map(({ type }: Json) => type)).toEqual(['sync.failed', 'sync.recovered'])
  expect(ofSync[0].data).toMatchObject({
    code: expect.stringMatching(/^microsoft-/),
    remedy: expect.stringMatching(/./),
  })
})

describe('a receiver that', () => {
  test.each([
    ['redirect', { state: 'dead', lastStatus: 307 }],
    ['reset', { state: 'dead', lastStatus: null }],
    ['endless-body', { state: 'delivered', lastStatus: 200 }],
    ['huge-body', { state: 'delivered', lastStatus: 200 }],
  ])('%s: a test says what came of it, within seconds', async (behaviour, wanted) => {
    const { id } = await make(`odd-${behaviour}`)
    await control('PATCH', `/receivers/odd-${behaviour}`, { behaviour })
    const began = performance.now()
    const { status, body } = await northwind.send('POST', `/api/v4/webhooks/${id}/test`, {})
    expect(status).toBe(200)
    expect(body).toMatchObject({ event: 'webhook.test', ...wanted })
    expect(performance.now() - began).toBeLessThan(fairLimit(10_000))
    expect(body.tries).toHaveLength(1)
    expect(body.tries[0].response?.body.length ?? 0).toBeLessThanOrEqual(4_096)
  })

  test('fails for a moment gets the event a few seconds later, with the same id', async () => {
    const { id } = await make('moment', { events: ['lead.created'] })
    await control('PATCH', '/receivers/moment', { behaviour: 'status', status: 503, times: 1 })
    await control('POST', '/consents', { operator: 'northwind', company: 'In a moment', countries: ['GB'] })
    await runNow(northwind)
    const { counters } = await eventually(
      () => receiver('moment'),
      (seen) => seen.counters.requests === 2,
    )
    expect(counters).toMatchObject({ distinct: 1, good: 2 })
    const [delivery] = await eventually(
      async () => (await northwind.get(`/api/v4/webhooks/${id}/deliveries?state=delivered`)).body.data,
      (data) => data.length === 1,
    )
    const { body } = await northwind.get(`/api/v4/webhooks/${id}/deliveries/${delivery.eventId}`)
    expect(body.tries.map((one: Json) => one.outcome)).toEqual(['refused', 'delivered'])
  })
})

test('pages of the log follow each other, and a replay is a 202', async () => {
  const { id } = await make('paged')
  const ids: string[] = []
  for (let n = 0; n < 3; n++)
    ids.unshift((await northwind.send('POST', `/api/v4/webhooks/${id}/test`, {})).body.eventId)
  const seen: string[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body } = await northwind.get(`/api/v4/webhooks/${id}/deliveries?pageSize=2${cursor && `&cursor=${cursor}`}`)
    seen.push(...body.data.map((one: Json) => one.eventId))
    cursor = body.nextCursor
  }
  expect(seen).toEqual(ids)
  const replayed = await northwind.send('POST', `/api/v4/webhooks/${id}/deliveries/${ids[0]}/replay`)
  expect([replayed.status, replayed.body.state]).toEqual([202, 'pending'])
  await eventually(
    () => receiver('paged'),
    ({ counters }) => counters.requests === 4 && counters.distinct === 3,
  )
})
