import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, eventually, type Json } from '../../../test/harness/client.ts'
import { fairLimit } from '../../../test/harness/fair-limit.ts'
import { type Leadline, startLeadline } from '../../../test/harness/leadline.ts'

// What the desk does with many leads at once beyond archiving: comments, relationships, moves that are taken back, files.

const LEADS = Number(process.env.LEADLINE_TEST_BULK_LEADS ?? 300)
let leadline: Leadline
let northwind: Client
let active: string[]

beforeAll(async () => {
  leadline = await startLeadline({ leads: LEADS })
  northwind = await leadline.as('northwind-api')
  await eventually(
    () => northwind.get('/health/ready'),
    (reply) => reply.status === 200,
  )
  const { data } = (await northwind.get('/api/v4/leads?status=Active&channelId=0&pageSize=1000')).body
  active = data.map((lead: Json) => lead.id)
  expect(active.length).toBeGreaterThan(20)
})
afterAll(() => leadline?.close())

const bulk = (body: object) => northwind.send('POST', '/api/v4/leads/bulk', body)
const ended = (id: string) =>
  eventually(
    async () => (await northwind.get(`/api/v4/tasks/${id}`)).body,
    (task) => ['succeeded', 'partial', 'failed', 'cancelled'].includes(task.state),
    60,
  )
const done = async (body: object) => ended((await bulk(body)).body.id)
const leadOf = async (id: string) => (await northwind.get(`/api/v4/leads/${id}`)).body
const itemsOf = async (id: string): Promise<Json[]> => (await northwind.get(`/api/v4/tasks/${id}/items`)).body.data
const journalOf = async (id: string, action: string): Promise<Json[]> =>
  (await northwind.get(`/api/v4/journal?requestId=${id}&action=${action}&pageSize=500`)).body.data

describe('a comment to many', () => {
  test('is written to each, in the name of whoever asked, and once', async () => {
    const ids = active.slice(0, 5)
    const task = await done({
      action: 'comment',
      comment: ' Fair in May\r\n<b>Hall 4</b> ',
      leadIds: [...ids, randomUUID()],
    })
    expect(task).toMatchObject({ kind: 'leads.comment', state: 'partial', items: { succeeded: 5, failed: 1 } })
    for (const id of ids) {
      const comments = (await northwind.get(`/api/v4/leads/${id}/comments`)).body.data
      expect(comments).toMatchObject([{ text: 'Fair in May\n<b>Hall 4</b>', isOwn: true }])
    }
    expect(await journalOf(task.id, 'lead.commented')).toHaveLength(5)
    expect(task.actions.undo.allowed).toBe(false)
  })

  test('needs its text, and what belongs to other actions is refused', async () => {
    const missing = await bulk({ action: 'comment', leadIds: [active[0]] })
    expect([missing.status, missing.body.errors[0].pointer]).toEqual([400, '/body/comment'])
    const foreign = await bulk({ action: 'archive', comment: 'x', leadIds: [active[0]] })
    expect([foreign.status, foreign.body.errors[0].pointer]).toEqual([400, '/body/comment'])
    const silent = await bulk({
      action: 'set-relationship',
      relationship: { status: 'ConsentDeclined' },
      leadIds: active,
    })
    expect([silent.status, silent.body.errors[0].pointer]).toEqual([400, '/body/relationship/comment'])
  })
})

describe('a relationship with many', () => {
  test('is told to Microsoft for each; a conflict is a result of its own', async () => {
    const ids = active.slice(5, 9)
    await leadline.outside.control('PATCH', `/consents/${ids[0]}`, { relationshipStatus: 'AgreementSigned' })
    const relationship = { status: 'CustomerContacted', comment: 'Fair' }
    const task = await done({ action: 'set-relationship', relationship, leadIds: ids })
    expect(task).toMatchObject({ kind: 'leads.relationship', state: 'partial', items: { succeeded: 3, failed: 1 } })
    expect((await itemsOf(task.id)).filter(({ state }) => state === 'failed')).toMatchObject([
      { objectId: ids[0], code: 'relationship-changed', message: expect.stringContaining('AgreementSigned') },
    ])
    for (const id of ids.slice(1)) expect((await leadOf(id)).relationship).toMatchObject(relationship)
    expect(await journalOf(task.id, 'lead.relationship-changed')).toHaveLength(3)
    // Asked again, it is written over.
    await northwind.send('POST', `/api/v4/tasks/${task.id}/retry`)
    expect(await ended(task.id)).toMatchObject({ state: 'succeeded', items: { succeeded: 4 } })
    expect((await leadOf(ids[0] as string)).relationship).toMatchObject(relationship)
  })
})

describe('a move that is done', () => {
  test('is taken back as far as the leads are as it left them', async () => {
    const ids = active.slice(10, 14)
    const [own, moved] = ids as [string, string]
    const task = await done({ action: 'assign-channel', channelId: 907, leadIds: ids })
    expect(task).toMatchObject({ state: 'succeeded', actions: { undo: { allowed: true } } })
    await northwind.send('DELETE', `/api/v4/leads/${moved}/channel`)
    const asked = await northwind.send('POST', `/api/v4/tasks/${task.id}/undo`)
    expect([asked.status, asked.body.undone]).toEqual([202, 'asked'])
    const undone = await ended(task.id)
    expect(undone).toMatchObject({ state: 'cancelled', undone: 'asked', error: null, steps: [{ state: 'undone' }] })
    expect((await leadOf(own)).channel).toBeNull()
    const items = await itemsOf(task.id)
    expect(items.map((item) => item.undone)).toEqual(ids.map((id) => id !== moved))
    expect(items.find((item) => item.objectId === moved)).toMatchObject({ code: 'not-undone' })
    const again = await northwind.send('POST', `/api/v4/tasks/${task.id}/undo`)
    expect([again.status, again.body.code]).toEqual([409, 'task-state'])
  })

  test('is not taken back once all of it has been changed', async () => {
    const [id] = active.slice(20, 21)
    const task = await done({ action: 'assign-channel', channelId: 907, leadIds: [id] })
    await northwind.send('DELETE', `/api/v4/leads/${id}/channel`)
    const { actions } = (await northwind.get(`/api/v4/tasks/${task.id}`)).body
    expect(actions.undo).toEqual({ allowed: false, reason: 'All that it did has been changed since.' })
    expect((await northwind.send('POST', `/api/v4/tasks/${task.id}/undo`)).status).toBe(409)
  })
})

describe('a choice by filter', () => {
  test('leaves out what is excepted, in tasks and files', async () => {
    const filter = { status: 'Active', channelId: 0 }
    const { total } = (await northwind.get('/api/v4/leads?status=Active&channelId=0')).body
    const exceptLeadIds = active.slice(0, 3)
    const wrong = await bulk({ action: 'comment', comment: 'x', filter, exceptLeadIds, expectedCount: total })
    expect([wrong.status, wrong.body.code]).toEqual([409, 'selection-changed'])
    const file = await northwind.send('POST', '/api/v4/leads/export', { filter, exceptLeadIds })
    expect(file.headers.get('x-total-count')).toBe(String(total - 3))
    const lines = file.text.trimEnd().split('\r\n')
    expect([lines.length, lines.some((line) => line.includes(active[0] as string))]).toEqual([total - 2, false])
    const named = await northwind.send('POST', '/api/v4/leads/export', { leadIds: [...exceptLeadIds, randomUUID()] })
    expect(named.headers.get('x-total-count')).toBe('3')
  })

  test('is moved quickly, and taken back whole', { timeout: 120_000 }, async () => {
    const filter = { status: 'Active', channelId: 0 }
    const { total } = (await northwind.get('/api/v4/leads?status=Active&channelId=0')).body
    const task = await done({ action: 'assign-channel', channelId: 907, filter, expectedCount: total })
    expect(task).toMatchObject({ state: 'succeeded', items: { succeeded: total } })
    process.stdout.write(`${total} leads given to a channel in ${task.durationSeconds} s\n`)
    expect(task.durationSeconds).toBeLessThan(fairLimit(Math.max(5, total / 1_000)))
    await northwind.send('POST', `/api/v4/tasks/${task.id}/undo`)
    await ended(task.id)
    expect((await northwind.get('/api/v4/leads?status=Active&channelId=0')).body.total).toBe(total)
  })
})

describe('a pair of leads', () => {
  test('moves as one when the whole tenant is meant', async () => {
    const tenantId = randomUUID()
    const direct = (await northwind.send('POST', '/api/v2/oc/lead', { tenantId, companyName: 'Twice Here' })).body
    const consent = { operator: 'northwind', company: 'Twice Here', tenantId, countries: ['DE'] }
    await leadline.outside.control('POST', '/consents', consent)
    await northwind.send('POST', '/api/v4/jobs/peering.sync-leads-job/runs')
    await eventually(
      async () => (await northwind.get(`/api/v4/leads?tenantId=${tenantId}`)).body.data,
      (leads: Json[]) => leads.length === 2,
      40,
    )
    const path = `/api/v4/leads/${direct.id}/channel`
    const channels = async () =>
      (await northwind.get(`/api/v4/leads?tenantId=${tenantId}`)).body.data.map(
        (lead: Json) => lead.channel?.id ?? null,
      )
    await northwind.send('PUT', path, { channelId: 907, wholeTenant: true })
    expect(await channels()).toEqual([907, 907])
    await northwind.send('DELETE', `${path}?wholeTenant=true`)
    expect(await channels()).toEqual([null, null])
    await northwind.send('PUT', path, { channelId: 907 })
    expect((await channels()).sort()).toEqual([907, null])
  })
})

describe('a company name in use', () => {
  const names = (companyNameInUse: string) =>
    northwind.send('PATCH', '/api/v4/operators/868/settings', { companyNameInUse })
  const make = (acceptNameInUse: boolean) =>
    northwind.send('POST', '/api/v4/leads', { tenantId: randomUUID(), companyName: 'Same Name', acceptNameInUse })

  test('is passed or not, as the operator has decided', async () => {
    expect((await make(false)).status).toBe(201)
    expect((await make(false)).body.code).toBe('company-name-in-use')
    const refusing = await names('refuse')
    expect([refusing.status, refusing.body]).toEqual([200, { companyNameInUse: 'refuse' }])
    const refused = await make(true)
    expect([refused.status, refused.body.code]).toEqual([409, 'company-name-refused'])
    const documented = await northwind.send('POST', '/api/v2/oc/lead', {
      tenantId: randomUUID(),
      companyName: 'Same name',
    })
    expect([documented.status, Object.keys(documented.body.errors)]).toEqual([400, ['CompanyName']])
    await names('warn')
    expect((await make(true)).status).toBe(201)
    const entries = (await northwind.get('/api/v4/journal?action=operator.settings-changed')).body.data
    expect(entries.map((entry: Json) => entry.after)).toEqual([
      { companyNameInUse: 'warn' },
      { companyNameInUse: 'refuse' },
    ])
    expect((await northwind.get('/api/v4/operators/869/settings')).status).toBe(404)
  })
})

// The last one: it makes every lead one that Microsoft calls Removed.
test('archiving all that match is quick', { timeout: 120_000 }, async () => {
  // The scope first, as every writer does.
  await leadline.db.asOwner.query(`
    do $$ begin
      perform from lead_scope where operator_id = 868 and channel_id = 0 for update;
      update lead set status = 'Removed' where operator_id = 868;
      update lead_scope set version = version + 1 where operator_id = 868;
    end $$`)
  const task = await done({ action: 'archive', filter: {} })
  expect(task).toMatchObject({ state: 'succeeded', items: { failed: 0 } })
  process.stdout.write(`${task.items.succeeded} leads archived in ${task.durationSeconds} s\n`)
  expect(task.durationSeconds).toBeLessThan(fairLimit(Math.max(5, task.items.total / 1_000)))
})
