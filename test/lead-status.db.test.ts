import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, createClient, eventually, type Json } from './harness/client.ts'
import { type Leadline, startLeadline } from './harness/leadline.ts'

let leadline: Leadline
let carrier: Client
let reseller: Client
let lead: Json
const HOUR_MS = 3_600_000

const control: Leadline['outside']['control'] = (method, path, body) => leadline.outside.control(method, path, body)
const read = async (leadId: string, as = carrier) => (await as.get(`/api/v4/leads/${leadId}/status`)).body
const codes = (status: Json) => status.items.map(({ code }: Json) => code)
const item = (status: Json, code: string) => status.items.find((one: Json) => one.code === code)
const detail = async (leadId: string) => (await carrier.get(`/api/v4/leads/${leadId}`)).body

/** Runs a job and waits until it is over. */
async function run(job: string): Promise<Json> {
  const path = `/api/v4/jobs/peering.${job}/runs`
  const { body } = await carrier.send('POST', path)
  const done = await eventually(
    () => carrier.get(`/api/v4/runs/${body.id}`),
    (reply) => !['queued', 'running'].includes(reply.body.state) || reply.body.error !== null,
    60,
  )
  return done.body
}

/** Held in NotActive for an hour, or Active at once. */
async function consent(countries: string[], holdNotActiveMs = 0): Promise<Json> {
  const company = 'Northbridge Clinic'
  const made = await control('POST', '/consents', { operator: 'northwind', company, countries, holdNotActiveMs })
  // A sync that ran already may have read past it.
  const seen = await eventually(
    async () => {
      await run('sync-leads-job')
      return detail(made.id)
    },
    ({ id }) => id === made.id,
  )
  return { ...made, ...seen }
}

beforeAll(async () => {
  leadline = await startLeadline({ leads: 30 })
  carrier = await leadline.as('northwind-api')
  reseller = await leadline.as('riverside-api')
  await eventually(
    () => carrier.get('/api/v4/leads'),
    ({ body }) => body.data?.length > 0,
    90,
  )
  lead = await consent(['GB', 'DE'])
})
afterAll(() => leadline?.close())

test('tells the way of an Active lead from consent to license, and what is waited for', async () => {
  // The sandbox's own run of the job may have asked already.
  await leadline.db.asOwner.query(
    'update lead set civic_addresses = null, addresses_asked_at = null where lead_id = $1',
    [lead.id],
  )
  const status = await read(lead.id)
  expect(codes(status)).toEqual([
    'customer-consented',
    'microsoft-active',
    'countries',
    'agreement-open',
    'no-channel',
    'addresses-not-asked',
    'synced',
    'no-license',
  ])
  expect(status.summary).toMatchObject({ state: 'waiting', code: 'agreement-open' })
  expect(item(status, 'synced')).toMatchObject({
    state: 'done',
    at: expect.any(String),
    about: { type: 'job', id: 'peering.sync-leads-job' },
  })
  // What does not exist yet is not offered.
  expect(item(status, 'no-license')).toMatchObject({ state: 'open', next: null })
  expect(status.affected).toEqual([])

  await control('PATCH', `/consents/${lead.id}`, { relationshipStatus: 'AgreementSigned' })
  await run('sync-leads-job')
  await run('sync-addresses-job')
  const signed = await read(lead.id)
  expect(item(signed, 'agreement-signed').state).toBe('done')
  expect(item(signed, 'addresses').title).toBe('The customer keeps no emergency address')
  expect(signed.summary).toMatchObject({ state: 'open', code: 'no-license' })
})

test('a lead that Microsoft has not activated says whether the customer or Microsoft is waited for, and how long it usually takes', async () => {
  const waiting = await consent(['GB'], HOUR_MS)
  const status = await read(waiting.id)
  expect(status.summary).toMatchObject({ state: 'waiting', code: 'microsoft-not-active' })
  expect(item(status, 'microsoft-not-active')).toMatchObject({
    next: { by: 'microsoft' },
    usual: { basis: 'documented', seconds: null },
  })
  const countryless = await read((await consent([], HOUR_MS)).id)
  expect(item(countryless, 'microsoft-no-countries').next.by).toBe('customer')

  // Five leads that turned Active say how long it takes here.
  const made: string[] = []
  for (let i = 0; i < 5; i++) made.push((await consent(['GB'], HOUR_MS)).id)
  for (const id of made) await control('POST', `/consents/${id}/activate`)
  await run('sync-leads-job')
  const { usual } = item(await read(waiting.id), 'microsoft-not-active')
  expect(usual).toMatchObject({ basis: 'measured', text: expect.stringContaining('the median of 5 leads') })
  expect(usual.seconds).toBeLessThan(60)
})

test('what is hit when a customer drops a country, suspends and leaves, and since when', async () => {
  const { tenantId } = lead
  await control('POST', `/tenants/${tenantId}/civic-addresses`, { country: 'DE', locations: [{}] })
  await control('POST', `/tenants/${tenantId}/civic-addresses`, { country: 'GB', locations: [{}] })
  await leadline.db.asOwner.query('update lead set addresses_asked_at = null where lead_id = $1', [lead.id])
  await run('sync-addresses-job')
  expect((await detail(lead.id)).affected).toBeNull()

  const before = new Date().toISOString()
  await control('PATCH', `/consents/${lead.id}`, { countries: ['GB'] })
  await run('sync-leads-job')
  const dropped = (await read(lead.id)).affected
  const what = [{ kind: 'addresses', text: '1 emergency address in DE', count: 1 }]
  expect(dropped).toEqual([
    { cause: 'countries', countries: ['DE'], what, at: expect.any(String), source: 'The journal of this lead' },
  ])
  expect(dropped[0].at > before).toBe(true)
  expect((await detail(lead.id)).affected).toEqual({ cause: 'countries', countries: ['DE'], what })

  await carrier.send('PUT', `/api/v4/leads/${lead.id}/channel`, { channelId: 907 })
  await control('POST', `/consents/${lead.id}/suspend`)
  await run('sync-leads-job')
  const suspended = await read(lead.id)
  expect(suspended.summary).toMatchObject({ state: 'attention', code: 'microsoft-suspended' })
  expect(suspended.affected.map(({ cause }: Json) => cause)).toEqual(['suspended', 'countries'])
  const everything = ['Channel Riverside IT', '2 emergency addresses']
  expect(suspended.affected[0].what.map(({ text }: Json) => text)).toEqual(everything)
  const { body } = await carrier.get('/api/v4/leads?status=Suspended')
  const row = body.data.find(({ id }: Json) => id === lead.id)
  expect([row.affected.cause, row.affected.what.map(({ text }: Json) => text)]).toEqual(['suspended', everything])
  // The channel learns the same of its own lead, and nothing of the runs.
  const theirs = await read(lead.id, reseller)
  expect(theirs.affected.map(({ cause, at }: Json) => [cause, at])).toEqual(
    suspended.affected.map(({ cause, at }: Json) => [cause, at]),
  )
  expect(item(theirs, 'synced')).toMatchObject({ about: null, source: 'The last whole listing of Microsoft' })

  await control('POST', `/consents/${lead.id}/remove`)
  await run('sync-leads-job')
  expect((await read(lead.id)).affected[0].cause).toBe('removed')
  await carrier.send('POST', `/api/v4/leads/${lead.id}/archive`)
  expect((await detail(lead.id)).affected).toBeNull()
})

test('a sync that fails is told with its reason and since when; a channel learns that it is late, and not why', async () => {
  const { body } = await reseller.get('/api/v4/leads')
  const theirs = body.data[0].id
  await control('POST', '/faults', { name: 'forbidden', endpoint: 'list', operator: 'northwind' })
  const first = await run('sync-leads-job')
  await run('sync-leads-job')
  const failed = item(await read(theirs), 'sync-failed')
  expect(failed).toMatchObject({ state: 'failed', cause: first.error.message, next: { by: 'operator' } })
  expect(Math.abs(Date.parse(failed.at) - Date.parse(first.finishedAt))).toBeLessThan(1_000)
  await leadline.db.asOwner.query(`update sync_state set listed_at = now() - interval '30 days'`)
  const late = await reseller.get(`/api/v4/leads/${theirs}/status`)
  expect(item(late.body, 'sync-late')).toMatchObject({ state: 'attention', cause: null, about: null })
  expect(late.text).not.toContain(first.error.message)
  await control('DELETE', '/faults')
})

test('tasks that failed for the lead are told to whoever may read tasks, until a later one worked', async () => {
  const { body } = await carrier.get('/api/v4/leads?status=NotActive')
  const { id } = body.data[0]
  const bulk = async (leadIds: string[]) => {
    const reply = await carrier.send('POST', '/api/v4/leads/bulk', { action: 'archive', leadIds })
    const at = `/api/v4/tasks/${reply.body.id}`
    await eventually(
      () => carrier.get(at),
      (task) => task.body.finishedAt !== null,
    )
    return reply.body.id
  }
  const taskId = await bulk([id])
  const failed = item(await read(id), 'task-leads-archive-failed')
  expect(failed).toMatchObject({ state: 'failed', system: 'task', about: { type: 'task', id: taskId } })
  expect(failed.cause).toContain('Removed')
  const { body: made } = await carrier.send('POST', '/api/v4/clients', {
    name: 'no tasks',
    permissions: ['leads.read'],
  })
  const reader = await createClient(leadline.baseUrl, made.clientId, made.clientSecret)
  expect(codes(await read(id, reader))).not.toContain('task-leads-archive-failed')

  await control('POST', `/consents/${id}/remove`)
  await run('sync-leads-job')
  await bulk([id])
  expect(codes(await read(id))).not.toContain('task-leads-archive-failed')
})

test('a lead of somebody else is not there', async () => {
  const { body } = await carrier.get('/api/v4/leads?channelId=0')
  const foreign = body.data[0].id
  expect((await reseller.get(`/api/v4/leads/${foreign}/status`)).status).toBe(404)
  expect((await carrier.get('/api/v4/leads/019a9f60-2b7c-7d10-8f31-6a0c1d2e3f40/status')).status).toBe(404)
})
