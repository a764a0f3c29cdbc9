import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, type Client, eventually, type Json } from './harness/client.ts'
import { type Leadline, startLeadline } from './harness/leadline.ts'

// From an Active lead to a service and back, over HTTP, with Microsoft simulated. By tenant id: no SBC is needed.

let leadline: Leadline
let northwind: Client
let fabrikam: Client
let riverside: Client
let free: Json[] = []

beforeAll(async () => {
  leadline = await startLeadline({ leads: 60 })
  northwind = await leadline.as('northwind-api')
  fabrikam = await leadline.as('fabrikam-api')
  riverside = await leadline.as('riverside-api')
  await eventually(
    () => ask(`${leadline.baseUrl}/health/ready`),
    (reply) => reply.status === 200,
  )
  await eventually(
    async () => (await riverside.get('/api/v2/oc/lead')).body,
    (own) => own.length === 1,
  )
  const { body } = await northwind.get('/api/v4/leads?licensed=false&status=Active&isDirectLead=false&pageSize=200')
  free = body.data
})
afterAll(() => leadline?.close())

/** A lead that nobody else in this file uses. */
function takeLead(): Json {
  const lead = free.pop()
  if (!lead) throw new Error('Give the simulator more leads.')
  return lead
}

let names = 0
const nextName = () => `Svc-${(names++).toString().padStart(4, '0')}`
const apply = (leadId: string, body: object, as: Client = northwind) =>
  as.send('POST', `/api/v4/leads/${leadId}/license`, body)
const taskOf = (taskId: string, as: Client = northwind) =>
  eventually(
    async () => (await as.get(`/api/v4/tasks/${taskId}`)).body,
    ({ state }) => ['succeeded', 'failed', 'cancelled', 'stuck', 'partial'].includes(state),
  )
const deskLead = async (leadId: string) => (await northwind.get(`/api/v4/leads/${leadId}`)).body
const serviceOf = async (leadId: string) => (await northwind.get(`/api/v4/services?leadId=${leadId}`)).body.data[0]

/** A licensed lead, by our own way. */
async function licensed(): Promise<{ lead: Json; service: Json; taskId: string }> {
  const lead = takeLead()
  const { status, body } = await apply(lead.id, { shortName: nextName() })
  expect([status, body.code]).toEqual([202, undefined])
  const task = await taskOf(body.id)
  expect([task.state, task.error]).toEqual(['succeeded', null])
  return { lead, service: await serviceOf(lead.id), taskId: body.id }
}

describe('a license', () => {
  test('makes a service of a lead: Microsoft knows, the lead moves to Tenants, the service is there', async () => {
    const lead = takeLead()
    const shortName = nextName()
    const preview = await northwind.send('POST', `/api/v4/leads/${lead.id}/license/preview`, { shortName })
    expect(preview.body).toMatchObject({ allowed: true, problems: [], model: 'tenant', script: null })
    expect(preview.body.summary.map(({ step }: Json) => step)).toEqual(['reserve', 'agreement', 'finish'])

    const asked = await apply(lead.id, { shortName, fullName: 'Copper & Kettle' })
    expect([asked.status, asked.headers.get('location')]).toEqual([202, `/api/v4/tasks/${asked.body.id}`])
    const task = await taskOf(asked.body.id)
    expect([task.state, task.steps.map(({ state }: Json) => state)]).toEqual(['succeeded', Array(3).fill('succeeded')])

    const after = await deskLead(lead.id)
    expect(after).toMatchObject({
      license: 'OC Essential',
      processing: 'Success',
      umpCustomerGuid: task.output.umpCustomerGuid,
    })
    expect(after.relationship.status).toBe('AgreementSigned')
    expect(after.actions.changeStatus).toEqual({ allowed: false, reason: 'It has a license already.' })
    const [wire] = (await northwind.get(`/api/v2/oc/lead?msTenantId=${lead.tenantId}`)).body
    expect(wire).toMatchObject({ umpCustomerGuid: after.umpCustomerGuid, isNotActive: null, ovocChannelId: 0 })

    const service = await northwind.get(`/api/v4/services/${after.umpCustomerGuid}`)
    expect(service.body).toMatchObject({
      ...{ shortName, fullName: 'Copper & Kettle', state: 'Active', origin: 'licensed', model: 'tenant', taskId: null },
      ...{ tenantId: lead.tenantId, leadId: lead.id, connections: 1, deployment: 'None', health: 'unknown' },
    })
    expect(service.body.sipConnections).toHaveLength(1)
    const { body } = await northwind.get(`/api/v4/journal?objectType=service&objectId=${after.umpCustomerGuid}`)
    expect(body.data.map((entry: Json) => entry.action)).toEqual(['service.created'])
  })

  test('by the documented calls answers task ids in their forms', async () => {
    const [one, other] = [takeLead(), takeLead()]
    const [first, second] = [nextName(), nextName()]
    const made = await northwind.send('POST', '/api/v3/customer', {
      ConfigurationName: 'OcEssential_TENANT_TYPE',
      customerShortName: first,
      CustomerFulName: 'Full One',
      msTenantId: one.tenantId,
    })
    expect([made.status, Object.keys(made.body)]).toEqual([200, ['jobId']])
    const patched = await northwind.send('PATCH', `/api/v2/oc/lead?msTenantID=${other.id}`, {
      statusChange: 'OC Essential',
      customerShortName: second,
    })
    expect([patched.status, typeof patched.body]).toEqual([200, 'string'])
    for (const [taskId, lead] of [
      [made.body.jobId, one],
      [patched.body, other],
    ]) {
      expect(taskId).toMatch(/^wst_/)
      await taskOf(taskId)
      const { body } = await northwind.get(`/api/v2/task/${taskId}`)
      expect(body).toMatchObject({ id: taskId, status: 'CompletedSuccess', details: ['Converted'] })
      expect(body.outputData.umpCustomerGuid).toBe((await deskLead(lead.id)).umpCustomerGuid)
    }
  })

  test('is refused with every reason at once, and by the documented call keyed by field', async () => {
    const lead = takeLead()
    const broken = await apply(lead.id, { shortName: 'a. b', lcCustomerId: 4_040_404 })
    expect(broken.status).toBe(400)
    expect(broken.body.errors.map(({ pointer }: Json) => pointer)).toEqual([
      ...['/body/shortName', '/body/shortName', '/body/lcCustomerId'],
    ])
    const documented = await northwind.send('POST', '/api/v3/customer', {
      configurationName: 'OcEssential_TENANT_TYPE',
      customerShortName: 'audit',
      msTenantID: lead.tenantId,
    })
    expect([documented.status, Object.keys(documented.body.errors)]).toEqual([400, ['CustomerShortName']])
    const unknown = await northwind.send('POST', '/api/v3/customer', {
      configurationName: 'OcEssential_X',
      customerShortName: 'abc',
    })
    expect(Object.keys(unknown.body.errors)).toEqual(['configurationName', 'msTenantID'])
    expect((await deskLead(lead.id)).processing).toBeNull()
    free.push(lead)
  })

  test('is refused for a lead that is not Active, and for a second service of a tenant', async () => {
    const { body } = await northwind.get('/api/v4/leads?licensed=false&status=Removed,Suspended,NotActive&pageSize=1')
    const removed = await apply(body.data[0].id, { shortName: nextName() })
    expect([removed.status, removed.body.code]).toEqual([409, 'lead-not-active'])
    const { lead } = await licensed()
    const again = await apply(lead.id, { shortName: nextName() })
    expect([again.status, again.body.code]).toEqual([409, 'lead-licensed'])
  })

  test('goes to one of two who want the same short name at the same instant', async () => {
    const leads = [takeLead(), takeLead(), takeLead(), takeLead()]
    const name = nextName()
    const answers = await Promise.all(
      leads.map(({ id }, i) => apply(id, { shortName: i % 2 === 0 ? name.toLowerCase() : name.toUpperCase() })),
    )
    const codes = answers.map(({ status, body }) => (status === 202 ? 'won' : body.code))
    expect(codes.toSorted()).toEqual(['short-name-in-use', 'short-name-in-use', 'short-name-in-use', 'won'])
    const won = answers.find(({ status }) => status === 202)
    expect((await taskOf(won?.body.id)).state).toBe('succeeded')
    for (const [i, { id }] of leads.entries()) {
      const lead = await deskLead(id)
      expect([lead.processing, lead.license]).toEqual(
        answers[i]?.status === 202 ? ['Success', 'OC Essential'] : [null, null],
      )
      if (answers[i]?.status !== 202) free.push(lead)
    }
  })

  test('is taken back whole when Microsoft removes the lead meanwhile', async () => {
    const lead = takeLead()
    await leadline.stopWorkers()
    const { body } = await apply(lead.id, { shortName: nextName() })
    expect((await deskLead(lead.id)).processing).toBe('Updating')
    expect(await serviceOf(lead.id)).toMatchObject({ state: 'Creating', taskId: body.id })
    await leadline.outside.control('POST', `/consents/${lead.id}/remove`)
    await leadline.startWorker()
    const task = await taskOf(body.id)
    expect([task.state, task.undone, task.error.code]).toEqual(['failed', 'failure', 'lead-not-active'])
    expect(await serviceOf(lead.id)).toBeUndefined()
    expect(await deskLead(lead.id)).toMatchObject({ processing: 'Failed', license: null, umpCustomerGuid: null })
  })
})

describe('the lists', () => {
  test('show services with facets, filters, cursor and 304', async () => {
    const { service } = await licensed()
    const all = await northwind.get('/api/v4/services?facets=true&pageSize=2')
    expect(all.body.data).toHaveLength(2)
    expect(all.body.total).toBeGreaterThan(3)
    expect(all.body.facets.license).toEqual([{ value: 'OC Essential', count: all.body.total }])
    const next = await northwind.get(`/api/v4/services?pageSize=2&cursor=${all.body.nextCursor}`)
    expect(next.body.data[0].id).not.toBe(all.body.data[0].id)
    const same = await northwind.get('/api/v4/services?facets=true&pageSize=2', {
      headers: { 'if-none-match': all.headers.get('etag') ?? '' },
    })
    expect(same.status).toBe(304)
    const found = await northwind.get(`/api/v4/services?q=${service.shortName.toLowerCase()}`)
    expect(found.body.data.map(({ id }: Json) => id)).toEqual([service.id])
    expect((await fabrikam.get('/api/v4/services')).body.data).toEqual([])
    expect((await fabrikam.get(`/api/v4/services/${service.id}`)).status).toBe(404)
  })

  test('of the documented API have its very keys', async () => {
    const { service } = await licensed()
    const v3 = await northwind.get('/api/v3/customer?allDetails=true')
    const one = v3.body.find((customer: Json) => customer.UmpCustomerGuid === service.id)
    expect(Object.keys(one)).toEqual([
      ...[
        'UmpCustomerGuid',
        'CustomerShortName',
        'CustomerFullName',
        'LicenseType',
        'LicensedUsersCount',
        'MsTenantId',
      ],
      ...['ActiveUserCount', 'LiveHubActiveUsersCount', 'LiveHubSimpleUsersCount', 'SiteLocation'],
    ])
    expect([one.LicenseType, one.LicensedUsersCount, one.SiteLocation[0].sbcConfigurationType]).toEqual([
      3,
      null,
      'SipTrunk',
    ])
    expect((await northwind.get(`/api/v3/customer/${service.id}?allDetails=true`)).body).toEqual(one)
    const v2 = (await northwind.get('/tenantui/api/v2/customer?PageSize=1&Page Number=2')).body
    expect(v2).toHaveLength(1)
    expect(Object.keys(v2[0])).toEqual(['Id', 'ShortName', 'FullName', 'LicenseType'])
    const brief = (await northwind.get(`/api/v2/customer/${service.id}`)).body
    expect(Object.keys(brief)).toEqual(['Id', 'ShortName', 'FullName', 'LicenseType', 'SiteLocation'])
    const missing = await northwind.get('/api/v2/customer/7d0c3f54-6f0f-4a51-8c0a-1f6f0a6f7a10')
    expect([missing.status, missing.body]).toEqual([
      404,
      'Customer with 7d0c3f54-6f0f-4a51-8c0a-1f6f0a6f7a10 not found',
    ])
    expect((await northwind.get(`/api/v3/customer/${service.id}/licensedUsers`)).body).toEqual([])
    expect((await northwind.get(`/api/v3/customer/${service.id}/licenseinfo`)).body).toEqual(expect.any(Array))
    const [site] = brief.SiteLocation
    expect((await northwind.get(`/api/v2/sitelocation/${site.id}`)).body).toMatchObject({
      ...{ tenantId: service.tenantId, siteName: service.shortName, pendingTasks: [] },
    })
  })
})

describe('deleting a customer', () => {
  test('takes it down, tells Microsoft if wanted, and returns the lead to New Leads', async () => {
    const { lead, service } = await licensed()
    const preview = await northwind.get(`/api/v4/services/${service.id}/deletion`)
    expect(preview.body).toMatchObject({ allowed: true, reasons: [], numbersAtMicrosoft: 0 })
    const wrong = await northwind.send('POST', `/api/v4/services/${service.id}/deletion`, { shortName: 'another' })
    expect([wrong.status, wrong.body.errors[0].pointer]).toEqual([400, '/body/shortName'])
    const asked = await northwind.send('POST', `/api/v4/services/${service.id}/deletion`, {
      shortName: service.shortName.toLowerCase(),
      terminateContract: { reason: 'Moved to another carrier' },
    })
    expect(asked.status).toBe(202)
    const task = await taskOf(asked.body.id)
    expect([task.state, task.error]).toEqual(['succeeded', null])
    expect(task.output.report).toEqual([
      { system: 'sbc', text: 'Nothing of it is left on any SBC.' },
      { system: 'microsoft', text: 'Microsoft holds no numbers of the tenant.' },
    ])
    expect(await deskLead(lead.id)).toMatchObject({ license: null, processing: null, umpCustomerGuid: null })
    expect((await deskLead(lead.id)).relationship).toMatchObject({
      ...{ status: 'ContractTerminated', comment: 'Moved to another carrier' },
    })
    const [wire] = (await northwind.get(`/api/v2/oc/lead?msTenantId=${lead.tenantId}`)).body
    expect([wire.isNotActive, wire.umpCustomerGuid, wire.ovocChannelId]).toEqual([true, null, null])
    expect((await northwind.get(`/api/v4/services/${service.id}`)).status).toBe(404)
    // And it can be licensed again, under the same name.
    const again = await apply(lead.id, { shortName: service.shortName })
    expect((await taskOf(again.body.id)).state).toBe('succeeded')
  })

  test('is refused while Microsoft holds numbers of the tenant, or cannot be asked; the service goes on as it was', async () => {
    const { lead, service } = await licensed()
    const numbers = `/tenants/${lead.tenantId}/numbers`
    await leadline.outside.control('POST', numbers, {
      operator: 'northwind',
      numbers: ['+441134960100', '+441134960101'],
    })
    const asked = { shortName: service.shortName }
    const path = `/api/v4/services/${service.id}/deletion`
    const { body: preview } = await northwind.get(path)
    expect(preview).toMatchObject({ allowed: false, numbersAtMicrosoft: 2 })
    expect(preview.reasons.join(' ')).toMatch(/2 numbers/)
    const held = await taskOf((await northwind.send('POST', path, asked)).body.id)
    expect([held.state, held.error.code]).toEqual(['failed', 'numbers-at-microsoft'])
    expect(await deskLead(lead.id)).toMatchObject({ license: 'OC Essential', processing: 'Success' })
    expect((await northwind.get(`/api/v4/services/${service.id}`)).body).toMatchObject({
      state: 'Active',
      taskId: null,
    })

    for (const number of ['+441134960100', '+441134960101'])
      await leadline.outside.control('DELETE', `${numbers}/${number}`)
    await leadline.outside.control('POST', '/faults', {
      name: 'forbidden',
      endpoint: 'numbers',
      match: lead.tenantId,
      times: 100,
    })
    expect((await northwind.get(path)).body).toMatchObject({ allowed: true, numbersAtMicrosoft: null })
    const { id } = (await northwind.send('POST', path, asked)).body
    await eventually(
      async () => (await northwind.get(`/api/v4/tasks/${id}`)).body.waiting?.reason,
      (reason) => /refuses access/.test(reason ?? ''),
    )
    await northwind.send('POST', `/api/v4/tasks/${id}/cancel`)
    expect((await taskOf(id)).state).toBe('cancelled')
    expect((await northwind.get(`/api/v4/services/${service.id}`)).body.state).toBe('Active')
    await leadline.outside.control('DELETE', '/faults')
    const done = await taskOf((await northwind.send('POST', path, asked)).body.id)
    expect(done.state).toBe('succeeded')
  })

  test('by the documented call answers 1 at once, and again while it goes on', async () => {
    const { service } = await licensed()
    await leadline.stopWorkers()
    const first = await northwind.send('DELETE', `/api/v2/customer/${service.id}`)
    expect([first.status, first.body]).toEqual([200, 1])
    expect((await northwind.get(`/api/v3/customer/${service.id}`)).status).toBe(200)
    expect((await northwind.get(`/api/v4/services/${service.id}`)).body.state).toBe('Deleting')
    const second = await northwind.send('DELETE', `/api/v2/customer/${service.id}`)
    expect([second.status, second.headers.get('location')]).toEqual([200, first.headers.get('location')])
    const check = await northwind.send('POST', `/api/v4/services/${service.id}/check`)
    expect([check.status, check.body.code]).toEqual([409, 'service-state'])
    await leadline.startWorker()
    await eventually(
      async () => (await northwind.get(`/api/v3/customer/${service.id}`)).status,
      (status) => status === 404,
    )
    const gone = await northwind.send('DELETE', `/api/v2/customer/${service.id}`)
    expect([gone.status, gone.body]).toEqual([404, `Customer with ${service.id} not found`])
  })
})

describe('a service', () => {
  test('is checked: what Microsoft says is kept with it', async () => {
    const { service } = await licensed()
    const { body } = await northwind.send('POST', `/api/v4/services/${service.id}/check`)
    expect((await taskOf(body.id)).output).toEqual({ health: 'ok' })
    const seen = (await northwind.get(`/api/v4/services/${service.id}`)).body
    expect([seen.health, seen.check.results.map(({ code, result }: Json) => [code, result])]).toEqual([
      'ok',
      [
        ['microsoft-tenant', 'ok'],
        ['relationship', 'ok'],
        ['sbc-objects', 'skipped'],
        ['trunk', 'ok'],
      ],
    ])
    const ticked = await northwind.send('PUT', `/api/v4/services/${service.id}/test-calls/inbound`, { done: true })
    expect(ticked.body.testCalls.find(({ code }: Json) => code === 'inbound')).toMatchObject({
      doneBy: 'northwind-api',
    })
  })

  test('follows its lead into a channel, and keeps an LC customer that is of none', async () => {
    const { lead, service } = await licensed()
    const customer = await northwind.send('POST', '/api/v4/lc-customers', { name: `Parent ${service.shortName}` })
    const hung = await northwind.send('PATCH', `/api/v4/services/${service.id}`, { lcCustomerId: customer.body.id })
    expect(hung.body.lcCustomer).toEqual({ id: customer.body.id, name: `Parent ${service.shortName}` })
    const kept = await northwind.send('DELETE', `/api/v4/lc-customers/${customer.body.id}`)
    expect([kept.status, kept.body.code]).toEqual([409, 'lc-customer-in-use'])
    await northwind.send('PUT', `/api/v4/leads/${lead.id}/channel`, { channelId: 907 })
    // At once: both are moved by one transaction.
    const seen = await riverside.get(`/api/v4/services/${service.id}`)
    // An LC customer of no channel stays, and its name is not the channel's to know.
    expect(seen.body).toMatchObject({ channel: { id: 907 }, lcCustomer: null })
    expect((await northwind.get(`/api/v4/services/${service.id}`)).body.lcCustomer.id).toBe(customer.body.id)
    expect(seen.body.actions.delete.allowed).toBe(false)
    const refused = await riverside.send('POST', `/api/v4/services/${service.id}/deletion`, {
      shortName: service.shortName,
    })
    expect(refused.status).toBe(403)
  })

  test('takes its LC customer along, or its lead stays where it is, with the reason', async () => {
    const [one, other] = [await licensed(), await licensed()]
    const { body: from } = await northwind.send('POST', '/api/v4/channels', { name: `From ${one.service.shortName}` })
    const { body: to } = await northwind.send('POST', '/api/v4/channels', { name: `To ${one.service.shortName}` })
    const give = (lead: Json, channelId: number) =>
      northwind.send('PUT', `/api/v4/leads/${lead.id}/channel`, { channelId })
    const channelOf = async ({ id }: Json) => (await northwind.get(`/api/v4/services/${id}`)).body.channel?.id
    for (const { lead } of [one, other]) expect((await give(lead, from.id)).status).toBe(200)
    const { body: customer } = await northwind.send('POST', '/api/v4/lc-customers', {
      ...{ name: `LC ${one.service.shortName}`, channelId: from.id },
    })
    const hang = (service: Json, lcCustomerId: number | null) =>
      northwind.send('PATCH', `/api/v4/services/${service.id}`, { lcCustomerId })
    for (const { service } of [one, other]) expect((await hang(service, customer.id)).status).toBe(200)

    const shared = await give(one.lead, to.id)
    expect([shared.status, shared.body.code]).toEqual([409, 'lc-customer-shared'])
    const alone = await northwind.send('PATCH', `/api/v4/lc-customers/${customer.id}`, { channelId: to.id })
    expect([alone.status, alone.body.code]).toEqual([409, 'lc-customer-in-use'])
    expect(await channelOf(one.service)).toBe(from.id)

    await hang(other.service, null)
    const pool = { size: 0, warningPercent: 80, gracePercent: 0 }
    await northwind.send('PUT', `/api/v4/license-pools/customers/${to.id}`, pool)
    const full = await give(one.lead, to.id)
    expect([full.status, full.body.code]).toEqual([409, 'license-pool-exhausted'])
    expect((await deskLead(one.lead.id)).channel.id).toBe(from.id)

    await northwind.send('PUT', `/api/v4/license-pools/customers/${to.id}`, { ...pool, size: 1 })
    expect((await give(one.lead, to.id)).status).toBe(200)
    expect(await channelOf(one.service)).toBe(to.id)
    expect((await northwind.get(`/api/v4/lc-customers/${customer.id}`)).body.channel.id).toBe(to.id)
    // A bulk task tells it lead by lead.
    const { body } = await northwind.send('POST', '/api/v4/leads/bulk', {
      ...{ action: 'assign-channel', channelId: to.id, leadIds: [one.lead.id, other.lead.id] },
    })
    const task = await taskOf(body.id)
    expect([task.state, task.items]).toMatchObject(['partial', { failed: 1, skipped: 1 }])
    expect(await channelOf(other.service)).toBe(from.id)
  })
})

describe('pools', () => {
  test('count what is used, refuse what goes beyond, and give back what is deleted', async () => {
    const pool = async () =>
      (await northwind.get('/api/v4/license-pools')).body.data.find(({ kind }: Json) => kind === 'customers')
    const { used } = await pool()
    const set = (size: number | null) =>
      northwind.send('PUT', '/api/v4/license-pools/customers/0', { size, warningPercent: 80, gracePercent: 0 })
    expect((await set(used)).body).toMatchObject({ used, left: 0, state: 'exhausted' })
    const lead = takeLead()
    const refused = await apply(lead.id, { shortName: nextName() })
    expect([refused.status, refused.body.code]).toEqual([422, 'license-pool-exhausted'])
    expect((await set(used + 1)).body.left).toBe(1)
    const { body } = await apply(lead.id, { shortName: nextName() })
    await taskOf(body.id)
    expect(await pool()).toMatchObject({ used: used + 1, left: 0 })
    const { id } = await serviceOf(lead.id)
    const gone = await northwind.send('DELETE', `/api/v2/customer/${id}`)
    await taskOf((gone.headers.get('location') ?? '').split('/').at(-1) ?? '')
    expect((await pool()).used).toBe(used)
    await set(null)
  })
})

describe('adoption', () => {
  test('takes a live tenant into the books, dry first, and tells each row what is wrong', async () => {
    const [one, other] = [takeLead(), takeLead()]
    const csv = [
      'Tenant ID;Short Name;Full Name',
      `${one.tenantId};Adopted-1;First`,
      `${other.tenantId};no good;Second`,
      `7d0c3f54-6f0f-4a51-8c0a-1f6f0a6f7a10;Adopted-3;"Third; of nobody"`,
    ].join('\r\n')
    const adopt = (dryRun: boolean) => northwind.send('POST', '/api/v4/services/adoption', { csv, dryRun })
    const dry = (await adopt(true)).body
    expect(dry.rows.map(({ line, outcome, flaws }: Json) => [line, outcome, flaws[0]?.code])).toEqual([
      [2, 'ready', undefined],
      [3, 'refused', 'short-name-blank'],
      [4, 'refused', 'no-lead'],
    ])
    expect(await serviceOf(one.id)).toBeUndefined()
    const { body } = await adopt(false)
    expect([body.adopted, body.refused]).toEqual([1, 2])
    expect(await serviceOf(one.id)).toMatchObject({ shortName: 'Adopted-1', origin: 'adopted', state: 'Active' })
    const after = await deskLead(one.id)
    expect([after.license, after.relationship]).toEqual(['OC Essential', one.relationship])
    free.push(other)
  })

  test('of a customer of the Operation Center keeps its id, and hangs it on its LC customer', async () => {
    const lead = takeLead()
    const id = '0b6a3f0e-31c5-4d1e-9d53-8a2f5f7c9e01'
    const parent = await northwind.send('POST', '/api/v4/lc-customers', { name: 'Parent of an import' })
    const send = (body: object) => northwind.send('POST', `/api/v2/customer/${id}/action/ovocimport`, body)
    expect((await send({ customerType: 'TENANT_TYPE' })).body).toBe(`Customer with ${id} not found`)
    const made = await send({ customerType: 'TENANT_TYPE', customerMsTenantId: lead.tenantId })
    expect(made.body).toMatch(/^tsk_\d+$/)
    expect((await taskOf(made.body)).state).toBe('succeeded')
    expect(await serviceOf(lead.id)).toMatchObject({ id, origin: 'adopted', lcCustomer: null })
    const hung = await send({ CustomerType: 'tenant_type', lcCustomerId: String(parent.body.id) })
    expect((await taskOf(hung.body)).state).toBe('succeeded')
    expect((await serviceOf(lead.id)).lcCustomer.id).toBe(parent.body.id)
  })
})

test('a short name is checked while it is typed, and one is proposed', async () => {
  const { service } = await licensed()
  const query = new URLSearchParams({ name: service.shortName.toUpperCase(), companyName: 'Tailspin Toys GmbH' })
  const { body } = await northwind.get(`/api/v4/short-names?${query}`)
  expect([body.ok, body.flaws[0].code, body.proposal]).toEqual([false, 'in-use', 'TailspinToys'])
})

test('a lead is found by the short name of its service, in the list and while somebody types', async () => {
  const lead = takeLead()
  const shortName = 'Quokka_77'
  const { body } = await apply(lead.id, { shortName })
  expect((await taskOf(body.id)).state).toBe('succeeded')
  for (const q of [shortName, 'quokka', 'okka_7']) {
    const { body: page } = await northwind.get(`/api/v4/leads?q=${q}`)
    expect(page.data.map(({ id }: Json) => id)).toEqual([lead.id])
    expect(page.total).toBe(1)
    const { body: found } = await northwind.get(`/api/v4/search?q=${q}`)
    expect(found).toMatchObject({ leads: [], tenants: [{ id: lead.id, shortName }] })
  }
  for (const other of [fabrikam, riverside]) {
    expect((await other.get('/api/v4/leads?q=quokka')).body.data).toEqual([])
    expect((await other.get('/api/v4/search?q=quokka')).body.tenants).toEqual([])
  }
})
