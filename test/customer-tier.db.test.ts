import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isByPermission } from '../contract/endpoint.ts'
import { endpoints } from '../contract/index.ts'
import { permissionsOf } from '../contract/roles.ts'
import { newId } from '../server/kernel/ids.ts'
import { beginStatement } from '../server/platform/db/transaction.ts'
import { ask, eventually, type Json, type Reply } from './harness/client.ts'
import { type Leadline, startLeadline } from './harness/leadline.ts'
import { type Objects, sampleRequests } from './sample-requests.ts'

// People of the channel tier and of the customer tier: what they reach, over HTTP and in the database itself.
// A customer is a Microsoft tenant. Nothing of a customer's is there yet (services, numbers), so he sees nothing at all.

let leadline: Leadline
let lead: Json
let northwind: Person
let customer: Person
let neighbour: Person
let riverside: Person

type Person = {
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>
  get(path: string): Promise<Reply>
}

beforeAll(async () => {
  leadline = await startLeadline({ leads: 30 })
  await eventually(
    () => ask(`${leadline.baseUrl}/health/ready`),
    (reply) => reply.status === 200,
  )
  northwind = await signedIn('administrator@northwind.example', 'leadline-sandbox')
  riverside = await signedIn('monitor@riverside.example', 'leadline-sandbox')
  const leads = (await northwind.get('/api/v4/leads')).body.data
  lead = leads[0]
  customer = await invited('one@customer.example', leads[0].tenantId)
  neighbour = await invited('two@customer.example', leads[1].tenantId)
})
afterAll(() => leadline?.close())

async function signedIn(email: string, password: string): Promise<Person> {
  const headers = { 'x-leadline-csrf': '1', 'content-type': 'application/json' }
  const init = { method: 'POST', headers, body: JSON.stringify({ email, password }) }
  const reply = await ask(`${leadline.baseUrl}/api/v4/sessions`, init)
  expect(reply.status, reply.text).toBe(200)
  const cookie = (reply.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const send: Person['send'] = (method, path, body, more) =>
    ask(`${leadline.baseUrl}${path}`, {
      method,
      headers: {
        cookie,
        'x-leadline-csrf': '1',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...more,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  return { send, get: (path) => send('GET', path) }
}

async function invited(email: string, tenantId: string): Promise<Person> {
  const asked = { email, name: email, tier: 'customer', level: 'administrator', tenantId }
  const { status, body, text } = await northwind.send('POST', '/api/v4/users/invitations', asked)
  expect(status, text).toBe(201)
  const accepted = await ask(`${leadline.baseUrl}/api/v4/invitations/accept`, {
    method: 'POST',
    headers: { 'x-leadline-csrf': '1', 'content-type': 'application/json' },
    body: JSON.stringify({ token: body.link.split('#')[1], newPassword: 'three quiet green lamps' }),
  })
  expect(accepted.status, accepted.text).toBe(200)
  return signedIn(email, 'three quiet green lamps')
}

const told = ({ status, body }: Reply) => [status, body?.code]
const emails = ({ body }: Reply) => body.data.map((one: Json) => one.email)

describe('the customer tier', () => {
  const held = new Set(permissionsOf('customer', 'administrator'))
  const guarded = endpoints.filter(({ permission }) => isByPermission(permission))
  const closed = guarded.filter(({ permission }) => !held.has(permission as never))

  test('says who one is, for which operator and for which company', async () => {
    const { body } = await customer.get('/api/v4/me')
    expect(body.memberships).toMatchObject([{ tier: 'customer', operatorId: 868, tenantId: lead.tenantId }])
    expect(body.operators).toMatchObject([{ operatorId: 868, tenantId: lead.tenantId, channelId: null }])
  })

  test.each(closed.map((endpoint) => ({ name: endpoint.operationId, endpoint })))(
    '$name is not for it',
    async (one) => {
      const { endpoint } = one
      const objects = { operatorId: 868, leadId: lead.id, tenantId: lead.tenantId } as Objects
      const params = sampleRequests[endpoint.operationId]?.params?.(objects) ?? {}
      const path = endpoint.path.replace(/\{([^}]+)\}/g, (_, name: string) => params[name] ?? newId())
      expect(told(await customer.send(endpoint.method, path))).toEqual([403, 'permission-missing'])
    },
  )

  test('knows the people of its own company only, and gives roles there only', async () => {
    expect(emails(await customer.get('/api/v4/users'))).toEqual(['one@customer.example'])
    expect(emails(await neighbour.get('/api/v4/users'))).toEqual(['two@customer.example'])
    const colleague = { email: 'colleague@customer.example', name: 'C', tier: 'customer', level: 'monitor' }
    const made = await customer.send('POST', '/api/v4/users/invitations', colleague)
    expect(made.body.invitation.membership).toMatchObject({ tier: 'customer', tenantId: lead.tenantId })
    expect(emails(await customer.get('/api/v4/users/invitations'))).toEqual([colleague.email])
    expect(emails(await neighbour.get('/api/v4/users/invitations'))).toEqual([])
    expect(emails(await northwind.get('/api/v4/users/invitations'))).toContain(colleague.email)
    const beyond = [
      { ...colleague, tenantId: (await neighbour.get('/api/v4/me')).body.memberships[0].tenantId },
      { ...colleague, tier: 'operator' },
      { ...colleague, tier: 'platform' },
    ]
    for (const asked of beyond) {
      expect(told(await customer.send('POST', '/api/v4/users/invitations', asked))).toEqual([
        403,
        'permission-beyond-own',
      ])
    }
    const users = (await northwind.get('/api/v4/users')).body.data
    const other = users.find((one: Json) => one.email === 'two@customer.example')
    expect(told(await customer.get(`/api/v4/users/${other.personId}`))).toEqual([404, 'not-found'])
    expect(told(await customer.send('DELETE', `/api/v4/users/${other.personId}`))).toEqual([404, 'not-found'])
  })

  test('gives a new password within its company', async () => {
    await invited('gamma@customer.example', lead.tenantId)
    const users = (await customer.get('/api/v4/users')).body.data
    const three = users.find((one: Json) => one.email === 'gamma@customer.example')
    expect((await customer.send('POST', `/api/v4/users/${three.personId}/reset`, {})).status).toBe(200)
  })

  test('gets the first answer again when a write is repeated with its key', async () => {
    const asked = { email: 'repeated@customer.example', name: 'R', tier: 'customer', level: 'monitor' }
    const invite = (who: Person) =>
      who.send('POST', '/api/v4/users/invitations', asked, { 'idempotency-key': 'repeated-1' })
    const [first, again] = [await invite(customer), await invite(customer)]
    expect(told(first), first.text).toEqual([201, undefined])
    expect([again.status, again.text]).toEqual([201, first.text])
    // A key is its owner's: the neighbour's request is its own.
    expect((await invite(neighbour)).text).not.toBe(first.text)
    const kept = (tenantId: string) => rowsFor(tenantId, ['kept_answer'])
    expect(await kept(lead.tenantId)).toEqual({ kept_answer: 1 })
    expect(await kept(newId())).toEqual({ kept_answer: 0 })
  })

  test('is asked for with a tenant id, and the other tiers without one', async () => {
    const asked = { email: 'x@customer.example', name: 'X', tier: 'customer', level: 'monitor' }
    const invite = (more: object) => northwind.send('POST', '/api/v4/users/invitations', { ...asked, ...more })
    for (const wrong of [{}, { tenantId: 'no-guid' }, { tier: 'operator', tenantId: lead.tenantId }]) {
      const reply = await invite(wrong)
      expect([...told(reply), reply.body.errors?.[0]?.pointer]).toEqual([400, 'bad-request', '/body/tenantId'])
    }
  })

  test('sees no row of any table in the database but its own people', async () => {
    const { rows: tables } = await leadline.db.asOwner.query<{ name: string }>(
      `select relname as name from pg_class where relrowsecurity and relnamespace = 'public'::regnamespace`,
    )
    expect(tables.length).toBeGreaterThan(20)
    const counts = await rowsFor(
      lead.tenantId,
      tables.map(({ name }) => name),
    )
    const seen = Object.entries(counts).filter(([, count]) => count > 0)
    expect(seen.map(([name]) => name).sort()).toEqual(['invitation', 'kept_answer', 'membership', 'person', 'session'])
    // A company that nobody was invited for: nothing at all.
    const none = await rowsFor(
      newId(),
      tables.map(({ name }) => name),
    )
    expect(Object.values(none).every((count) => count === 0)).toBe(true)
  })
})

async function rowsFor(tenantId: string, tables: string[]): Promise<Record<string, number>> {
  const client = await leadline.db.pool.connect()
  try {
    const person = { kind: 'person', id: 'p', name: 'P', operatorId: 868, channelId: null } as const
    const scope = {
      ...person,
      customerTenantId: tenantId,
      permissions: new Set<never>(),
      requestId: 'r',
      sourceIp: null,
    }
    await client.query(beginStatement(scope))
    const counts: Record<string, number> = {}
    for (const table of tables) {
      await client.query('savepoint one')
      try {
        counts[table] = (await client.query(`select count(*)::int as n from "${table}"`)).rows[0].n
      } catch (error) {
        // Not even the right to read it.
        if ((error as { code?: string }).code !== '42501') throw error
        counts[table] = 0
        await client.query('rollback to one')
      }
    }
    return counts
  } finally {
    await client.query('rollback')
    client.release()
  }
}

describe('the channel tier', () => {
  test('sees the leads, the export and the journal of its channel only', async () => {
    const leads = (await riverside.get('/api/v4/leads')).body
    expect(leads.data.map((one: Json) => one.channel?.id)).toEqual([907])
    expect((await riverside.get('/api/v2/oc/lead')).body).toHaveLength(1)
    expect((await riverside.get('/api/v4/leads.csv')).text.trimEnd().split('\r\n')).toHaveLength(2)
    expect(told(await riverside.get(`/api/v4/leads/${lead.id}`))).toEqual([404, 'not-found'])
    const journal = (await riverside.get('/api/v4/journal?pageSize=1000')).body.data
    expect(journal.length).toBeGreaterThan(0)
    // Of its leads it also reads what happened before they were its own.
    const own = new Set(leads.data.map((one: Json) => one.id))
    expect(journal.filter((entry: Json) => entry.channelId !== 907 && !own.has(entry.object.id))).toEqual([])
  })

  test('has no business with jobs, connections, users or the installation', async () => {
    for (const path of ['/api/v4/jobs', '/api/v4/connections', '/api/v4/users', '/api/v4/sync-findings']) {
      expect((await riverside.get(path)).status, path).toBe(403)
    }
    expect(told(await riverside.get('/api/v4/operators'))).toEqual([403, 'platform-only'])
    expect(told(await riverside.get('/api/v4/installation/journal'))).toEqual([403, 'platform-only'])
  })
})

test('the search by text still walks its index: nothing restricts the owner of its function', async () => {
  const { rows } = await leadline.db.asOwner.query(
    `select polname from pg_policy where polrelid in ('lead_search'::regclass, 'lead_search_recent'::regclass, 'lead_reference'::regclass) and not polpermissive`,
  )
  expect(rows).toEqual([])
})
