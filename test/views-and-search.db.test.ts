import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, type Client, eventually, type Json, type Reply } from './harness/client.ts'
import { type Leadline, startLeadline } from './harness/leadline.ts'

// Saved views, what a person has set up for himself, and the search that answers every letter. Source: issue 6, 6.

let leadline: Leadline
let carrier: Client
let reseller: Client
let stranger: Client
/** May read leads and nothing else. */
let reader: Client

const VIEWS = '/api/v4/views'
const unnamed = () => `View ${randomUUID()}`
const problem = ({ status, body }: Reply) => [status, body?.code]

beforeAll(async () => {
  leadline = await startLeadline({ leads: 30 })
  carrier = await leadline.as('northwind-api')
  reseller = await leadline.as('riverside-api')
  stranger = await leadline.as('fabrikam-api')
  await eventually(
    () => reseller.get('/api/v4/leads'),
    ({ body }) => body.data?.length > 0,
    90,
  )
  const made = await carrier.send('POST', '/api/v4/clients', { name: 'Reader', permissions: ['leads.read'] })
  reader = await leadline.as(made.body.clientId, made.body.clientSecret)
})
afterAll(() => leadline?.close())

async function make(as: Client, view: object = {}): Promise<Json> {
  const reply = await as.send('POST', VIEWS, { name: unnamed(), list: 'leads', ...view })
  expect(reply.status, reply.text).toBe(201)
  return { ...reply.body, tag: reply.headers.get('etag') }
}
const idsOf = async (as: Client) => (await as.get(VIEWS)).body.data.map(({ id }: Json) => id)
const change = (as: Client, { id }: Json, body: object, tag?: string) =>
  as.get(`${VIEWS}/${id}`, { method: 'PATCH', body, ...(tag !== undefined && { headers: { 'if-match': tag } }) })

async function signedIn(email: string) {
  const headers = { 'x-leadline-csrf': '1', 'content-type': 'application/json' }
  const body = JSON.stringify({ email, password: 'leadline-sandbox' })
  const reply = await ask(`${leadline.baseUrl}/api/v4/sessions`, { method: 'POST', headers, body })
  expect(reply.status, reply.text).toBe(200)
  const cookie = (reply.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const send = (method: string, path: string, sent?: unknown) =>
    ask(`${leadline.baseUrl}${path}`, {
      method,
      headers: { ...headers, cookie },
      ...(sent !== undefined && { body: JSON.stringify(sent) }),
    })
  return { me: reply.body, send }
}

describe('views', () => {
  test('are kept as they are, filters that nobody knows included', async () => {
    const query = 'q=a%26b&status=Active,Suspended&colour=red&sort=-companyName'
    const view = await make(carrier, {
      name: ' New\tones ',
      query: `?${query}`,
      columns: ['company', 'gone', 'market'],
    })
    expect(view).toMatchObject({
      ...{ name: 'New ones', list: 'leads', query, columns: ['company', 'gone', 'market'], shared: false, isOwn: true },
      actions: { updateView: { allowed: true }, deleteView: { allowed: true } },
    })
    const read = await carrier.get(`${VIEWS}/${view.id}`)
    expect({ ...read.body, tag: read.headers.get('etag') }).toEqual(view)
    expect((await carrier.get(VIEWS)).body.data.find(({ id }: Json) => id === view.id)).toEqual(read.body)
  })

  test('are seen by who made them, shared ones by all of their scope and by nobody else', async () => {
    const own = await make(carrier)
    const shared = await make(carrier, { shared: true })
    const channels = await make(reseller, { shared: true })
    const channelsOwn = await make(reseller)
    expect(await idsOf(carrier)).toEqual(expect.arrayContaining([own.id, shared.id]))
    const others = await idsOf(reader)
    expect([others.includes(own.id), others.includes(shared.id), others.includes(channels.id)]).toEqual([
      false,
      true,
      false,
    ])
    const ofChannel = await idsOf(reseller)
    expect(ofChannel).toEqual(expect.arrayContaining([channels.id, channelsOwn.id]))
    expect(ofChannel).not.toContain(shared.id)
    expect(await idsOf(carrier)).not.toContain(channels.id)
    for (const { id } of [own, shared, channels, channelsOwn]) {
      expect(problem(await stranger.get(`${VIEWS}/${id}`))).toEqual([404, 'not-found'])
    }
    for (const { id } of [own, shared]) expect((await reseller.get(`${VIEWS}/${id}`)).status).toBe(404)
    for (const { id } of [own, channelsOwn]) expect((await reader.get(`${VIEWS}/${id}`)).status).toBe(404)
    expect((await carrier.get(`${VIEWS}/${channels.id}`)).status).toBe(200)
  })

  test('that are shared are changed by who may share, and taken back by who made them', async () => {
    const shared = await make(carrier, { shared: true })
    const [seen] = (await reader.get(VIEWS)).body.data.filter(({ id }: Json) => id === shared.id)
    expect(seen).toMatchObject({ isOwn: false, actions: { updateView: { allowed: false } } })
    const refused = await change(reader, shared, { query: 'q=mine' })
    expect(problem(refused)).toEqual([403, 'view-not-yours'])
    expect(refused.body.detail).toBe(seen.actions.updateView.reason)
    expect(problem(await reader.send('DELETE', `${VIEWS}/${shared.id}`))).toEqual([403, 'view-not-yours'])
    const asked = { name: unnamed(), list: 'leads', shared: true }
    expect(problem(await reader.send('POST', VIEWS, asked))).toEqual([403, 'permission-missing'])
    const own = await make(reader)
    expect(problem(await change(reader, own, { shared: true }))).toEqual([403, 'permission-missing'])

    const sharer = await carrier.send('POST', '/api/v4/clients', {
      ...{ name: 'Sharer', permissions: ['leads.read', 'views.share'] },
    })
    const other = await leadline.as(sharer.body.clientId, sharer.body.clientSecret)
    expect((await change(other, shared, { query: 'q=theirs' })).body.query).toBe('q=theirs')
    expect(problem(await change(other, shared, { shared: false }))).toEqual([403, 'view-not-yours'])
    expect((await change(carrier, shared, { shared: false })).body.shared).toBe(false)
    expect((await other.get(`${VIEWS}/${shared.id}`)).status).toBe(404)
  })

  test('keep what somebody else has changed meanwhile, and the same again changes nothing', async () => {
    const view = await make(carrier, { query: 'q=one' })
    const again = await change(carrier, view, { query: 'q=one' }, view.tag)
    expect([again.status, again.headers.get('etag')]).toEqual([200, view.tag])
    const changed = await change(carrier, view, { query: 'q=two', columns: ['company'] }, view.tag)
    expect([changed.status, changed.body.query, changed.body.columns]).toEqual([200, 'q=two', ['company']])
    expect(problem(await change(carrier, view, { query: 'q=three' }, view.tag))).toEqual([412, 'changed-meanwhile'])
    const late = await carrier.get(`${VIEWS}/${view.id}`, { method: 'DELETE', headers: { 'if-match': view.tag } })
    expect(problem(late)).toEqual([412, 'changed-meanwhile'])
    expect((await carrier.send('DELETE', `${VIEWS}/${view.id}`)).status).toBe(204)
    expect((await carrier.get(`${VIEWS}/${view.id}`)).status).toBe(404)
    const { rows } = await leadline.db.asOwner.query(
      `select action from journal_entry where object_id = $1 order by at, entry_id`,
      [view.id],
    )
    expect(rows.map(({ action }) => action)).toEqual(['view.created', 'view.changed', 'view.deleted'])
  })

  test('have a name of their own among those of their kind', async () => {
    const { name } = await make(carrier, { name: unnamed().toUpperCase() })
    const asked = { name: name.toLowerCase(), list: 'leads' }
    expect(problem(await carrier.send('POST', VIEWS, asked))).toEqual([409, 'view-name-taken'])
    await make(carrier, { ...asked, list: 'tenants' })
    await make(carrier, { ...asked, shared: true })
    await make(reader, asked)
    await make(reseller, { ...asked, shared: true })
    const other = await make(carrier)
    expect(problem(await change(carrier, other, { name }))).toEqual([409, 'view-name-taken'])
    const blank = await carrier.send('POST', VIEWS, { name: '\u0001', list: 'leads' })
    expect([blank.status, blank.body.errors?.[0]?.pointer]).toEqual([400, '/body/name'])
    const together = await Promise.all(
      Array.from({ length: 5 }, () => carrier.send('POST', VIEWS, { name: 'At once', list: 'leads' })),
    )
    expect(together.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409])
  })

  test('are at most so many', async () => {
    const { rows } = await leadline.db.asOwner.query(
      `insert into saved_view (operator_id, view_id, owner, shared, list, name, name_folded, query, created_at, created_by, changed_at)
       select 869, gen_random_uuid(), 'client/fabrikam-api', false, 'leads', n, n, '', now(), 'test', now()
       from (select 'v' || generate_series(1, 199) as n) names returning view_id`,
    )
    expect(rows).toHaveLength(199)
    await make(stranger)
    const asked = { name: unnamed(), list: 'leads' }
    expect(problem(await stranger.send('POST', VIEWS, asked))).toEqual([409, 'views-full'])
    expect((await stranger.send('POST', VIEWS, { ...asked, shared: true })).status).toBe(201)
  })
})

describe('preferences', () => {
  test('go with the person, and are told with whoever is signed in', async () => {
    const { me, send } = await signedIn('monitor@northwind.example')
    const nothing = { columns: { leads: null, tenants: null }, defaultViews: [] }
    expect(me.preferences).toEqual(nothing)
    const leads = [
      { id: 'company', shown: true, width: 240 },
      { id: 'contact', shown: false },
    ]
    const viewId = randomUUID()
    const set = await send('PUT', '/api/v4/me/preferences', {
      columns: { leads },
      defaultView: { operatorId: 868, list: 'leads', viewId },
    })
    const wanted = {
      columns: { leads, tenants: null },
      defaultViews: [{ operatorId: 868, list: 'leads', viewId }],
    }
    expect([set.status, set.body]).toEqual([200, wanted])
    expect((await send('GET', '/api/v4/me')).body.preferences).toEqual(wanted)
    // Elsewhere, and of nobody else.
    expect((await signedIn('monitor@northwind.example')).me.preferences).toEqual(wanted)
    expect((await signedIn('operator@northwind.example')).me.preferences).toEqual(nothing)
    const cleared = await send('PUT', '/api/v4/me/preferences', {
      columns: { leads: null },
      defaultView: { operatorId: 868, list: 'leads', viewId: null },
    })
    expect(cleared.body).toEqual(nothing)
  })

  test('name columns once, and operators one works for', async () => {
    const { send } = await signedIn('monitor@northwind.example')
    const twice = {
      columns: {
        tenants: [
          { id: 'a', shown: true },
          { id: 'a', shown: false },
        ],
      },
    }
    const foreign = { defaultView: { operatorId: 869, list: 'leads', viewId: null } }
    for (const [body, pointer] of [
      [twice, '/body/columns/tenants'],
      [foreign, '/body/defaultView/operatorId'],
    ] as const) {
      const reply = await send('PUT', '/api/v4/me/preferences', body)
      expect([reply.status, reply.body.errors?.[0]?.pointer]).toEqual([400, pointer])
    }
  })
})

describe('search', () => {
  const search = async (q: string, { as = carrier, limit = 5 } = {}) =>
    (await as.get(`/api/v4/search?limit=${limit}&q=${encodeURIComponent(q)}`)).body
  let lead: Json
  beforeAll(async () => {
    const { body } = await carrier.get('/api/v4/leads?pageSize=100&sort=companyName')
    lead = body.data.find((one: Json) => one.companyName && one.umpCustomerGuid === null && one.contact.email)
  })

  test('finds a lead by what one knows of it, the name that begins so first', async () => {
    const wanted = {
      ...{ id: lead.id, tenantId: lead.tenantId, companyName: lead.companyName, status: lead.status },
      ...{ contactName: lead.contact.fullName, contactEmail: lead.contact.email },
    }
    for (const q of [lead.tenantId, lead.tenantId.slice(0, 13).toUpperCase(), lead.contact.email.slice(1)]) {
      expect((await search(q)).leads, q).toContainEqual(expect.objectContaining(wanted))
    }
    const [first] = (await search(lead.companyName)).leads
    expect(first.companyName).toBe(lead.companyName)
    await carrier.get(`/api/v4/leads/${lead.id}/references`, {
      method: 'PUT',
      body: { crmId: 'CRM-Ä-4711', orderId: null, billingAccount: null },
    })
    expect((await search('crm-ä-47')).leads.map(({ id }: Json) => id)).toEqual([lead.id])
  })

  test('finds with one letter what begins with it, and with nothing nothing', async () => {
    const letter = lead.companyName.slice(0, 1)
    const { leads, tenants } = await search(letter, { limit: 20 })
    const found = [...leads, ...tenants]
    expect(found.length).toBeGreaterThan(0)
    const texts = ({ companyName, contactName, contactEmail, tenantId }: Json) =>
      [companyName, contactName, contactEmail, tenantId].map((text) => text?.toLowerCase() ?? '')
    for (const one of found) {
      if (one.id === lead.id) continue
      expect(
        texts(one).some((text) => text.startsWith(letter.toLowerCase())),
        JSON.stringify(one),
      ).toBe(true)
    }
    const nothing = { leads: [], tenants: [], channels: [] }
    for (const q of ['', '   ', 'nothing-holds-this', '%', '_', '|']) expect(await search(q), q).toEqual(nothing)
  })

  test('tells tenants from leads, and few of each', async () => {
    const all = (await carrier.get('/api/v4/leads?pageSize=100')).body.data
    const licensed = all.filter((one: Json) => one.umpCustomerGuid !== null)
    const { tenants, leads } = await search(licensed[0].tenantId)
    expect([tenants.map(({ id }: Json) => id), leads]).toEqual([[licensed[0].id], []])
    // Every mail of the sandbox has it.
    const common = await search('example', { limit: 2 })
    expect(common.leads).toHaveLength(2)
  })

  test('finds channels for whoever may see them, and for a channel what is its own', async () => {
    const [channel] = (await carrier.get('/api/v4/channels')).body.data.filter(({ id }: Json) => id === 907)
    const part = channel.name.slice(1, 6)
    expect((await search(part)).channels).toEqual([{ id: 907, name: channel.name }])
    expect((await search(part, { as: reader })).channels).toEqual([])
    expect((await search(part, { as: stranger })).channels).toEqual([])
    const mine = (await reseller.get('/api/v4/leads?pageSize=100')).body.data.map(({ id }: Json) => id)
    const { leads, tenants } = await search('example', { as: reseller, limit: 20 })
    expect([...leads, ...tenants].map(({ id }: Json) => id).sort()).toEqual(mine.sort())
    expect((await search(lead.tenantId, { as: stranger })).leads).toEqual([])
  })
})
