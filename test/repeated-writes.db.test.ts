import { randomUUID } from 'node:crypto'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTransactJointly } from '../server/platform/db/transaction.ts'
import { createWriteGuard } from '../server/platform/http/index.ts'
import { createWebServer } from '../server/web-role.ts'
import { type Client, eventually, type Json, type Reply } from './harness/client.ts'
import { type Leadline, startLeadline } from './harness/leadline.ts'
import { runNow, SYNC_ADDRESSES } from './harness/runs.ts'

// Idempotency-Key and If-Match, over HTTP. Source: issue 5, 5 and Figures.

let leadline: Leadline
let northwind: Client
let fabrikam: Client

beforeAll(async () => {
  leadline = await startLeadline({ leads: 60 })
  ;[northwind, fabrikam] = (await Promise.all(['northwind-api', 'fabrikam-api'].map((id) => leadline.as(id)))) as [
    Client,
    Client,
  ]
  await eventually(
    () => northwind.get('/health/ready'),
    (reply) => reply.status === 200,
  )
  // Addresses that come later would change what leads are told by.
  await runNow(northwind, SYNC_ADDRESSES)
})
afterAll(() => leadline?.close())

type Extra = { client?: Client; headers?: Record<string, string>; method?: string }
const change = (
  path: string,
  body: unknown,
  key: string | null,
  { client = northwind, headers = {}, method = 'POST' }: Extra = {},
) =>
  client.get(path, {
    method,
    headers: { ...headers, ...(key && { 'idempotency-key': key }) },
    ...(body !== undefined && { body }),
  })
const newClient = (name: string) => ({ name, permissions: ['leads.read'] })
const clientsNamed = async (name: string) =>
  (await leadline.db.asOwner.query('select client_id from api_client where name = $1', [name])).rowCount
const problem = ({ status, body }: Reply) => [status, body?.code]

describe('an Idempotency-Key', () => {
  test('makes 200 calls at once have one effect and one answer', async () => {
    const [key, name] = [randomUUID(), `Once ${randomUUID()}`]
    const replies = await Promise.all(
      Array.from({ length: 200 }, () => change('/api/v4/clients', newClient(name), key)),
    )
    expect(await clientsNamed(name)).toBe(1)
    // The secret is shown once, to whoever asked with this key, and is the same in each answer.
    expect(new Set(replies.map((reply) => `${reply.status} ${reply.body.clientSecret}`)).size).toBe(1)
    expect(replies[0]?.status).toBe(201)
    expect(replies.filter((reply) => reply.headers.get('idempotency-replayed') === 'true')).toHaveLength(199)
    const { rows } = await leadline.db.asOwner.query(`select count(*)::int from journal_entry where object_name = $1`, [
      name,
    ])
    expect(rows).toEqual([{ count: 1 }])
  })

  test('is one for several instances too', async () => {
    const [key, name] = [randomUUID(), `Two instances ${randomUUID()}`]
    // A guard of its own: it knows nothing of what the other one is at.
    const { transact, database, sealer } = leadline.context
    const guard = createWriteGuard({ transact, transactJointly: createTransactJointly(database.pool), sealer })
    const other = createWebServer({ ...leadline.context, guard, metrics: new Registry() })
    const url = await other.listen({ host: '127.0.0.1', port: 0 })
    const there = (body: unknown) =>
      fetch(`${url}/api/v4/clients`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${northwind.token}`,
          'content-type': 'application/json',
          'idempotency-key': key,
        },
        body: JSON.stringify(body),
      }).then((response) => response.status)
    const statuses = await Promise.all(
      Array.from({ length: 40 }, async (_, n) =>
        n % 2 ? there(newClient(name)) : (await change('/api/v4/clients', newClient(name), key)).status,
      ),
    )
    await other.close()
    expect(new Set(statuses)).toEqual(new Set([201]))
    expect(await clientsNamed(name)).toBe(1)
  })

  test('used for another request is refused, and nothing is done', async () => {
    const [key, name] = [randomUUID(), `Reused ${randomUUID()}`]
    expect((await change('/api/v4/clients', newClient(name), key)).status).toBe(201)
    const other = await change('/api/v4/clients', newClient(`${name} 2`), key)
    expect(problem(other)).toEqual([422, 'idempotency-key-reused'])
    expect(await clientsNamed(`${name} 2`)).toBe(0)
  })

  test('belongs to who sent it', async () => {
    const [key, name] = [randomUUID(), `Both ${randomUUID()}`]
    const one = await change('/api/v4/clients', newClient(name), key)
    const two = await change('/api/v4/clients', newClient(name), key, { client: fabrikam })
    expect([one.status, two.status]).toEqual([201, 201])
    expect(one.body.clientId).not.toBe(two.body.clientId)
  })

  test('repeats a refusal too; a new key asks anew', async () => {
    const key = randomUUID()
    const [lead] = (await northwind.get('/api/v4/leads?status=Active&pageSize=1')).body.data
    const path = `/api/v4/leads/${lead.id}/archive`
    expect(problem(await change(path, undefined, key))).toEqual([409, 'lead-not-removed'])
    await leadline.db.asOwner.query(`update lead set status = 'Removed' where lead_id = $1`, [lead.id])
    expect(problem(await change(path, undefined, key))).toEqual([409, 'lead-not-removed'])
    const other = randomUUID()
    expect((await change(path, undefined, other)).status).toBe(204)
    const again = await change(path, undefined, other)
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([204, 'true'])
  })

  test('that was refused is not good for another request', async () => {
    const { data } = (await northwind.get('/api/v4/leads?status=Active&licensed=false&pageSize=2')).body
    const [removed, active] = data as [Json, Json]
    await leadline.db.asOwner.query(`update lead set status = 'Removed' where lead_id = $1`, [removed.id])
    await leadline.db.asOwner.query(
      `update lead set body = replace(body, '"status":"Active"', '"status":"Removed"') where lead_id = $1`,
      [removed.id],
    )
    const move = (lead: Json, key: string) =>
      change(`/api/v4/leads/${lead.id}/channel`, { channelId: 907 }, key, { method: 'PUT' })
    const key = randomUUID()
    expect(problem(await move(removed, key))).toEqual([409, 'lead-not-active'])
    expect(problem(await move(removed, key))).toEqual([409, 'lead-not-active'])
    expect(problem(await move(active, key))).toEqual([422, 'idempotency-key-reused'])
    expect((await northwind.get(`/api/v4/leads/${active.id}`)).body.channel).toBeNull()
    // The same of what calls outside.
    const outside = (tenantId: string, other: string) =>
      change('/api/v4/leads', { tenantId, companyName: 'Refused' }, other)
    const other = randomUUID()
    expect(problem(await outside(active.tenantId, other))).toEqual([409, 'lead-exists'])
    expect(problem(await outside(active.tenantId, other))).toEqual([409, 'lead-exists'])
    expect(problem(await outside(randomUUID(), other))).toEqual([422, 'idempotency-key-reused'])
    // Who may not do it today may tomorrow.
    const [barred, name] = [randomUUID(), `Barred ${randomUUID()}`]
    const reader = await change('/api/v4/clients', newClient(name), null)
    const as = await leadline.as(reader.body.clientId, reader.body.clientSecret)
    expect((await change('/api/v4/clients', newClient('Never'), barred, { client: as })).status).toBe(403)
    const { rowCount } = await leadline.db.asOwner.query(
      'select from kept_answer where answer is null and busy_until > now()',
    )
    expect(rowCount).toBe(0)
  })

  test('keeps its answer sealed: no secret stands in the database', async () => {
    const name = `Sealed ${randomUUID()}`
    const { body } = await change('/api/v4/clients', newClient(name), randomUUID())
    const { rows } = await leadline.db.asOwner.query('select key_hash, answer from kept_answer')
    expect(rows.length).toBeGreaterThan(0)
    expect(JSON.stringify(rows)).not.toContain(body.clientSecret)
    expect(JSON.stringify(rows)).not.toContain(body.clientId)
  })

  test('is forgotten after 24 hours', async () => {
    const [key, name] = [randomUUID(), `Forgotten ${randomUUID()}`]
    await change('/api/v4/clients', newClient(name), key)
    await leadline.db.asOwner.query(`update kept_answer set expires_at = now() - interval '1 second'`)
    expect((await change('/api/v4/clients', newClient(name), key)).headers.get('idempotency-replayed')).toBeNull()
    expect(await clientsNamed(name)).toBe(2)
  })

  test('that cannot be one is refused: 400', async () => {
    for (const key of [' ', 'with blank', 'x'.repeat(256)]) {
      const reply = await change('/api/v4/clients', newClient('Never'), key)
      expect([reply.status, reply.body.errors?.[0].pointer]).toEqual([400, '/headers/Idempotency-Key'])
    }
    expect(await clientsNamed('Never')).toBe(0)
  })

  test('works for what calls outside between its transactions', async () => {
    const key = randomUUID()
    const first = await change('/api/v4/connections/868/test', undefined, key)
    const again = await change('/api/v4/connections/868/test', undefined, key)
    expect([again.status, again.body, again.headers.get('idempotency-replayed')]).toEqual([
      first.status,
      first.body,
      'true',
    ])
  })

  test('and its effect are stored together or not at all', async () => {
    const [key, name] = [randomUUID(), `Crash ${randomUUID()}`]
    // Whatever ends the transaction after the effect ends the answer with it, and the other way round.
    await leadline.db.asOwner.query(`
      create function fail_once() returns trigger language plpgsql as $$
      begin raise exception 'cut off' using errcode = '57P01'; end $$;
      create trigger fail_once before update on kept_answer for each row execute function fail_once()`)
    const cut = await change('/api/v4/clients', newClient(name), key)
    expect(cut.status).toBe(503)
    expect(await clientsNamed(name)).toBe(0)
    await leadline.db.asOwner.query('drop trigger fail_once on kept_answer; drop function fail_once()')
    expect((await change('/api/v4/clients', newClient(name), key)).status).toBe(201)
    expect(await clientsNamed(name)).toBe(1)
  })
})

describe('If-Match', () => {
  const made = async () =>
    (await change('/api/v4/clients', newClient(`Matched ${randomUUID()}`), null)).body.clientId as string
  const rename = (path: string, name: string, tag: string, key: string | null = null) =>
    change(path, { name }, key, { method: 'PATCH', headers: { 'if-match': tag } })

  test('lets one of two who have read the same state change it, and tells the other the tag of what is there now', async () => {
    const path = `/api/v4/clients/${await made()}`
    const tag = (await northwind.get(path)).headers.get('etag') ?? ''
    expect(tag).toMatch(/^W\/".+"$/)
    expect((await rename(path, 'First', tag)).status).toBe(200)
    const late = await rename(path, 'Second', tag)
    expect(problem(late)).toEqual([412, 'changed-meanwhile'])
    const now = await northwind.get(path)
    expect(now.body.name).toBe('First')
    expect(late.body.detail).toContain(now.headers.get('etag'))
    expect((await northwind.get(path, { headers: { 'if-none-match': now.headers.get('etag') ?? '' } })).status).toBe(
      304,
    )
  })

  test('holds when many change at once: one wins', async () => {
    const path = `/api/v4/clients/${await made()}`
    const tag = (await northwind.get(path)).headers.get('etag') ?? ''
    const replies = await Promise.all(
      Array.from({ length: 12 }, (_, n) => rename(path, `Name ${n}`, tag, n % 2 ? randomUUID() : null)),
    )
    const statuses = replies.map((reply) => reply.status).sort()
    expect(statuses).toEqual([200, ...Array(11).fill(412)])
    const won = replies.find((reply) => reply.status === 200) as Reply
    expect((await northwind.get(path)).body.name).toBe(won.body.name)
  })

  test('guards what is done to a resource below it, too', async () => {
    const [lead] = (await northwind.get('/api/v4/leads?archived=include&status=Removed&pageSize=1')).body.data as Json[]
    const path = `/api/v4/leads/${lead.id}`
    const stale = await change(`${path}/unarchive`, undefined, null, { headers: { 'if-match': 'W/"other"' } })
    expect(problem(stale)).toEqual([412, 'changed-meanwhile'])
    const tag = (await northwind.get(path)).headers.get('etag') ?? ''
    expect((await change(`${path}/unarchive`, undefined, null, { headers: { 'if-match': tag } })).status).toBe(204)
  })

  test('is refused where nothing has a tag, and answers 404 for what is not there', async () => {
    const reply = await change('/api/v4/clients', newClient('Nobody'), null, { headers: { 'if-match': '*' } })
    expect([reply.status, reply.body.errors[0].pointer]).toEqual([400, '/headers/If-Match'])
    expect((await rename('/api/v4/clients/no-such-client', 'x', '*')).status).toBe(404)
  })
})
