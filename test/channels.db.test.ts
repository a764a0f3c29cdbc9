import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jobPrincipal } from '../server/kernel/principal.ts'
import { moveLeads } from '../server/modules/leads/index.ts'
import { ask, type Client, eventually, type Json, type Reply } from './harness/client.ts'
import { type Leadline, startLeadline } from './harness/leadline.ts'
import { runNow, SYNC_ADDRESSES } from './harness/runs.ts'

// Channels and LC customers, and leads that go from one to another: over HTTP, with the sandbox as it starts.

let leadline: Leadline
let northwind: Client
let fabrikam: Client
let riverside: Client
/** Northwind's leads by id, as the carrier sees them. */
let leads: Json[]

beforeAll(async () => {
  leadline = await startLeadline({ leads: 40 })
  ;[northwind, fabrikam, riverside] = (await Promise.all(
    ['northwind-api', 'fabrikam-api', 'riverside-api'].map((id) => leadline.as(id)),
  )) as [Client, Client, Client]
  await eventually(
    () => ask(`${leadline.baseUrl}/health/ready`),
    (reply) => reply.status === 200,
  )
  // Fixtures are loaded by an event of the first sync.
  await eventually(
    async () => (await riverside.get('/api/v2/oc/lead')).body,
    (own) => own.length === 1,
  )
  // Addresses that come later would change what leads are told by.
  await runNow(northwind, SYNC_ADDRESSES)
  leads = (await northwind.get('/api/v2/oc/lead?PageSize=100')).body
})
afterAll(() => leadline?.close())

const ASSIGN = '/api/v3/ovoc/channel/action/assign'
const REMOVE = '/api/v3/ovoc/channel/action/remove/'
const CHANNELS = '/api/ovoc/v1/topology/channels'
const CUSTOMERS = '/api/ovoc/v1/topology/customers'
const told = ({ status, body }: Reply) => [status, body?.code]

let names = 0
const channel = async (more: object = {}): Promise<number> => {
  const { status, body, text } = await northwind.send('POST', '/api/v4/channels', {
    name: `Channel ${names++}`,
    ...more,
  })
  expect(status, text).toBe(201)
  return body.id
}
const lead = async (id: string): Promise<Json> => (await northwind.get(`/api/v4/leads/${id}`)).body
/** An Active lead of Northwind that is in no channel and has no service. */
const freeLead = async (): Promise<Json> => {
  const { body } = await northwind.get('/api/v4/leads?status=Active&licensed=false&channelId=0&pageSize=1')
  return body.data[0]
}
const as = async (
  channelId: number,
  permissions = ['leads.read', 'channels.read', 'journal.read', 'channels.manage'],
) => {
  const { body } = await northwind.send('POST', '/api/v4/clients', { name: 'Bound', permissions, channelId })
  return leadline.as(body.clientId, body.clientSecret)
}

describe('the documented channels', () => {
  test('are made, read, listed, changed and deleted', async () => {
    const msTenantId = randomUUID()
    const made = await northwind.send('POST', `/tenantui${CHANNELS}/`, {
      Name: 'Lakeside',
      TenantId: '868',
      msTenantId,
    })
    expect(made.status).toBe(201)
    const { id } = made.body
    expect(made.body).toEqual({ id: expect.any(Number), url: `ovoc/v1/topology/channels/${id}` })
    const { body } = await northwind.get(`${CHANNELS}/${id}`)
    expect(Object.keys(body)).toEqual(
      (
        'definedAt adGroupName dmSourceEmail iamAccountId lastChanged description maxCustomers services adGroupId url ' +
        'msTenantId vocaProviderId servicesNumber appRegistrationSettings name tenantId id logoId contacts status'
      ).split(' '),
    )
    expect(body).toMatchObject({ id, name: 'Lakeside', tenantId: 868, msTenantId, services: { OC: { enabled: true } } })
    expect(body.definedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/)
    expect((await northwind.get(CHANNELS)).body.map((one: Json) => one.id)).toEqual(expect.arrayContaining([907, id]))
    const changed = await northwind.send('PUT', `${CHANNELS}/${id}`, { maxCustomers: 3, operatorConnectEnabled: false })
    expect(changed.body).toMatchObject({ name: 'Lakeside', maxCustomers: 3, services: { OC: { enabled: false } } })
    expect((await northwind.send('DELETE', `${CHANNELS}/${id}`)).status).toBe(204)
    const gone = await northwind.get(`${CHANNELS}/${id}`)
    expect(gone.status).toBe(404)
    expect(gone.body).toMatchObject({ description: `Entity with id ${id} not found`, code: 'not-found' })
  })

  test('count the services whose leads they hold', async () => {
    expect((await northwind.get(`${CHANNELS}/907`)).body).toMatchObject({ name: 'Riverside IT', servicesNumber: 1 })
  })

  test.each([
    ['another operator', { name: 'X', tenantId: 869 }, '/body/tenantId'],
    ['a tenant id in braces', { name: 'X', msTenantId: `{${randomUUID()}}` }, '/body/msTenantId'],
    ['an all-zero tenant id', { name: 'X', msTenantId: '00000000-0000-0000-0000-000000000000' }, '/body/msTenantId'],
    ['an empty name', { name: '  ' }, '/body/name'],
    ['no name', { tenantId: 868 }, '/body/name'],
    ['a mail address that is none', { name: 'X', contacts: { email: 'desk' } }, '/body/contacts/email'],
  ])('refuse %s', async (_what, body, pointer) => {
    const reply = await northwind.send('POST', CHANNELS, body)
    expect(told(reply)).toEqual([400, 'bad-request'])
    expect(reply.body.errors.map((error: Json) => error.pointer)).toEqual([pointer])
  })

  test('take names as people write them, each once without regard to letter case', async () => {
    const hostile = ['=cmd|x', '日本の代理店', 'שלום 😀', `<img src=x onerror=alert(1)>`, 'a'.repeat(200)]
    for (const name of hostile) {
      const made = await northwind.send('POST', CHANNELS, { name })
      expect(made.status, made.text).toBe(201)
      expect((await northwind.get(`${CHANNELS}/${made.body.id}`)).body.name).toBe(name)
    }
    expect(told(await northwind.send('POST', CHANNELS, { name: 'RIVERSIDE it' }))).toEqual([409, 'name-taken'])
    expect((await northwind.send('POST', CHANNELS, { name: 'b'.repeat(201) })).status).toBe(400)
  })
})

describe('LC customers', () => {
  test('of the documented form are made, verified, assigned and deleted', async () => {
    const made = await northwind.send('POST', CUSTOMERS, { name: 'Contoso Ltd', tenantId: 868 })
    expect(made.status, made.text).toBe(201)
    const path = `${CUSTOMERS}/${made.body.id}`
    const read = await northwind.send('PUT', path)
    expect(read.body).toMatchObject({ name: 'Contoso Ltd', channelId: 0, status: 'UNMONITORED', attachedServices: [] })
    expect(Object.keys(read.body)).toEqual(
      (
        'definedAt iamAccountId fullName description services applicationsStatus adGroupId url msTenantId ' +
        'attachedServices name tenantId id logoId channelId contacts status'
      ).split(' '),
    )
    expect((await northwind.get(path)).body).toEqual(read.body)
    const assigned = await northwind.send('POST', path, { ChannelId: '907' })
    expect(assigned.body).toMatchObject({ id: made.body.id, tenantId: 868, name: 'Contoso Ltd', channelId: 907 })
    expect((await riverside.get(path)).body.channelId).toBe(907)
    const wrong = await northwind.send('POST', path, { channelId: 3700 })
    expect([wrong.status, wrong.body.description]).toEqual([404, 'Entity with id 3700 not found'])
    const changed = await northwind.send('PUT', path, { fullName: 'Contoso Limited' })
    expect(changed.body).toMatchObject({ fullName: 'Contoso Limited', channelId: 907 })
    expect((await northwind.send('DELETE', path)).status).toBe(204)
    expect((await northwind.get(path)).body.description).toBe(`Entity with id ${made.body.id} not found`)
  })

  test('are as many in a channel as it may have', async () => {
    const channelId = await channel({ maxCustomers: 1 })
    const make = (name: string) => northwind.send('POST', '/api/v4/lc-customers', { name, channelId })
    const both = await Promise.all([make('One'), make('Two')])
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409])
    const other = await northwind.send('POST', '/api/v4/lc-customers', { name: 'Elsewhere' })
    const moved = await northwind.send('PATCH', `/api/v4/lc-customers/${other.body.id}`, { channelId })
    expect(told(moved)).toEqual([409, 'channel-full'])
  })

  test('of a channel stay in it, and another’s are not there', async () => {
    const channelId = await channel()
    const bound = await as(channelId, ['services.read', 'services.write', 'channels.manage'])
    const made = await bound.send('POST', '/api/v4/lc-customers', { name: 'Alder & Pine' })
    expect(made.status, made.text).toBe(201)
    expect(made.body.channel.id).toBe(channelId)
    expect(told(await bound.send('PATCH', `/api/v4/lc-customers/${made.body.id}`, { channelId: 907 }))[0]).toBe(400)
    expect((await bound.send('POST', '/api/v4/lc-customers', { name: 'Y', channelId: 907 })).status).toBe(400)
    expect((await bound.get('/api/v4/lc-customers')).body.data).toHaveLength(1)
    const [foreign] = (await riverside.get('/api/v4/lc-customers')).body.data
    expect(foreign.name).toBe('Alder & Pine')
    for (const method of ['GET', 'DELETE']) {
      expect((await bound.send(method, `/api/v4/lc-customers/${foreign.id}`)).status).toBe(404)
    }
    expect((await bound.get('/api/v4/lc-customers?channelId=907')).body.data).toEqual([])
  })
})

describe('Change Channel Partner', () => {
  test('by every documented form of the body', async () => {
    const free = await freeLead()
    const [first, second] = [await channel(), await channel()]
    const licensed = leads.find(
      (one) => one.umpCustomerGuid !== null && one.ovocChannelId === 0 && one.status === 'Active',
    )
    const success = { status: 'success', succeeded: true, message: 'Lead successfully assigned to the channel' }
    const forms: [Json, string][] = [
      [{ leadMsTenantId: free.tenantId, channelId: first }, free.id],
      [{ LeadId: free.id, ChannelId: String(second) }, free.id],
      [{ msTenantId: free.tenantId, ovocChannelId: String(first), additionalProperties: true }, free.id],
      [
        { leadMsTenantId: ` ${free.tenantId.toUpperCase()} `, umpCustomerGuid: null, leadId: '', channelId: second },
        free.id,
      ],
      [{ umpCustomerGuid: licensed.umpCustomerGuid, channelId: first }, licensed.id],
    ]
    for (const [body, id] of forms) {
      const reply = await northwind.send('PUT', ASSIGN, body)
      expect([reply.status, reply.body], JSON.stringify(body)).toEqual([200, success])
      const channelId = Number(body.channelId ?? body.ChannelId ?? body.ovocChannelId)
      expect((await lead(id)).channel.id).toBe(channelId)
      expect((await northwind.get(`/api/v2/oc/lead?msTenantId=${free.tenantId}`)).body[0].ovocChannelId).toBe(
        id === free.id ? channelId : second,
      )
    }
    for (const { tenantId, id } of [free, licensed]) {
      const { channel: before } = await lead(id)
      const removed = await northwind.send('PUT', `/tenantui${REMOVE}?msTenantID=${tenantId}`)
      expect([removed.status, removed.body]).toEqual([200, { status: true, data: `Removed channel ${before.id}` }])
      expect((await lead(id)).channel).toBeNull()
    }
    const [own] = (await northwind.get(`/api/v2/oc/lead?msTenantId=${licensed.tenantId}`)).body
    expect(own.ovocChannelId).toBe(0)
  })

  test('refuses what cannot be used in the documented shape', async () => {
    const free = await freeLead()
    const removed = leads.find((one) => one.status === 'Removed')
    const foreignChannel = (await fabrikam.send('POST', '/api/v4/channels', { name: 'Theirs' })).body.id
    const closed = await channel({ operatorConnectEnabled: false })
    const wrong: [string, Json, Record<string, RegExp>][] = [
      [
        'both ids',
        { leadId: free.id, umpCustomerGuid: randomUUID(), channelId: 907 },
        { LeadId: /exactly one/, UmpCustomerGuid: /exactly one/ },
      ],
      ['no target', { channelId: 907 }, { LeadMsTenantId: /none came/ }],
      ['no channel', { leadId: free.id }, { ChannelId: /Missing/ }],
      ['nothing', {}, { LeadMsTenantId: /none came/, ChannelId: /Missing/ }],
      [
        'a channel of another operator',
        { leadId: free.id, channelId: foreignChannel },
        { ChannelId: /There is no channel/ },
      ],
      ['channel 0', { leadId: free.id, channelId: 0 }, { ChannelId: /There is no channel 0/ }],
      ['a channel that is no number', { leadId: free.id, channelId: 'nine' }, { ChannelId: /whole number/ }],
      ['two channels', { leadId: free.id, channelId: 907, ovocChannelId: '908' }, { ChannelId: /differ/ }],
      ['the printed example', { leadId: 'LEAD-2024-001', channelId: 907 }, { LeadId: /GUID/ }],
      [
        'an unknown tenant',
        { leadMsTenantId: randomUUID(), channelId: 907 },
        { LeadMsTenantId: /no lead of this tenant/ },
      ],
      [
        'a channel that sells none',
        { leadId: free.id, channelId: closed },
        { ChannelId: /does not sell Operator Connect/ },
      ],
      ['a Removed lead', { leadId: removed.id, channelId: 907 }, { LeadId: /Only an Active lead.*Removed/ }],
    ]
    for (const [what, body, expected] of wrong) {
      const reply = await northwind.send('PUT', ASSIGN, body)
      expect(reply.status, what).toBe(400)
      expect(reply.body, what).toMatchObject({
        type: 'https://tools.ietf.org/html/rfc7231#section-6.5.1',
        title: 'One or more validation errors occurred.',
        status: 400,
        code: 'bad-request',
        traceId: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/),
      })
      expect(Object.keys(reply.body.errors).sort(), what).toEqual(Object.keys(expected).sort())
      for (const [field, detail] of Object.entries(expected)) expect(reply.body.errors[field][0], what).toMatch(detail)
    }
    const nowhere = await northwind.send('PUT', `${REMOVE}?msTenantId=${free.tenantId}`)
    expect(nowhere.body).toMatchObject({
      status: 400,
      errorCode: 'bad-request',
      instance: expect.stringContaining('remove'),
    })
    expect(nowhere.body.errorTicket).toBe(nowhere.body.requestId)
  })

  test('is the carrier’s alone', async () => {
    const free = await freeLead()
    for (const caller of [riverside, await as(907)]) {
      expect(told(await caller.send('PUT', ASSIGN, { leadId: free.id, channelId: 907 }))).toEqual([
        403,
        'operator-only',
      ])
      const path = `/api/v4/leads/${free.id}/channel`
      expect(told(await caller.send('PUT', path, { channelId: 907 }))).toEqual([403, 'operator-only'])
    }
  })

  test('may be asked to change only what one has seen', async () => {
    const free = await freeLead()
    const path = `/api/v4/leads/${free.id}/channel`
    const seen = (await northwind.get(`/api/v4/leads/${free.id}`)).headers.get('etag') ?? ''
    const change = (channelId: number, tag: string) =>
      northwind.get(path, { method: 'PUT', body: { channelId }, headers: { 'if-match': tag } })
    const [first, second] = [await channel(), await channel()]
    const both = await Promise.all([change(first, seen), change(second, seen)])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 412])
    expect(told(await change(first, seen))).toEqual([412, 'changed-meanwhile'])
    const now = both.find(({ status }) => status === 200)?.headers.get('etag') ?? ''
    const removal = await northwind.get(path, { method: 'DELETE', headers: { 'if-match': now } })
    expect([removal.status, removal.body.channel]).toEqual([200, null])
    expect((await northwind.send('DELETE', path)).status).toBe(200)
  })
})

const boundChannel = async () => {
  const id = await channel({ name: `Bound ${randomUUID()}` })
  return { id, caller: await as(id, ['leads.read', 'channels.read', 'journal.read', 'leads.write']) }
}

describe('a lead that goes from one channel to another', () => {
  let from: { id: number; caller: Client }
  let to: { id: number; caller: Client }
  let moved: Json

  beforeAll(async () => {
    from = await boundChannel()
    to = await boundChannel()
    moved = await freeLead()
  })

  const give = (channelId: number) => northwind.send('PUT', `/api/v4/leads/${moved.id}/channel`, { channelId })
  /** All the ways to a lead, each with whether it was there. */
  const sights = async (caller: Client): Promise<Record<string, boolean>> => {
    const texts = {
      list: (await caller.get('/api/v2/oc/lead?PageSize=100')).text,
      byTenant: (await caller.get(`/api/v2/oc/lead?msTenantId=${moved.tenantId}`)).text,
      desk: (await caller.get('/api/v4/leads?facets=true')).text,
      one: (await caller.get(`/api/v4/leads/${moved.id}`)).text,
      csv: (await caller.get('/api/v4/leads.csv')).text,
      search: (await caller.get(`/api/v4/leads?q=${moved.tenantId}`)).text,
    }
    return Object.fromEntries(Object.entries(texts).map(([way, text]) => [way, text.includes(moved.tenantId)]))
  }
  const all = (seen: boolean) => ({ list: seen, byTenant: seen, desk: seen, one: seen, csv: seen, search: seen })
  const history = async (caller: Client) =>
    (await caller.get(`/api/v4/journal?objectType=lead&objectId=${moved.id}`)).body.data as Json[]

  test('is seen by the one it belongs to, wherever leads are shown and counted', async () => {
    expect([await sights(from.caller), await sights(to.caller)]).toEqual([all(false), all(false)])
    const empty = await from.caller.get('/api/v4/leads')
    await give(from.id)
    expect([await sights(from.caller), await sights(to.caller)]).toEqual([all(true), all(false)])
    const held = await from.caller.get('/api/v4/leads')
    expect(held.headers.get('etag')).not.toBe(empty.headers.get('etag'))
    expect([empty.body.total, held.body.total]).toEqual([0, 1])
    await give(to.id)
    expect([await sights(from.caller), await sights(to.caller)]).toEqual([all(false), all(true)])
    const left = await from.caller.get('/api/v4/leads', {
      headers: { 'if-none-match': held.headers.get('etag') ?? '' },
    })
    expect([left.status, left.body.total]).toEqual([200, 0])
    expect((await from.caller.get('/api/v2/oc/lead')).headers.get('x-total-count')).toBe('0')
    expect((await northwind.get(`/api/v4/channels/${to.id}`)).body.holds.leads).toBe(1)
  })

  test('takes its history along, without telling from whom', async () => {
    const whole = (await history(northwind)).map(({ action }) => action)
    expect(whole.slice(0, 3)).toEqual(['lead.channel-assigned', 'lead.channel-removed', 'lead.channel-assigned'])
    const [own] = await history(to.caller)
    expect(own).toMatchObject({ action: 'lead.channel-assigned', before: null, after: { channelId: to.id } })
    await leadline.db.asOwner.query(
      `insert into journal_entry (entry_id, operator_id, channel_id, actor_kind, actor_id, actor_name, source_ip, request_id,
         action, object_type, object_id, before, after, result)
       values (gen_random_uuid(), 868, $1, 'person', 'p1', 'Rita of the first', '192.0.2.9', 'r', 'lead.noted', 'lead', $2,
         '{"channelId":1}', '{"note":"called"}', 'ok')`,
      [from.id, moved.id],
    )
    const brought = (await history(to.caller)).filter(({ action }) => action === 'lead.noted')
    expect(brought).toMatchObject([
      {
        actor: { id: '', name: 'Another channel' },
        sourceIp: null,
        channelId: null,
        before: {},
        after: { note: 'called' },
      },
    ])
    const byName = await to.caller.get(
      `/api/v4/journal?objectType=lead&objectId=${moved.id}&actor=${encodeURIComponent('Rita of the first')}`,
    )
    expect(byName.body.data).toEqual([])
    for (const entry of await history(to.caller)) expect(JSON.stringify(entry)).not.toContain(String(from.id))
  })

  test('leaves the former channel what was written while it was its own, and nothing of what comes after', async () => {
    const before = await history(from.caller)
    expect(before.map(({ action }) => action).sort()).toEqual(
      ['lead.channel-assigned', 'lead.channel-removed', 'lead.noted'].sort(),
    )
    expect(before.find(({ action }) => action === 'lead.channel-removed')).toMatchObject({ after: null })
    for (const entry of before) expect(JSON.stringify(entry)).not.toContain(`"channelId":${to.id}`)
    await northwind.send('DELETE', `/api/v4/leads/${moved.id}/channel`)
    await give(to.id)
    expect(await history(from.caller)).toEqual(before)
    // In the list of everything a channel reads what was written for it, and nothing that leads brought.
    const list = (await to.caller.get('/api/v4/journal')).body.data as Json[]
    expect(list.every(({ channelId }) => channelId === to.id)).toBe(true)
  })

  test('is told to each side without the other', async () => {
    const { rows } = await leadline.db.asOwner.query(
      `select name, channel_id, payload->>'channelId' as told from outbox_event
       where name like 'lead.channel-%' and key = $1 and channel_id >= $2 order by position`,
      [`lead/${moved.id}`, from.id],
    )
    expect(rows.slice(0, 3)).toEqual([
      { name: 'lead.channel-assigned', channel_id: from.id, told: String(from.id) },
      { name: 'lead.channel-removed', channel_id: from.id, told: String(from.id) },
      { name: 'lead.channel-assigned', channel_id: to.id, told: String(to.id) },
    ])
  })

  test('is found by the name its channel has now', async () => {
    const found = async (q: string) => (await northwind.get(`/api/v4/leads?q=${encodeURIComponent(q)}`)).body.total
    const name = `製作所 ${randomUUID()}`
    const before = await northwind.get('/api/v4/leads')
    await northwind.send('PATCH', `/api/v4/channels/${to.id}`, { name })
    expect([await found(name), await found(name.toUpperCase())]).toEqual([1, 1])
    const after = await northwind.get('/api/v4/leads', {
      headers: { 'if-none-match': before.headers.get('etag') ?? '' },
    })
    expect(after.status).toBe(200)
    expect((await lead(moved.id)).channel.name).toBe(name)
    await northwind.send('PATCH', `/api/v4/channels/${to.id}`, { name: `Renamed ${randomUUID()}` })
    expect(await found(name)).toBe(0)
  })

  test('keeps its mark when Microsoft no longer lists it', async () => {
    await leadline.db.asOwner.query('update lead set missing_since = now() where lead_id = $1', [moved.id])
    await give(from.id)
    expect((await lead(moved.id)).missingSince).not.toBeNull()
    await leadline.db.asOwner.query('update lead set missing_since = null where lead_id = $1', [moved.id])
  })
})

describe('a lead that came by a channel’s own doing', () => {
  let from: { id: number; caller: Client }
  let to: { id: number; caller: Client }

  beforeAll(async () => {
    from = await boundChannel()
    to = await boundChannel()
  })

  test.for(['made by this version', 'made by an earlier one'])('hides who of a channel made it: %s', async (by) => {
    const companyName = `Own ${randomUUID()}`
    const made = await from.caller.send('POST', '/api/v4/leads', { tenantId: randomUUID(), companyName })
    expect(made.status, made.text).toBe(201)
    const path = `/api/v4/journal?objectType=lead&objectId=${made.body.id}`
    if (by === 'made by an earlier one') {
      // It wrote the arrival for no channel.
      await leadline.db.asOwner.query('alter table journal_entry disable trigger user')
      await leadline.db.asOwner.query(
        `update journal_entry set channel_id = null where object_id = $1 and action = 'lead.created'`,
        [made.body.id],
      )
      await leadline.db.asOwner.query('alter table journal_entry enable trigger user')
    }
    const [, maker] = ((await from.caller.get(path)).body.data as Json[]).map(({ actor }) => actor)
    expect(maker).toMatchObject({ kind: 'client', name: expect.stringMatching(/./) })
    await northwind.send('PUT', `/api/v4/leads/${made.body.id}/channel`, { channelId: to.id })
    const read = await to.caller.get(path)
    const created = (read.body.data as Json[]).find(({ action }) => action === 'lead.created')
    const { data: whole } = (await northwind.get(path)).body
    expect((whole as Json[]).find(({ action }) => action === 'lead.created')).toMatchObject({
      ...{ actor: maker, channelId: by === 'made by this version' ? from.id : null },
    })
    expect(created).toMatchObject({ actor: { id: '', name: 'Another channel' }, channelId: null, sourceIp: null })
    expect(read.text).not.toContain(maker.id)
    expect(read.text).not.toContain(maker.name)
  })

  test('does not tell who of a channel had Microsoft asked for it', async () => {
    const { tenantId, id } = await leadline.outside.control('POST', '/consents', {
      ...{ operator: 'northwind', company: 'Asked Online', countries: ['US'] },
    })
    await from.caller.get(`/api/v2/oc/lead?checkOnline=true&msTenantId=${tenantId}`)
    await northwind.send('PUT', `/api/v4/leads/${id}/channel`, { channelId: to.id })
    for (const caller of [to.caller, northwind]) {
      const { data } = (await caller.get(`/api/v4/journal?objectType=lead&objectId=${id}`)).body
      const created = (data as Json[]).find(({ action }) => action === 'lead.created')
      const told = { actor: { kind: 'job', name: 'check-online' }, detail: 'Microsoft, by check-online' }
      expect(created).toMatchObject(told)
    }
  })
})

describe('deleting a channel', () => {
  test('is refused with what it holds, and then takes access from its people, clients and invitations', async () => {
    const id = await channel()
    const bound = await as(id, ['leads.read'])
    const { body: invited } = await northwind.send('POST', '/api/v4/users/invitations', {
      ...{ email: 'gone@channel.example', name: 'Gone Soon', tier: 'channel', level: 'administrator', channelId: id },
    })
    const free = await freeLead()
    await northwind.send('PUT', `/api/v4/leads/${free.id}/channel`, { channelId: id })
    const customer = await northwind.send('POST', '/api/v4/lc-customers', { name: 'Kept', channelId: id })
    for (const path of [`/api/v4/channels/${id}`, `${CHANNELS}/${id}`]) {
      const refused = await northwind.send('DELETE', path)
      expect(told(refused)).toEqual([409, 'channel-not-empty'])
      expect(refused.body.detail).toMatch(/has 1 lead and 1 customer/)
      expect(refused.body.errors).toEqual([
        { pointer: `/leads/${free.id}`, detail: free.companyName },
        { pointer: `/lc-customers/${customer.body.id}`, detail: 'Kept' },
      ])
    }
    const { body: full } = await northwind.get(`/api/v4/channels/${id}`)
    expect(full.holds).toEqual({ leads: 1, customers: 1, people: 0, clients: 1 })
    expect(full.actions.deleteChannel.allowed).toBe(false)
    await northwind.send('DELETE', `/api/v4/leads/${free.id}/channel`)
    await northwind.send('DELETE', `/api/v4/lc-customers/${customer.body.id}`)
    expect((await bound.get('/api/v2/oc/lead')).status).toBe(200)
    expect((await northwind.send('DELETE', `/api/v4/channels/${id}`)).status).toBe(204)
    expect(told(await bound.get('/api/v2/oc/lead'))).toEqual([401, 'client-revoked'])
    expect((await northwind.get('/api/v4/users/invitations')).text).not.toContain(invited.invitation.invitationId)
    // To whoever names it, it is not there.
    expect((await northwind.get(`/api/v4/channels/${id}`)).status).toBe(404)
    const late = { name: 'Late', permissions: ['leads.read'], channelId: id }
    expect(told(await northwind.send('POST', '/api/v4/clients', late))).toEqual([400, 'bad-request'])
    const assigned = await northwind.send('PUT', `/api/v4/leads/${free.id}/channel`, { channelId: id })
    expect(told(assigned)).toEqual([400, 'bad-request'])
    const narrowed = await northwind.get('/api/v2/oc/lead', { headers: { 'x-ovoc-channel-id': String(id) } })
    expect(narrowed.body).toEqual([])
  })

  test('and giving it a lead at the same time: one of them is refused', async () => {
    for (let round = 0; round < 5; round++) {
      const id = await channel()
      const free = await freeLead()
      const [deleted, given] = await Promise.all([
        northwind.send('DELETE', `/api/v4/channels/${id}`),
        northwind.send('PUT', `/api/v4/leads/${free.id}/channel`, { channelId: id }),
      ])
      expect([`${deleted.status} ${given.status}`]).toEqual([expect.stringMatching(/^(204 400|409 200)$/)])
      if (given.status === 200) await northwind.send('DELETE', `/api/v4/leads/${free.id}/channel`)
    }
  })
})

test('what happened to channels is in the journal, in order', async () => {
  const id = await channel({ name: `Journal ${randomUUID()}` })
  await northwind.send('PATCH', `/api/v4/channels/${id}`, { maxCustomers: 7 })
  await northwind.send('PATCH', `/api/v4/channels/${id}`, { maxCustomers: 7 })
  await northwind.send('DELETE', `/api/v4/channels/${id}`)
  const { body } = await northwind.get(`/api/v4/journal?objectType=channel&objectId=${id}`)
  expect(body.data.map(({ action }: Json) => action)).toEqual(['channel.deleted', 'channel.changed', 'channel.created'])
  expect(body.data[1]).toMatchObject({ before: { maxCustomers: 0 }, after: { maxCustomers: 7 } })
})

test('a logo is an image that it says it is, and no larger than it may be', async () => {
  const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(40)])
  const url = (type: string, bytes: Buffer) => `data:${type};base64,${bytes.toString('base64')}`
  const id = await channel({ logo: url('image/png', png) })
  expect((await northwind.get(`/api/v4/channels/${id}`)).body).toMatchObject({
    hasLogo: true,
    logo: url('image/png', png),
  })
  expect((await northwind.get(`${CHANNELS}/${id}`)).body.logoId).toBe(id)
  const change = (logo: string | null) => northwind.send('PATCH', `/api/v4/channels/${id}`, { logo })
  for (const wrong of [
    url('image/jpeg', png),
    url('image/svg+xml', Buffer.from('<svg/>')),
    url('image/png', Buffer.concat([png, Buffer.alloc(64 * 1024)])),
    'https://riverside.example/logo.png',
  ]) {
    expect((await change(wrong)).status, wrong.slice(0, 40)).toBe(400)
  }
  expect((await change(null)).body).toMatchObject({ hasLogo: false, logo: null })
})

test('the documented limit of assignments is one for all callers of the operator, and leaves each a share', async () => {
  const free = await freeLead()
  await leadline.db.asOwner.query(
    `insert into assign_call_allowance (operator_id, caller, calls, asked_at)
     values (868, 'client northwind-api', array_fill(now(), array[300]), now())
     on conflict (operator_id, caller) do update set calls = excluded.calls, asked_at = now()`,
  )
  const assign = (caller: Client) => caller.send('PUT', ASSIGN, { leadId: free.id, channelId: 907 })
  const refused = await assign(northwind)
  expect(told(refused)).toEqual([429, 'rate-limited'])
  // As long as the calls of now count.
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(30)
  // The portal's call does the same, and another operator's callers have their own.
  expect((await northwind.send('PUT', `/api/v4/leads/${free.id}/channel`, { channelId: 907 })).status).toBe(200)
  expect((await fabrikam.send('PUT', ASSIGN, { leadId: free.id, channelId: 907 })).status).toBe(400)
  await leadline.db.asOwner.query(
    `update assign_call_allowance set calls = array_fill(now() - interval '61 seconds', array[300]) where operator_id = 868`,
  )
  expect((await assign(northwind)).status).toBe(200)
})

describe('many leads at once', () => {
  const bulk = (caller: Client, body: object) => caller.send('POST', '/api/v4/leads/bulk', body)
  const ended = (id: string) =>
    eventually(
      async () => (await northwind.get(`/api/v4/tasks/${id}`)).body,
      (task) => !['queued', 'running', 'waiting', 'undoing'].includes(task.state),
    )

  test('go to a channel as one task with a result each, and can be taken back', async () => {
    const [first, second] = [await channel(), await channel()]
    const chosen = (await northwind.get('/api/v4/leads?status=Active&channelId=0&pageSize=6')).body.data as Json[]
    await northwind.send('PUT', `/api/v4/leads/${chosen[0].id}/channel`, { channelId: first })
    await northwind.send('PUT', `/api/v4/leads/${chosen[1].id}/channel`, { channelId: second })
    const removed = leads.find((one) => one.status === 'Removed')
    const leadIds = [...chosen.map(({ id }) => id), removed.id]
    const started = await bulk(northwind, { action: 'assign-channel', channelId: second, leadIds })
    expect(started.status, started.text).toBe(202)
    const task = await ended(started.body.id)
    expect(task).toMatchObject({ state: 'partial', items: { total: 7, succeeded: 5, failed: 1, skipped: 1 } })
    const { body } = await northwind.get(`/api/v4/tasks/${task.id}/items?state=failed`)
    expect(body.data).toMatchObject([{ objectId: removed.id, code: 'lead-not-active' }])
    expect((await northwind.get(`/api/v4/leads?channelId=${second}`)).body.total).toBe(6)
    const told = await northwind.get(`/api/v4/journal?requestId=${task.id}&pageSize=100`)
    const counted = Map.groupBy(told.body.data as Json[], ({ action }) => action)
    expect([counted.get('lead.channel-assigned')?.length, counted.get('lead.channel-removed')?.length]).toEqual([5, 1])
    // Taken back as a cancelled task does it: what somebody has decided since stays.
    await northwind.send('PUT', `/api/v4/leads/${chosen[2].id}/channel`, { channelId: first })
    const back = await leadline.context.transact(jobPrincipal('test', 868, 'test'), (tx) =>
      moveLeads(tx, [chosen[2].id, chosen[3].id], null, { onlyFrom: second }),
    )
    expect(back.map(({ outcome }) => outcome)).toEqual(['unchanged', 'moved'])
    expect((await lead(chosen[3].id)).channel).toBeNull()
    const out = await bulk(northwind, { action: 'remove-channel', filter: { channelId: first } })
    expect(await ended(out.body.id)).toMatchObject({ state: 'succeeded', items: { succeeded: 1 } })
  })

  test('are not begun to be moved to a channel that is not there, or may take none', async () => {
    const { id } = await freeLead()
    const give = (channelId: number) => bulk(northwind, { action: 'assign-channel', channelId, leadIds: [id] })
    const unknown = await give(555)
    expect([unknown.status, unknown.body.errors]).toEqual([
      400,
      [{ pointer: '/body/channelId', detail: 'There is no channel 555.' }],
    ])
    const closed = await channel()
    await northwind.send('PATCH', `/api/v4/channels/${closed}`, { operatorConnectEnabled: false })
    expect(told(await give(closed))).toEqual([409, 'channel-without-operator-connect'])
  })

  test('say of each why, where the channel is gone by the time; nothing is there to be undone then', async () => {
    const { data } = (await northwind.get('/api/v4/leads?status=Active&channelId=0&pageSize=3')).body
    await leadline.stopWorkers()
    const gone = await channel()
    const asked = { action: 'assign-channel', channelId: gone, leadIds: data.map(({ id }: Json) => id) }
    const started = await bulk(northwind, asked)
    expect((await northwind.send('DELETE', `/api/v4/channels/${gone}`)).status).toBe(204)
    await leadline.startWorker()
    const task = await ended(started.body.id)
    expect(task).toMatchObject({ state: 'failed', items: { total: 3, failed: 3 } })
    expect(task.actions.undo).toEqual({ allowed: false, reason: 'There is nothing to undo.' })
    const items = (await northwind.get(`/api/v4/tasks/${task.id}/items`)).body.data as Json[]
    expect(items.map(({ message }) => message)).toEqual(Array(3).fill(`There is no channel ${gone}.`))
  })

  test('are moved by the carrier alone, to a channel that is named', async () => {
    const { id } = await freeLead()
    const asked = { action: 'assign-channel', channelId: 907, leadIds: [id] }
    const bound = await as(907, ['leads.read', 'leads.write', 'channels.manage'])
    expect(told(await bulk(bound, asked))).toEqual([403, 'operator-only'])
    const { body } = await northwind.send('POST', '/api/v4/clients', {
      name: 'W',
      permissions: ['leads.read', 'leads.write'],
    })
    const writer = await leadline.as(body.clientId, body.clientSecret)
    expect(told(await bulk(writer, asked))).toEqual([403, 'permission-missing'])
    expect((await bulk(northwind, { action: 'assign-channel', leadIds: [id] })).body.errors[0].pointer).toBe(
      '/body/channelId',
    )
    expect((await bulk(northwind, { ...asked, action: 'archive' })).body.errors[0].pointer).toBe('/body/channelId')
  })
})
