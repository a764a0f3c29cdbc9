import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, eventually, type Json } from '../../../test/harness/client.ts'
import { type Leadline, startLeadline } from '../../../test/harness/leadline.ts'

let leadline: Leadline
let northwind: Client
let fabrikam: Client
let riverside: Client
let removed: string[]
let active: string[]

beforeAll(async () => {
  leadline = await startLeadline({ leads: 400 })
  ;[northwind, fabrikam, riverside] = (await Promise.all(
    ['northwind-api', 'fabrikam-api', 'riverside-api'].map((id) => leadline.as(id)),
  )) as [Client, Client, Client]
  await eventually(
    () => northwind.get('/health/ready'),
    (reply) => reply.status === 200,
  )
  const leads = (await northwind.get('/api/v2/oc/lead?PageSize=20000')).body
  const of = (status: string) => leads.filter((lead: Json) => lead.status === status).map((lead: Json) => lead.id)
  ;[removed, active] = [of('Removed'), of('Active')]
  expect(removed.length).toBeGreaterThan(2)
})
afterAll(() => leadline?.close())

const bulk = (client: Client, body: object) => client.send('POST', '/api/v4/leads/bulk', body)
const ended = (client: Client, id: string) =>
  eventually(
    async () => (await client.get(`/api/v4/tasks/${id}`)).body,
    (task) => ['succeeded', 'partial', 'failed', 'cancelled'].includes(task.state),
  )
/** Without addresses, which come when they come. */
const documented = async () =>
  (await northwind.get('/api/v2/oc/lead?PageSize=20000')).body.map((lead: Json) => ({ ...lead, civicAddresses: null }))
const listed = async (query: string) => (await northwind.get(`/api/v4/leads?pageSize=1000&${query}`)).body

describe('archiving many leads', () => {
  test('does what can be done, tells of each lead why not, and changes nothing of the documented list', async () => {
    const before = await documented()
    const chosen = [...removed.slice(0, 2), active[0] as string, '0190a000-0000-7000-8000-000000000000']
    const reply = await bulk(northwind, { action: 'archive', leadIds: chosen })
    expect([reply.status, reply.headers.get('location')]).toEqual([202, `/api/v4/tasks/${reply.body.id}`])
    expect(reply.headers.get('retry-after')).toBe('1')
    const task = await ended(northwind, reply.body.id)
    expect(task).toMatchObject({
      state: 'partial',
      kind: 'leads.archive',
      title: 'Archive 4 leads',
      requestedBy: { kind: 'client', id: 'northwind-api' },
      items: { total: 4, succeeded: 2, failed: 2, pending: 0 },
      progress: { done: 4, total: 4, unit: 'leads' },
      actions: { cancel: { allowed: false }, retry: { allowed: true } },
      steps: [{ name: 'archive', state: 'succeeded', attempts: 1 }],
    })
    const items = (await northwind.get(`/api/v4/tasks/${task.id}/items?state=failed`)).body.data
    expect(items.map(({ objectId, code }: Json) => [objectId, code])).toEqual([
      [chosen[2], 'lead-not-removed'],
      [chosen[3], 'not-found'],
    ])
    const csv = await northwind.get(`/api/v4/tasks/${task.id}/results.csv`)
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(csv.text.trimEnd().split('\r\n')).toHaveLength(5)

    expect((await listed('archived=only')).data.map((lead: Json) => lead.id).sort()).toEqual(chosen.slice(0, 2).sort())
    const shown = await listed('')
    expect([shown.total, shown.data.length]).toEqual([before.length - 2, before.length - 2])
    expect((await listed('archived=include')).total).toBe(before.length)
    expect(await documented()).toEqual(before)

    const journal = await northwind.get(`/api/v4/journal?requestId=${task.id}`)
    expect(journal.body.data.map((entry: Json) => [entry.action, entry.actor.id])).toEqual([
      ['lead.archived', 'northwind-api'],
      ['lead.archived', 'northwind-api'],
    ])
  })

  test('by filter takes all that match, if they are as many as the caller saw', async () => {
    const wrong = await bulk(northwind, { action: 'archive', filter: { status: 'Removed' }, expectedCount: 1 })
    expect([wrong.status, wrong.body.code]).toEqual([409, 'selection-changed'])
    const { total } = await listed('status=Removed')
    const reply = await bulk(northwind, { action: 'archive', filter: { status: 'Removed' }, expectedCount: total })
    expect(await ended(northwind, reply.body.id)).toMatchObject({ state: 'succeeded', items: { succeeded: total } })
    expect((await listed('status=Removed')).total).toBe(0)
    const back = await bulk(northwind, { action: 'unarchive', filter: { archived: 'only' } })
    expect(await ended(northwind, back.body.id)).toMatchObject({ items: { succeeded: removed.length } })
    expect((await listed('status=Removed')).total).toBe(removed.length)
    const none = await bulk(northwind, { action: 'unarchive', filter: { archived: 'only' } })
    expect([none.status, none.body.code]).toEqual([422, 'no-leads-chosen'])
  })

  test('is refused with the place in the body that is wrong', async () => {
    const both = await bulk(northwind, { action: 'archive', leadIds: [active[0]], filter: {} })
    expect([both.status, both.body.errors[0].pointer]).toEqual([400, '/body'])
    const malformed = await bulk(northwind, { action: 'archive', filter: { tenantId: 'not-a-guid' } })
    expect([malformed.status, malformed.body.errors[0].pointer]).toEqual([400, '/body/filter/tenantId'])
  })

  test('one by one answers 204, and 409 for a lead that is not removed', async () => {
    const path = `/api/v4/leads/${removed[0]}`
    expect((await northwind.send('POST', `${path}/archive`)).status).toBe(204)
    expect((await northwind.send('POST', `${path}/archive`)).status).toBe(204)
    expect((await northwind.get(path)).body.archivedAt).toMatch(/Z$/)
    expect((await northwind.send('POST', `${path}/unarchive`)).status).toBe(204)
    expect((await northwind.get(path)).body.archivedAt).toBeNull()
    const refused = await northwind.send('POST', `/api/v4/leads/${active[0]}/archive`)
    expect([refused.status, refused.body.code]).toEqual([409, 'lead-not-removed'])
  })
})

describe('a task', () => {
  test('is shown in the documented form, with both prefixes, real times and where to look', async () => {
    const { body } = await bulk(northwind, { action: 'archive', leadIds: [removed[0]] })
    await ended(northwind, body.id)
    for (const prefix of ['', '/tenantui']) {
      const reply = await northwind.get(`${prefix}/api/v2/task/${body.id}`)
      expect(reply.body).toMatchObject({
        id: body.id,
        status: 'CompletedSuccess',
        details: ['Archive 1 lead'],
        executionMessages: [],
        outputData: {},
        createTime: body.createdAt,
        completeTime: expect.stringMatching(/Z$/),
        cancellationRequested: false,
        progress: { done: 1, total: 1, percent: 100 },
      })
      expect(reply.headers.get('location')).toBe(`/api/v4/tasks/${body.id}`)
      expect(reply.headers.get('retry-after')).toBeNull()
    }
    const about = await northwind.get(`/api/v4/tasks?objectType=lead&objectId=${removed[0]}`)
    expect(about.body.data.map((task: Json) => task.id)).toContain(body.id)
  })

  test('is seen by who is in its scope, and may be cancelled and retried by who may start it', async () => {
    const { body } = await bulk(northwind, { action: 'archive', leadIds: [active[0]] })
    await ended(northwind, body.id)
    for (const client of [fabrikam, riverside]) {
      for (const path of [`/api/v2/task/${body.id}`, `/api/v4/tasks/${body.id}`, `/api/v4/tasks/${body.id}/items`]) {
        expect((await client.get(path)).status).toBe(404)
      }
      expect((await client.send('POST', `/api/v4/tasks/${body.id}/retry`)).status).toBe(404)
      expect((await client.get('/api/v4/tasks')).body.data.map((task: Json) => task.id)).not.toContain(body.id)
    }
    const made = await northwind.send('POST', '/api/v4/clients', {
      name: 'Reader',
      permissions: ['tasks.read', 'leads.read'],
    })
    const reader = await leadline.as(made.body.clientId, made.body.clientSecret)
    expect((await reader.get(`/api/v4/tasks/${body.id}`)).status).toBe(200)
    const refused = await reader.send('POST', `/api/v4/tasks/${body.id}/retry`)
    expect([refused.status, refused.body.code]).toEqual([403, 'permission-missing'])
    const blind = await northwind.send('POST', '/api/v4/clients', { name: 'Blind', permissions: ['tasks.read'] })
    const other = await leadline.as(blind.body.clientId, blind.body.clientSecret)
    expect((await other.get(`/api/v4/tasks/${body.id}`)).status).toBe(404)
    const retried = await northwind.send('POST', `/api/v4/tasks/${body.id}/retry`)
    expect([retried.status, retried.body.state]).toEqual([202, 'queued'])
    expect(await ended(northwind, body.id)).toMatchObject({ state: 'failed', error: { code: 'items-failed' } })
  })

  test('of a channel touches only what is the channel’s', async () => {
    const own = (await riverside.get('/api/v2/oc/lead?PageSize=100')).body.map((lead: Json) => lead.id)
    const reply = await bulk(riverside, { action: 'archive', leadIds: [own[0], removed[1]] })
    expect(reply.status).toBe(202)
    const task = await ended(riverside, reply.body.id)
    expect(task.channelId).toBe(907)
    const items = (await riverside.get(`/api/v4/tasks/${task.id}/items`)).body.data
    expect(items.map((item: Json) => [item.objectId, item.code])).toEqual([
      [own[0], 'lead-not-removed'],
      [removed[1], 'not-found'],
    ])
    // The operator sees what its channel does.
    expect((await northwind.get(`/api/v4/tasks/${task.id}`)).status).toBe(200)
  })
})
