import { randomUUID } from 'node:crypto'
import { generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Endpoint, isByPermission } from '../contract/endpoint.ts'
import { endpoints } from '../contract/index.ts'
import { allPermissions } from '../contract/permissions.ts'
import { routes } from '../server/routes.ts'
import { ask, type Client, eventually, type Json, type Reply } from './harness/client.ts'
import { type Leadline, startLeadline } from './harness/leadline.ts'
import { spoiltValues } from './harness/spoilt-values.ts'
import { withoutIds } from './isolation/leaks.ts'
import { type Objects, type SampleRequest, sampleRequests, shortNameOf } from './sample-requests.ts'

// What every route refuses, from the route table, written once. Source: design/architecture.md, names 9.

let leadline: Leadline
let northwind: Client
let fabrikam: Client
let riverside: Client
let own: Objects
let foreign: Objects
let otherChannel: Objects
const missing: Objects = {
  leadId: randomUUID(),
  tenantId: randomUUID(),
  clientId: 'no-such-client',
  runId: randomUUID(),
  operatorId: 4_242,
  personId: randomUUID(),
  invitationId: randomUUID(),
  channelId: 7_777_701,
  customerId: 7_777_702,
  taskId: `wst_${randomUUID()}`,
  webhookId: randomUUID(),
  webhookEventId: randomUUID(),
  mailId: randomUUID(),
  leadMailId: randomUUID(),
  templateId: randomUUID(),
  viewId: randomUUID(),
  noticeId: randomUUID(),
  ruleId: randomUUID(),
  sbcId: 7_777_703,
  scriptTemplateId: 7_777_704,
  scriptOrderId: randomUUID(),
  callingProfileId: randomUUID(),
  serviceId: randomUUID(),
  connectionId: randomUUID(),
}

const guarded = endpoints.filter((endpoint) => isByPermission(endpoint.permission))
const each = guarded.map((endpoint) => ({ name: endpoint.operationId, endpoint }))
const sampleOf = ({ operationId }: Endpoint): SampleRequest => {
  const sample = sampleRequests[operationId]
  if (!sample) throw new Error(`${operationId} has no sample in test/sample-requests.ts`)
  return sample
}

beforeAll(async () => {
  leadline = await startLeadline({ leads: 40 })
  ;[northwind, fabrikam, riverside] = (await Promise.all(
    ['northwind-api', 'fabrikam-api', 'riverside-api'].map((id) => leadline.as(id)),
  )) as [Client, Client, Client]
  await eventually(
    () => ask(`${leadline.baseUrl}/health/ready`),
    (reply) => reply.status === 200,
  )
  own = await objectsOf(northwind, 868, (lead) => lead.ovocChannelId === null && lead.status === 'Active')
  foreign = await objectsOf(fabrikam, 869, () => true)
  otherChannel = { ...own, clientId: 'northwind-api' }
})
afterAll(() => leadline?.close())

async function objectsOf(client: Client, operatorId: number, wanted: (lead: Json) => boolean): Promise<Objects> {
  const lead = (await client.get('/api/v2/oc/lead?PageSize=100')).body.find(wanted)
  const runs = await client.get('/api/v4/jobs/peering.sync-leads-job/runs')
  const clientId = operatorId === 868 ? 'northwind-api' : 'fabrikam-api'
  const users = await client.get('/api/v4/users')
  const monitor = users.body.data.find((user: Json) => user.email.startsWith('monitor@'))
  const invited = await client.send('POST', '/api/v4/users/invitations', {
    email: 'erin@example.com',
    name: 'Erin Wills',
    tier: 'operator',
    level: 'monitor',
  })
  const started = await client.send('POST', '/api/v4/leads/bulk', { action: 'archive', leadIds: [lead.id] })
  return {
    leadId: lead.id,
    tenantId: lead.tenantId,
    clientId,
    runId: runs.body.data[0].id,
    operatorId,
    personId: monitor.personId,
    invitationId: invited.body.invitation.invitationId,
    ...(await channelOf(client)),
    taskId: started.body.id,
    ...(await webhookOf(client)),
    mailId: await mailOf(operatorId),
    leadMailId: await mailOf(operatorId, lead.id),
    templateId: await templateOf(client),
    viewId: await viewOf(client),
    ...(await sbcOf(client, operatorId)),
    // Those that are not there are left out: there need be none.
    noticeId: randomUUID(),
    ruleId: await ruleOf(client, monitor.personId),
    ...(await serviceOf(operatorId, lead)),
  }
}

/** A webhook with a delivery: a test, which the simulator refuses. */
async function webhookOf(client: Client): Promise<Pick<Objects, 'webhookId' | 'webhookEventId'>> {
  const url = `${leadline.outside.simulator.url}/nobody`
  const made = await client.send('POST', '/api/v4/webhooks', { url, events: ['webhook.paused'] })
  const webhookId: string = made.body.id
  const sent = await client.send('POST', `/api/v4/webhooks/${webhookId}/test`, {})
  return { webhookId, webhookEventId: sent.body.eventId }
}

/** A rule that fits no lead. */
async function ruleOf(client: Client, name: string): Promise<string> {
  const { channelId } = await channelOf(client)
  const made = await client.send('POST', '/api/v4/lead-rules', { name, conditions: { nameContains: name }, channelId })
  return made.body.ruleId
}

/** A service with a SIP connection. */
async function serviceOf(
  operatorId: number,
  lead: { id: string; tenantId: string },
): Promise<Pick<Objects, 'serviceId' | 'connectionId'>> {
  const [serviceId, connectionId] = [randomUUID(), randomUUID()]
  const name = shortNameOf(serviceId)
  await leadline.db.asOwner.query(
    `insert into service (operator_id, service_id, arrival, tenant_id, lead_id, short_name, short_name_folded, full_name, license,
       model, state, origin, connections)
     values ($1, $2, 1000000, $3, $4, $5, $5, $5, 'OC Essential', 'tenant', 'Active', 'licensed', 1)`,
    [operatorId, serviceId, lead.tenantId, lead.id, name],
  )
  await leadline.db.asOwner.query(
    `insert into sip_connection (operator_id, connection_id, service_id, tenant_id, position, object_name, name, model,
       deployment)
     values ($1, $2, $3, $4, 1, $5, $5, 'tenant', 'None')`,
    [operatorId, connectionId, serviceId, lead.tenantId, name],
  )
  return { serviceId, connectionId }
}

/** A device that cannot be asked, a template, a script that waits to be applied, and a calling profile. */
async function sbcOf(
  client: Client,
  operatorId: number,
): Promise<Pick<Objects, 'sbcId' | 'scriptTemplateId' | 'scriptOrderId' | 'callingProfileId'>> {
  const [scriptOrderId, callingProfileId] = [randomUUID(), randomUUID()]
  // Numbers that stand nowhere else in an answer, and that the other operator does not come to either.
  const sbcId = 5_000_000 + operatorId * 1_000
  const scriptTemplateId = 6_000_000 + operatorId * 1_000
  const { asOwner } = leadline.db
  const sbc = await client.send('POST', '/api/v4/sbcs', { name: `SBC ${randomUUID()}` })
  await asOwner.query('update sbc set sbc_id = $3 where operator_id = $1 and sbc_id = $2', [
    ...[operatorId, sbc.body.id, sbcId],
  ])
  await asOwner.query(
    `insert into script_template (operator_id, template_id, name, name_folded, purpose, description, make, changed_at, changed_by)
     values ($1, $2, 'Seed', 'seed', 'onboarding', '', 'mediant', now(), 'seed')`,
    [operatorId, scriptTemplateId],
  )
  await asOwner.query(
    `insert into script_template_version (operator_id, template_id, version, script, variables, created_at, created_by)
     values ($1, $2, 1, '! nothing', '[]', now(), 'seed')`,
    [operatorId, scriptTemplateId],
  )
  await leadline.db.asOwner.query(
    `insert into script_order (operator_id, order_id, sbc_id, key, title, purpose, owner, template_id, template_version, script,
       state, created_at)
     values ($1, $2, $3, 'seed', 'seed', 'onboarding', 'service/seed', 10, 1, '!', 'open', now())`,
    [operatorId, scriptOrderId, sbcId],
  )
  const profile = { id: callingProfileId, name: 'P', offerTypes: [], emergencyDialStrings: [], trunks: [], extra: {} }
  const rest = { environment: null, region: null, carrier: null, isEmergencyProfile: false, emergencyProfileId: null }
  await leadline.db.asOwner.query(
    `insert into calling_profile (operator_id, profile_id, name, profile, trunk_fqdns, fingerprint, first_seen_at, changed_at)
     values ($1, $2, 'P', $3, '{}', 'seed', now(), now())`,
    [operatorId, callingProfileId, JSON.stringify({ ...profile, ...rest })],
  )
  return { sbcId, scriptTemplateId, scriptOrderId, callingProfileId }
}

/** A view that is shared. */
async function viewOf(client: Client): Promise<string> {
  const made = await client.send('POST', '/api/v4/views', { name: `View ${randomUUID()}`, list: 'leads', shared: true })
  return made.body.id
}

async function templateOf(client: Client): Promise<string> {
  const template = { name: `Template ${randomUUID()}`, subject: 'S', body: 'B', language: 'en' }
  return (await client.send('POST', '/api/v4/mail/templates', template)).body.id
}

/** A mail that was given up. */
async function mailOf(operatorId: number, leadId: string | null = null): Promise<string> {
  const mailId = randomUUID()
  await leadline.db.asOwner.query(
    `insert into mail (operator_id, mail_id, purpose, lead_id, recipient_name, recipient_address, subject, text_body,
       html_body, message_id, state, due_at, created_at, created_by, finished_at)
     values ($1, $2, case when $3::uuid is null then 'notice' else 'customer' end, $3, 'Dana', 'dana@northwind.example',
       'New', '', '', '<a@b>', 'given-up', now(), now(), 'test', now())`,
    [operatorId, mailId, leadId],
  )
  return mailId
}

/** A channel with a customer. */
async function channelOf(client: Client): Promise<Pick<Objects, 'channelId' | 'customerId'>> {
  const channel = await client.send('POST', '/api/v4/channels', { name: `Channel ${randomUUID()}` })
  const channelId: number = channel.body.id
  const customer = await client.send('POST', '/api/v4/lc-customers', { name: 'Contoso', channelId })
  return { channelId, customerId: customer.body.id }
}

function pathOf(endpoint: Endpoint, objects: Objects): string {
  const params = sampleOf(endpoint).params?.(objects) ?? {}
  return endpoint.path.replace(/\{([^}]+)\}/g, (_, name: string) => {
    const value = params[name]
    if (value === undefined) throw new Error(`The sample of ${endpoint.operationId} does not say {${name}}.`)
    return encodeURIComponent(value)
  })
}

function prefixes(endpoint: Endpoint): string[] {
  return endpoint.documented ? ['', '/tenantui'] : ['']
}

function send(client: Client, endpoint: Endpoint, objects: Objects, query = '', headers = {}): Promise<Reply> {
  const body = sampleOf(endpoint).body?.(objects)
  const path = `${pathOf(endpoint, objects)}${query && `?${query}`}`
  return client.get(path, { method: endpoint.method, headers, ...(body !== undefined && { body }) })
}

/** A client of Northwind that may lose what it has: made anew, so that a good request harms no other test. */
async function expendable(permissions: readonly string[] = ['leads.read'], channelId: number | null = null) {
  const { status, body } = await northwind.send('POST', '/api/v4/clients', {
    name: 'Expendable',
    permissions,
    channelId,
  })
  expect(status).toBe(201)
  return body as { clientId: string; clientSecret: string }
}

/** A test for the routes it applies to. */
const testWhere = (applies: unknown) => (applies ? test : () => {})
const problem = (reply: Reply) => ({ status: reply.status, code: reply.body?.code })
const pointers = (reply: Reply): string[] => (reply.body.errors ?? []).map((error: Json) => error.pointer)

test('the table under test is the one the server has, and every route in it has a sample', () => {
  const table = routes(leadline.context).filter((route) => isByPermission(route.endpoint.permission))
  expect(table.map((route) => route.endpoint.operationId).sort()).toEqual(guarded.map((one) => one.operationId).sort())
  expect(guarded.filter((endpoint) => !sampleRequests[endpoint.operationId])).toEqual([])
  expect(Object.keys(sampleRequests).filter((id) => !guarded.some((one) => one.operationId === id))).toEqual([])
})

describe.each(each)('$name', ({ endpoint }) => {
  test('answers its sample request', async () => {
    const { clientId } = await expendable()
    const reply = await send(northwind, endpoint, { ...own, clientId })
    expect([sampleOf(endpoint).status ?? 200].flat(), reply.text).toContain(reply.status)
  })

  test('asks for credentials that are good: 401', async () => {
    const { privateKey } = await generateKeyPair('RS256')
    const claims = { iss: leadline.baseUrl, aud: 'api://leadline', sub: 'northwind-api', roles: [...allPermissions] }
    const forged = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256' })
      .setExpirationTime('1h')
      .sign(privateKey)
    const wrong: [string, string | null][] = [
      ['none', null],
      ['not a token', 'Bearer garbage'],
      ['an empty token', 'Bearer '],
      ['a client id and secret', `Basic ${btoa('northwind-api:northwind-sandbox-secret')}`],
      ['a token without signature', `Bearer ${new UnsecuredJWT(claims).setExpirationTime('1h').encode()}`],
      ['a token of a stranger', `Bearer ${forged}`],
      ['a token with a changed payload', `Bearer ${tampered(northwind.token ?? '')}`],
    ]
    for (const prefix of prefixes(endpoint)) {
      for (const [what, authorization] of wrong) {
        const reply = await ask(`${leadline.baseUrl}${prefix}${pathOf(endpoint, own)}`, {
          method: endpoint.method,
          ...(authorization !== null && { headers: { authorization } }),
        })
        expect(reply.status, `${what}: ${reply.text}`).toBe(401)
        expect(reply.headers.get('www-authenticate'), what).toMatch(/^Bearer/)
        expect(reply.headers.get('content-type')).toMatch(/^application\/problem\+json/)
      }
    }
  })

  test('asks for its permission: 403', async () => {
    const others = allPermissions.filter((permission) => permission !== endpoint.permission)
    const { clientId, clientSecret } = await expendable(others)
    const without = await leadline.as(clientId, clientSecret)
    const reply = await send(without, endpoint, own)
    expect(problem(reply)).toEqual({ status: 403, code: 'permission-missing' })
    expect(reply.body.detail).toContain(endpoint.permission)
    // Also before it is told whether the object exists.
    if (endpoint.params) expect((await send(without, endpoint, missing)).status).toBe(403)
  })

  testWhere(endpoint.operatorOnly)('belongs to the whole operator: a channel gets 403', async () => {
    expect(problem(await send(riverside, endpoint, own))).toEqual({ status: 403, code: 'operator-only' })
    expect(problem(await send(riverside, endpoint, missing))).toEqual({ status: 403, code: 'operator-only' })
  })

  testWhere(endpoint.params)(
    'knows no object of another operator or channel: 404, as for one that is missing',
    async () => {
      const sample = sampleOf(endpoint)
      const none = await send(northwind, endpoint, missing)
      if (sample.namesNoObject) return
      expect(none.status, none.text).toBe(404)
      const reply = await send(northwind, endpoint, foreign)
      expect(told(reply, foreign)).toEqual(told(none, missing))
      const itself = await send(fabrikam, endpoint, { ...own, clientId: (await expendable()).clientId })
      expect(told(itself, own)).toEqual(told(none, missing))
      if (!endpoint.operatorOnly) {
        expect(told(await send(riverside, endpoint, otherChannel), otherChannel)).toEqual(told(none, missing))
      }
    },
  )

  testWhere(endpoint.query)('gives an empty list for a filter that names what is not the caller’s', async () => {
    const { filters, unscopedFilters = {}, isEmpty } = sampleOf(endpoint)
    const named = Object.keys(endpoint.query?.properties ?? {}).filter((name) => /id$/i.test(name))
    const covered = [...(filters?.(own) ?? []).flatMap(Object.keys), ...Object.keys(unscopedFilters)]
    expect(
      named.filter((name) => !covered.includes(name)),
      'filters without a sample',
    ).toEqual([])
    if (!filters) return
    const queries = (objects: Objects) => filters(objects).map((one) => new URLSearchParams(one).toString())
    for (const query of queries(own)) {
      const full = await send(northwind, endpoint, own, query)
      expect([full.status, isEmpty?.(full.body)], `${query}: ${full.text}`).toEqual([200, false])
    }
    const asked: [Client, Objects][] = [
      [northwind, foreign],
      [fabrikam, own],
      [northwind, missing],
      ...(endpoint.operatorOnly ? [] : [[riverside, otherChannel] as [Client, Objects]]),
    ]
    for (const [client, objects] of asked) {
      for (const query of queries(objects)) {
        const reply = await send(client, endpoint, objects, query)
        expect([reply.status, isEmpty?.(reply.body)], `${query}: ${reply.text}`).toEqual([200, true])
      }
    }
  })

  test('refuses a query parameter that it does not know: 400', async () => {
    for (const name of ['surprise', '__proto__', 'constructor', '%24where']) {
      const reply = await send(northwind, endpoint, own, `${name}=1`)
      expect(problem(reply), name).toEqual({ status: 400, code: 'bad-request' })
      expect(pointers(reply)).toEqual([`/query/${decodeURIComponent(name)}`])
    }
  })

  testWhere(endpoint.query)('refuses a malformed query value, and one given twice: 400', async () => {
    const { malformed = {}, query = {}, filters } = sampleOf(endpoint)
    const good: Record<string, string> = Object.assign({}, ...(filters?.(own) ?? []), query)
    for (const [name, schema] of Object.entries(endpoint.query?.properties ?? {})) {
      const spoilt = [...spoiltValues(schema), ...(malformed[name] ?? [])]
      expect(spoilt.length, `no malformed value for ${name} is known`).toBeGreaterThan(0)
      for (const value of spoilt) {
        const reply = await send(northwind, endpoint, own, `${name}=${encodeURIComponent(value)}`)
        expect(problem(reply), `${name}=${value.slice(0, 60)}: ${reply.text.slice(0, 200)}`).toEqual({
          status: 400,
          code: 'bad-request',
        })
        expect(pointers(reply), `${name}=${value.slice(0, 60)}`).toEqual([`/query/${name}`])
      }
      const isYesNo = (schema as { type?: string }).type === 'boolean'
      const value = encodeURIComponent(good[name] ?? (isYesNo ? 'true' : '1'))
      const twice = await send(northwind, endpoint, own, `${name}=${value}&${name}=${value}`)
      expect(problem(twice), `${name} twice`).toEqual({ status: 400, code: 'bad-request' })
      expect(pointers(twice)).toEqual([`/query/${name}`])
    }
  })

  test('refuses a query that cannot be read: 400', async () => {
    for (const query of ['%', '%zz=1', 'a=%ff', 'surprise=%00']) {
      expect(problem(await send(northwind, endpoint, own, query)), query).toEqual({ status: 400, code: 'bad-request' })
    }
  })

  testWhere(endpoint.body)('refuses a body that it does not understand', async () => {
    const { clientId } = await expendable()
    const path = pathOf(endpoint, { ...own, clientId })
    const good = sampleOf(endpoint).body?.(own) as object
    const raw = (body: string, type = 'application/json') =>
      ask(`${leadline.baseUrl}${path}`, {
        method: endpoint.method,
        body,
        headers: { authorization: `Bearer ${northwind.token}`, 'content-type': type },
      })
    for (const body of ['{', ...(endpoint.bodyOptional ? [] : ['']), 'null', '[]', '"text"', '{"a":1}x']) {
      expect(problem(await raw(body)), body).toEqual({ status: 400, code: 'bad-request' })
    }
    expect(problem(await raw(JSON.stringify(good), 'text/plain'))).toEqual({
      status: 415,
      code: 'unsupported-media-type',
    })
    expect((await raw(`"${'x'.repeat(1_100_000)}"`)).status).toBe(413)
    const unknown = await raw(JSON.stringify({ ...good, surprise: 1 }))
    if (endpoint.documented) expect([sampleOf(endpoint).status ?? 200].flat()).toContain(unknown.status)
    else expect([problem(unknown).status, pointers(unknown)]).toEqual([400, ['/body/surprise']])
  })
})

test('a header that names another channel does not open it', async () => {
  const reply = await riverside.get('/api/v2/oc/lead', { headers: { 'x-ovoc-channel-id': '1' } })
  expect(problem(reply)).toEqual({ status: 403, code: 'channel-not-yours' })
  const own907 = await riverside.get('/api/v2/oc/lead', { headers: { 'x-ovoc-channel-id': '907' } })
  expect(own907.body).toHaveLength(1)
})

test('0 is no channel, and who asked for it changes no answer of others', async () => {
  const path = '/api/v2/oc/lead?PageSize=7'
  const none = { headers: { 'x-ovoc-channel-id': '0' } }
  const refused = await northwind.get(path, none)
  expect([refused.status, pointers(refused)]).toEqual([400, ['/headers/X-Ovoc-Channel-Id']])
  expect((await northwind.get(path)).body).toHaveLength(7)
})

test('nothing is written in the name of a channel that does not exist', async () => {
  const tenantId = randomUUID()
  const body = { tenantId, companyName: 'Nobody of nowhere' }
  const headers = { 'x-ovoc-channel-id': '4711' }
  const refused = await northwind.get('/api/v2/oc/lead', { method: 'POST', body, headers })
  expect([refused.status, pointers(refused)]).toEqual([400, ['/headers/X-Ovoc-Channel-Id']])
  const { consents } = await leadline.outside.control('GET', `/consents?operator=northwind&tenantId=${tenantId}`)
  expect(consents).toEqual([])
  expect((await northwind.get('/api/v2/oc/lead', { headers })).body).toEqual([])
})

test('what was refused changed nothing of the other operator, and nothing was logged as our failure', async () => {
  const { rows } = await leadline.db.asOwner.query(
    `select client_id, name, revoked_at from api_client where operator_id = 869 order by client_id`,
  )
  expect(rows).toEqual([{ client_id: 'fabrikam-api', name: 'fabrikam-api', revoked_at: null }])
  expect(leadline.warnings.filter((line) => Number(line.level) >= 50)).toEqual([])
})

/** What a refusal says, without what must differ. */
function told({ status, body, headers }: Reply, objects: Objects): unknown {
  // Some documented answers are a bare text.
  const text =
    typeof body === 'string'
      ? body
      : JSON.stringify({ ...body, requestId: '', instance: '', traceId: '', errorTicket: '' })
  return { status, text: withoutIds(text, [objects]), type: headers.get('content-type') }
}

/** The same token with one more permission, and the signature of the old one. */
function tampered(token: string): string {
  const [header, payload = '', signature] = token.split('.')
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
  const changed = Buffer.from(JSON.stringify({ ...claims, roles: ['*'] })).toString('base64url')
  return `${header}.${changed}.${signature}`
}
