import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { firstTen } from './first-ten.ts'
import { ask, type Client, eventually, type Json } from './harness/client.ts'
import { fairLimit } from './harness/fair-limit.ts'
import { type Leadline, startLeadline } from './harness/leadline.ts'
import { runNow, runsOf, SYNC_ADDRESSES, SYNC_LEADS, settled, startNow } from './harness/runs.ts'

// What customers and Microsoft do after the first sync, and what the API shows of it. Source: issue 2, 4 and 5.

const LEADS = 40
let leadline: Leadline
let northwind: Client
let riverside: Client
let control: Leadline['outside']['control']

beforeAll(async () => {
  leadline = await startLeadline({ leads: LEADS })
  control = leadline.outside.control
  northwind = await leadline.as('northwind-api')
  riverside = await leadline.as('riverside-api')
  await eventually(
    () => ask(`${leadline.baseUrl}/health/ready`),
    (reply) => reply.status === 200,
  )
  // The last two runs of the first start, so that no run but a test's own is under way.
  await eventually(
    () => runsOf(northwind, SYNC_ADDRESSES),
    (runs) => runs.length > 0 && runs.every((run) => run.state === 'succeeded'),
  )
})
afterAll(() => leadline?.close())

const consentTo = (operator: string, company: string, more = {}) =>
  control('POST', '/consents', { operator, company, countries: ['GB'], ...more })
const leadOf = async (tenantId: string, query = ''): Promise<Json> =>
  (await northwind.get(`/api/v2/oc/lead?msTenantId=${tenantId}${query}`)).body[0]
const total = async () => Number((await northwind.get('/api/v2/oc/lead')).headers.get('x-total-count'))
const journalOf = async (leadId: string): Promise<Json[]> =>
  (await northwind.get(`/api/v4/journal?objectType=lead&objectId=${leadId}`)).body.data

describe('a customer', () => {
  test('who consents is a lead after the next sync, behind all others, and heard of once', async () => {
    const before = await total()
    const { id, tenantId } = await consentTo('northwind', 'Tailspin Toys', {
      size: 'L10_U24',
      at: '2026-02-03T04:05:06.7Z',
    })
    expect(await leadOf(tenantId)).toBeUndefined()
    const run = await runNow(northwind)
    expect([run.state, run.counts.new, run.counts.removed]).toEqual(['succeeded', 1, 0])
    expect(await leadOf(tenantId)).toMatchObject({
      id,
      status: 'Active',
      consentedOn: '2026-02-03T04:05:06.7Z',
      consentedCountries: ['GB'],
      contactDetails: { companyName: 'Tailspin Toys', companySize: 'L10_U24' },
      comments: null,
      umpCustomerGuid: null,
    })
    const page = await northwind.get(`/api/v2/oc/lead?PageSize=1&PageNumber=${before + 1}`)
    expect([page.body[0].id, page.headers.get('x-total-count')]).toEqual([id, String(before + 1)])
    expect((await journalOf(id)).map((entry) => entry.action)).toEqual(['lead.created'])
    expect((await runNow(northwind)).counts).toMatchObject({ new: 0, changed: 0 })
    expect(await journalOf(id)).toHaveLength(1)
  })

  test('held in NotActive becomes Active when Microsoft says so', async () => {
    const { tenantId } = await consentTo('northwind', 'Proseware', { holdNotActiveMs: 60_000 })
    await runNow(northwind)
    expect((await leadOf(tenantId)).status).toBe('NotActive')
    const { consents } = await control('GET', `/consents?operator=northwind&tenantId=${tenantId}`)
    await control('POST', `/consents/${consents[0].id}/activate`)
    await runNow(northwind)
    expect((await leadOf(tenantId)).status).toBe('Active')
  })

  test('who changes countries is changed field by field, before and after in the journal', async () => {
    const lead = firstTen[8]
    await control('PATCH', `/consents/${lead?.id}`, { countries: ['GB', 'UK', 'XX'] })
    const run = await runNow(northwind)
    expect(run.counts).toMatchObject({ new: 0, changed: 1 })
    const now = await leadOf(lead?.tenantId ?? '')
    expect(now.consentedCountries).toEqual(['GB', 'UK', 'XX'])
    const [entry] = await journalOf(lead?.id ?? '')
    expect(entry).toMatchObject({
      action: 'lead.changed',
      actor: { kind: 'job', id: SYNC_LEADS },
      before: { consentedCountries: lead?.consentedCountries },
      after: { consentedCountries: ['GB', 'UK', 'XX'], lastModifiedOn: now.lastModifiedOn },
      result: 'ok',
    })
    // What is ours alone has survived.
    expect(now).toMatchObject({ umpCustomerGuid: lead?.umpCustomerGuid, ovocChannelId: 0, comments: [] })
  })

  test('who is suspended, resumed and removes the operator keeps the lead, its license and its addresses', async () => {
    const lead = firstTen[7]
    for (const [act, status] of [
      ['suspend', 'Suspended'],
      ['resume', 'Active'],
      ['remove', 'Removed'],
    ]) {
      await control('POST', `/consents/${lead?.id}/${act}`)
      expect((await runNow(northwind)).counts).toMatchObject({ changed: 1, removed: 0 })
      const now = await leadOf(lead?.tenantId ?? '')
      expect(now).toMatchObject({ status, umpCustomerGuid: lead?.umpCustomerGuid, ovocChannelId: 907 })
      expect(now.civicAddresses).toHaveLength(4)
      expect((await riverside.get('/api/v2/oc/lead')).body).toEqual([now])
    }
  })
})

describe('an absence', () => {
  test('is confirmed by asking for that tenant; then the lead is Removed, and kept', async () => {
    const gone = await consentTo('northwind', 'Wingtip Gone')
    await runNow(northwind)
    const before = await total()
    await control('POST', `/consents/${gone.id}/purge`)
    await leadline.outside.forgetCalls()
    const run = await runNow(northwind)
    expect(run.counts).toMatchObject({ missing: 1, removed: 1 })
    expect(await leadline.outside.calls('one', gone.tenantId)).toBe(1)
    expect((await leadOf(gone.tenantId)).status).toBe('Removed')
    expect(await total()).toBe(before)
    expect((await journalOf(gone.id)).map((entry) => entry.action)).toEqual(['lead.removed', 'lead.created'])
    expect((await runNow(northwind)).counts).toMatchObject({ removed: 0 })
    await control('POST', `/consents/${gone.id}/restore`)
    await runNow(northwind)
    expect((await leadOf(gone.tenantId)).status).toBe('Active')
  })

  test('that Microsoft does not confirm stays a suspicion, which the desk shows', async () => {
    const hidden = await consentTo('northwind', 'Wingtip Hidden')
    await runNow(northwind)
    await control('POST', `/consents/${hidden.id}/purge`, { from: 'listing' })
    for (let round = 0; round < 2; round++) expect((await runNow(northwind)).counts).toMatchObject({ removed: 0 })
    expect((await leadOf(hidden.tenantId)).status).toBe('Active')
    expect((await northwind.get(`/api/v4/leads/${hidden.id}`)).body.missingSince).toMatch(/^20/)
    await control('POST', `/consents/${hidden.id}/restore`)
    await runNow(northwind)
    expect((await northwind.get(`/api/v4/leads/${hidden.id}`)).body.missingSince).toBeNull()
  })

  test.each(['shrunk-listing', 'empty-listing'])(
    'of many at once (%s) removes nothing and raises one alert',
    async (name) => {
      const before = (await northwind.get('/api/v2/oc/lead?PageSize=20000')).text
      await control('POST', '/faults', { name, times: 2, operator: 'northwind', endpoint: 'list' })
      await leadline.outside.forgetCalls()
      for (let round = 0; round < 2; round++) {
        const run = await runNow(northwind)
        expect(run.counts.removed).toBe(0)
        expect(run.counts.missing).toBeGreaterThan(20)
      }
      expect(await leadline.outside.calls('one')).toBe(0)
      await runNow(northwind)
      expect((await northwind.get('/api/v2/oc/lead?PageSize=20000')).text).toBe(before)
      const alerts = (await northwind.get('/api/v4/journal?action=leads.listing-shrank')).body.data
      expect(alerts.length, 'alerts of both kinds so far').toBe(name === 'shrunk-listing' ? 1 : 2)
    },
  )
})

describe('a record that cannot be read', () => {
  test('is counted, kept raw and shown; the others are stored', async () => {
    const bad = await consentTo('northwind', 'sentinel: malformed-record')
    const good = await consentTo('northwind', 'Adatum')
    const run = await runNow(northwind)
    expect([run.state, run.counts.malformed, run.counts.new]).toEqual(['succeeded', 1, 1])
    expect((await leadOf(good.tenantId)).id).toBe(good.id)
    const { data } = (await northwind.get('/api/v4/sync-findings')).body
    const found = data.filter((finding: Json) => finding.kind === 'malformed')
    expect(found).toHaveLength(1)
    expect(found[0].raw).toContain('sentinel: malformed-record')
    expect(found[0].key).toContain(bad.id)
    await control('POST', `/consents/${bad.id}/purge`)
    await runNow(northwind)
  })

  test.each([
    ['unknown-status', { status: 'Quarantined' }],
    ['unknown-company-size', { contactDetails: { companySize: 'Colossal' } }],
    ['null-contacts', { contacts: null, isDirectLead: false }],
    ['country-uk', { consentedCountries: ['UK', 'GB'] }],
    ['fractional-digits', { consentedOn: expect.stringMatching(/^2026-02-03T04:05:06(\.70*)?Z$/) }],
    ['offset-dates', { consentedOn: '2026-02-03T04:05:06.7+00:00' }],
    ['unknown-field', {}],
  ])('but only surprises (%s) is a lead all the same, as Microsoft wrote it', async (name, expected) => {
    const { id, tenantId } = await consentTo('northwind', `sentinel: ${name}`, { at: '2026-02-03T04:05:06.7Z' })
    expect((await runNow(northwind)).counts).toMatchObject({ new: 1, malformed: 0 })
    expect(await leadOf(tenantId)).toMatchObject({ id, ...expected })
  })
})

describe('checkOnline', () => {
  const online = '&checkOnline=True'

  test('asks Microsoft once for a tenant without a record, stores it and returns it', async () => {
    const { id, tenantId } = await consentTo('northwind', 'Fourth Coffee')
    await leadline.outside.forgetCalls()
    expect(await leadOf(tenantId)).toBeUndefined()
    expect(await leadline.outside.calls('one')).toBe(0)
    expect((await leadOf(tenantId, online)).id).toBe(id)
    expect((await leadOf(tenantId, online)).id).toBe(id)
    expect((await leadOf(tenantId)).id).toBe(id)
    expect(await leadline.outside.calls('one', tenantId)).toBe(1)
    expect((await runNow(northwind)).counts).toMatchObject({ new: 0 })
  })

  test('stores a lead outside the caller’s channel and does not return it', async () => {
    const { id, tenantId } = await consentTo('northwind', 'Lucerne Publishing')
    const reply = await riverside.get(`/api/v2/oc/lead?msTenantId=${tenantId}${online}`)
    expect([reply.status, reply.body]).toEqual([200, []])
    expect((await leadOf(tenantId)).id).toBe(id)
  })

  test('is an empty list for a tenant that Microsoft does not know either', async () => {
    const reply = await northwind.get(`/api/v2/oc/lead?msTenantId=${randomUUID()}${online}`)
    expect([reply.status, reply.body]).toEqual([200, []])
  })

  test.each(['error-503', 'html-page', 'reset-connection', 'throttle-1'])(
    'is a 503 when Microsoft fails (%s)',
    async (name) => {
      await control('POST', '/faults', { name, operator: 'northwind', endpoint: 'one', times: 5 })
      const reply = await northwind.get(`/api/v2/oc/lead?msTenantId=${randomUUID()}${online}`)
      await control('DELETE', '/faults')
      expect([reply.status, reply.body.code]).toEqual([503, 'microsoft-unavailable'])
      expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0)
      // What Microsoft asked for holds for every call of this process.
      if (name === 'throttle-1') await sleep(1_100)
    },
  )
})

describe('civic addresses of direct leads', () => {
  const directLead = async (company: string): Promise<string> => {
    const { tenantId } = await control('POST', '/direct-leads', { operator: 'northwind', company })
    await control('POST', `/tenants/${tenantId}/civic-addresses`, {
      country: 'GB',
      cityOrTown: 'Leeds',
      locations: [{}],
    })
    await leadline.outside.forgetCalls()
    return tenantId
  }

  test('come from Microsoft in the same answer, and are stored', async () => {
    const tenantId = await directLead('Sans Consent')
    const reply = await northwind.get(`/api/v2/oc/lead?msTenantId=${tenantId}&checkOnline=true`)
    expect(reply.body[0], reply.text).toMatchObject({
      isDirectLead: true,
      civicAddresses: [{ country: 'GB', cityOrTown: 'Leeds' }],
    })
    const again = await northwind.get(`/api/v2/oc/lead?msTenantId=${tenantId}`)
    expect(again.body).toEqual(reply.body)
    expect(await leadline.outside.calls('addresses', tenantId)).toBe(1)
    const tag = await northwind.get(`/api/v2/oc/lead?msTenantId=${tenantId}`, {
      headers: { 'if-none-match': reply.headers.get('etag') ?? '' },
    })
    expect(tag.status).toBe(304)
  })

  test.each(['hang', 'error-500'])(
    'that cannot be had (%s) fail no request, are noted, and left alone for a while',
    async (name) => {
      const tenantId = await directLead(`Sans Answer ${name}`)
      // One would ask at once.
      await leadline.stopWorkers()
      await control('POST', '/faults', { name, operator: 'northwind', endpoint: 'addresses', times: 9 })
      const startedAt = performance.now()
      const lead = await leadOf(tenantId, '&checkOnline=true')
      expect(performance.now() - startedAt).toBeLessThan(fairLimit(5_000))
      expect(lead).toMatchObject({ isDirectLead: true, civicAddresses: null })
      const asked = await leadline.outside.calls('addresses', tenantId)
      expect((await leadOf(tenantId)).civicAddresses).toBeNull()
      expect(await leadline.outside.calls('addresses', tenantId)).toBe(asked)
      await control('DELETE', '/faults')
      const { addresses } = (await northwind.get(`/api/v4/leads/${lead.id}`)).body
      expect(addresses).toMatchObject({ count: null })
      expect(addresses.failure).toMatch(/\S/)
      const metrics = await ask(`${leadline.baseUrl}/metrics`)
      expect(metrics.text).toMatch(/leadline_address_fetch_failures_total [1-9]/)
      await leadline.startWorker()
    },
  )
})

describe('a run', () => {
  test('is visible while it runs and afterwards, with counts; a second request joins it', async () => {
    await control('POST', '/faults', {
      name: 'slow',
      delayMs: 1_500,
      times: 1,
      operator: 'northwind',
      endpoint: 'list',
    })
    const started = await northwind.send('POST', `/api/v4/jobs/${SYNC_LEADS}/runs`)
    expect(started.status).toBe(202)
    const going = await eventually(
      async () => (await northwind.get(`/api/v4/runs/${started.body.id}`)).body,
      (run) => run.state === 'running',
    )
    expect(going.finishedAt).toBeNull()
    expect((await northwind.send('POST', `/api/v4/jobs/${SYNC_LEADS}/runs`)).body.id).toBe(started.body.id)
    const { data } = (await northwind.get('/api/v4/jobs')).body
    expect(data.find((job: Json) => job.name === SYNC_LEADS).currentRun.id).toBe(started.body.id)
    const done = await settled(northwind, started.body.id)
    expect(done).toMatchObject({ state: 'succeeded', trigger: 'api', attempts: 1, error: null })
    expect(done.counts).toMatchObject({ new: 0, malformed: 0, removed: 0, listed: await upstreamTotal() })
    expect((await runsOf(northwind))[0]).toEqual(done)
    const fabrikam = await leadline.as('fabrikam-api')
    expect((await runsOf(fabrikam)).map((run) => run.id)).not.toContain(started.body.id)
  })

  test('that Microsoft refuses says why and what to do, and changes nothing', async () => {
    const before = (await northwind.get('/api/v2/oc/lead?PageSize=20000')).text
    await control('PATCH', '/operators/northwind', { appIsAllowListed: false })
    const runId = await startNow(northwind)
    const failing = await eventually(
      async () => (await northwind.get(`/api/v4/runs/${runId}`)).body,
      (run) => run.error !== null,
    )
    expect(failing.error.message).toMatch(/application/i)
    await control('PATCH', '/operators/northwind', { appIsAllowListed: true })
    expect((await runNow(northwind, SYNC_LEADS, 60)).state).toBe('succeeded')
    expect((await northwind.get('/api/v2/oc/lead?PageSize=20000')).text).toBe(before)
  })
})

test('the journal of all this is whole', async () => {
  const verdict = await eventually(
    async () => (await northwind.get('/api/v4/journal/verification')).body,
    (body) => body.unsealed === 0,
  )
  expect(verdict).toMatchObject({ ok: true })
})

async function upstreamTotal(): Promise<number> {
  const { operators } = await control('GET', '/operators')
  return operators.find((operator: Json) => operator.key === 'northwind').consents
}
