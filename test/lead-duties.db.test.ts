import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jobPrincipal, type OperatorPrincipal } from '../server/kernel/principal.ts'
import { leadIntake, WATCH_DUTIES_JOB } from '../server/modules/leads/index.ts'
import { type Client, eventually, type Json } from './harness/client.ts'
import { type Leadline, startLeadline } from './harness/leadline.ts'
import { runNow } from './harness/runs.ts'

// Who sees to a lead until when, and rules that give new leads away: over the API, with the real syncs.

let leadline: Leadline
let northwind: Client
let riverside: Client
let staff: Json[]
let free: string[]

beforeAll(async () => {
  leadline = await startLeadline({ leads: 40 })
  northwind = await leadline.as('northwind-api')
  riverside = await leadline.as('riverside-api')
  await eventually(
    () => northwind.get('/health/ready'),
    (reply) => reply.status === 200,
  )
  staff = (await northwind.get('/api/v4/lead-owners')).body.data
  const active = (await northwind.get('/api/v4/leads?status=Active&channelId=0&licensed=false&pageSize=100')).body.data
  free = active.map((lead: Json) => lead.id)
})
afterAll(() => leadline?.close())

const take = () => {
  const id = free.pop()
  if (!id) throw new Error('No lead is left for this test.')
  return id
}
const carriers = () => staff.filter(({ channel }) => channel === null)
const rita = () => staff.find(({ channel }) => channel?.id === 907)
const leadOf = async (id: string): Promise<Json> => (await northwind.get(`/api/v4/leads/${id}`)).body
const own = (id: string, ownerId: string | null) => northwind.send('PUT', `/api/v4/leads/${id}/owner`, { ownerId })
const journalOf = async (client: Client, id: string, action: string): Promise<Json[]> =>
  (await client.get(`/api/v4/journal?objectType=lead&objectId=${id}&action=${action}`)).body.data
const eventsOf = async (id: string, name: string): Promise<Json[]> => {
  const sql =
    'select channel_id as "channelId", payload from outbox_event where key = $1 and name = $2 order by position'
  return (await leadline.db.asOwner.query(sql, [`lead/${id}`, name])).rows
}
/** Its due date has passed, as if time had. */
const pass = (...ids: string[]) =>
  leadline.db.asOwner.query(`update lead_duty set due_at = now() - interval '1 minute' where lead_id = any($1)`, [ids])
const watch = () => runNow(northwind, WATCH_DUTIES_JOB)
const FAR = '2199-01-01T09:00:00.000Z'
const setDue = (id: string, dueAt: string | null = FAR) => northwind.send('PUT', `/api/v4/leads/${id}/due`, { dueAt })
const listed = async (query: string, client = northwind): Promise<string[]> =>
  (await client.get(`/api/v4/leads?pageSize=100&${query}`)).body.data.map((lead: Json) => lead.id)
/** A new consent, and the lead that the next sync has made of it. */
async function arrive(company: string, facts: object = {}): Promise<string> {
  const made = await leadline.outside.control('POST', '/consents', {
    ...{ operator: 'northwind', company, countries: ['DE'], holdNotActiveMs: 0 },
    ...facts,
  })
  return made.id
}
/** Syncs until the leads are there: one that ran already may have read past them. */
const sync = (...ids: string[]) =>
  eventually(
    async () => {
      await runNow(northwind)
      return Promise.all(ids.map(async (id) => (await northwind.get(`/api/v4/leads/${id}`)).status))
    },
    (statuses) => statuses.every((status) => status === 200),
    60,
  )
async function person(name: string, channelId: number | null = null): Promise<string> {
  const personId = randomUUID()
  const { asOwner } = leadline.db
  await asOwner.query('insert into person (person_id, email, name, created_at) values ($1, $2, $3, now())', [
    personId,
    `${personId}@northwind.example`,
    name,
  ])
  await asOwner.query(
    `insert into membership (membership_id, person_id, tier, level, operator_id, channel_id, created_at)
     values ($1, $2, $3, 'operator', 868, $4, now())`,
    [randomUUID(), personId, channelId === null ? 'operator' : 'channel', channelId],
  )
  return personId
}
const asPerson = (personId: string): OperatorPrincipal => ({
  ...{ kind: 'person', id: personId, name: 'Somebody', operatorId: 868, channelId: null },
  ...{ permissions: new Set(['leads.read', 'leads.write'] as const), requestId: randomUUID(), sourceIp: null },
})

describe('the owner of a lead', () => {
  test('is set, told and taken away; the same again is nothing', async () => {
    const id = take()
    const [dana, other] = carriers()
    const before = await northwind.get(`/api/v4/leads/${id}`)
    const set = await own(id, dana.personId)
    expect([set.status, set.body.owner]).toEqual([
      200,
      { personId: dana.personId, name: dana.name, since: expect.any(String) },
    ])
    expect(set.headers.get('etag')).not.toBe(before.headers.get('etag'))
    await own(id, dana.personId)
    await own(id, other.personId)
    expect((await own(id, null)).body.owner).toBeNull()
    const entries = await journalOf(northwind, id, 'lead.owner-changed')
    expect(entries.map((entry) => [entry.before.owner, entry.after.owner])).toEqual([
      [other.name, null],
      [dana.name, other.name],
      [null, dana.name],
    ])
    const events = await eventsOf(id, 'lead.owner-changed')
    expect(events.map(({ payload }) => [payload.formerOwnerId, payload.ownerId, payload.reason])).toEqual([
      [null, dana.personId, 'set'],
      [dana.personId, other.personId, 'set'],
      [other.personId, null, 'set'],
    ])
  })

  test('is found by, and counted', async () => {
    const [mine, nobodys] = [take(), take()]
    const me = await person('Me Myself')
    await leadline.context.leadOwners.setOwner(asPerson(me), mine, 'me', undefined)
    expect(await listed(`owner=${me}`)).toEqual([mine])
    expect(await listed('owner=me')).toEqual([])
    const none = await listed('owner=none')
    expect([none.includes(nobodys), none.includes(mine)]).toEqual([true, false])
    const { facets, total } = (await northwind.get('/api/v4/leads?facets=true&pageSize=1')).body
    const of = (value: string) => facets.owner.find((one: Json) => one.value === value)?.count
    expect(of(me)).toBe(1)
    expect(of('none')).toBe(
      total -
        facets.owner
          .filter((one: Json) => one.value.length === 36)
          .reduce((sum: number, one: Json) => sum + one.count, 0),
    )
    expect(
      (await northwind.get('/api/v4/lead-owners')).body.data.find((one: Json) => one.personId === me),
    ).toMatchObject({
      leads: 1,
      overdue: 0,
    })
    expect(await leadline.context.leadOwners.counts(asPerson(me))).toMatchObject({ mine: 1, mineOverdue: 0 })
    const file = await northwind.get(`/api/v4/leads.csv?owner=${me}`)
    expect(file.headers.get('x-total-count')).toBe('1')
    expect(
      file.text
        .trimEnd()
        .split('\r\n')
        .map((line: string) => line.split(',').slice(-2)),
    ).toEqual([
      ['"Owner"', '"Due"'],
      ['"Me Myself"', expect.stringMatching(/^"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)?"$/)],
    ])
  })

  test('is somebody who works on leads here and sees this one', async () => {
    const id = take()
    const refusedBy = async (ownerId: string) => {
      const { status, body } = await own(id, ownerId)
      return [status, body.code]
    }
    expect(await refusedBy(randomUUID())).toEqual([400, 'bad-request'])
    expect(await refusedBy('me')).toEqual([400, 'bad-request'])
    expect(await refusedBy(rita().personId)).toEqual([409, 'owner-out-of-reach'])
    const fabrikam = (await (await leadline.as('fabrikam-api')).get('/api/v4/lead-owners')).body.data
    expect(await refusedBy(fabrikam[0].personId)).toEqual([400, 'bad-request'])
    const late = await northwind.get(`/api/v4/leads/${id}/owner`, {
      ...{ method: 'PUT', body: { ownerId: null }, headers: { 'if-match': 'W/"lead.of.old"' } },
    })
    expect(late.status).toBe(412)
  })

  test('does not go to a channel whose leads he cannot see, and no channel learns of another’s people', async () => {
    const id = take()
    await northwind.send('PUT', `/api/v4/leads/${id}/channel`, { channelId: 907 })
    await own(id, rita().personId)
    expect((await riverside.get(`/api/v4/leads/${id}`)).body.owner.name).toBe(rita().name)
    const other = await northwind.send('POST', '/api/v4/channels', { name: `Lakeside ${randomUUID()}` })
    const moved = await northwind.send('PUT', `/api/v4/leads/${id}/channel`, { channelId: other.body.id })
    expect([moved.body.owner, moved.body.formerOwner]).toEqual([null, null])
    expect((await eventsOf(id, 'lead.owner-changed')).at(-1)).toMatchObject({
      channelId: 907,
      payload: { formerOwnerId: rita().personId, ownerId: null, reason: 'moved' },
    })
    expect(await journalOf(northwind, id, 'lead.channel-owner-lost')).toHaveLength(1)
    const client = await northwind.send('POST', '/api/v4/clients', {
      ...{ name: 'Lakeside API', permissions: ['leads.read', 'journal.read'], channelId: other.body.id },
    })
    const lakeside = await leadline.as(client.body.clientId, client.body.clientSecret)
    expect((await lakeside.get(`/api/v4/leads/${id}`)).status).toBe(200)
    const inherited = await lakeside.get(`/api/v4/journal?objectType=lead&objectId=${id}`)
    expect(inherited.text).not.toContain(rita().name)
    expect(inherited.text).not.toContain(rita().personId)
  })

  test('of the carrier stays when the lead goes to a channel, which does not read his name', async () => {
    const id = take()
    const [dana] = carriers()
    await own(id, dana.personId)
    await northwind.send('PUT', `/api/v4/leads/${id}/channel`, { channelId: 907 })
    expect((await leadOf(id)).owner.name).toBe(dana.name)
    const shown = (await riverside.get(`/api/v4/leads/${id}`)).body
    expect(shown.owner).toEqual({ personId: null, name: null, since: expect.any(String) })
    expect(await listed(`owner=${dana.personId}`, riverside)).toEqual([])
    expect((await riverside.get('/api/v4/lead-owners')).text).not.toContain(dana.name)
    const { facets } = (await riverside.get('/api/v4/leads?facets=true')).body
    expect(JSON.stringify(facets)).not.toContain(dana.personId)
  })

  test('who leaves has no leads any more: his name stays with them until somebody takes them', async () => {
    const [first, second] = [take(), take()]
    const gone = await person('Gone Gregor')
    await own(first, gone)
    await own(second, gone)
    const removed = await northwind.send('DELETE', `/api/v4/users/${gone}`)
    expect(removed.status).toBe(204)
    await watch()
    for (const id of [first, second])
      expect(await leadOf(id)).toMatchObject({ owner: null, formerOwner: 'Gone Gregor' })
    expect((await eventsOf(first, 'lead.owner-changed')).at(-1)?.payload).toMatchObject({
      ownerId: null,
      reason: 'left',
    })
    expect((await listed('owner=left')).sort()).toEqual([first, second].sort())
    expect((await northwind.get('/api/v4/lead-owners')).body.unowned.left).toBe(2)
    const waiting: Json[] = (await northwind.get('/api/v4/home')).body.waiting
    expect(waiting).toContainEqual({ kind: 'leads-owner-left', count: 2 })
    expect((await own(first, gone)).status).toBe(400)
    await own(first, carriers()[0].personId)
    await own(second, null)
    expect((await northwind.get('/api/v4/lead-owners')).body.unowned.left).toBe(0)
    expect((await leadOf(second)).formerOwner).toBeNull()
  })
})

describe('the due date of a lead', () => {
  test('passes, and is told once; another one is told again', async () => {
    const id = take()
    expect((await setDue(id)).body.due).toEqual({ at: FAR, metAt: null, overdue: false })
    expect(await listed('overdue=true')).not.toContain(id)
    await pass(id)
    await watch()
    await watch()
    expect((await leadOf(id)).due).toMatchObject({ metAt: null, overdue: true })
    expect(await listed('overdue=true')).toContain(id)
    expect(await eventsOf(id, 'lead.overdue')).toHaveLength(1)
    expect(await journalOf(northwind, id, 'lead.overdue')).toHaveLength(1)
    expect((await northwind.get('/api/v4/leads?facets=true&pageSize=1')).body.facets.overdue).toBeGreaterThan(0)
    await setDue(id)
    expect((await leadOf(id)).due.overdue).toBe(false)
    await pass(id)
    await watch()
    expect(await eventsOf(id, 'lead.overdue')).toHaveLength(2)
    expect((await setDue(id, null)).body.due).toBeNull()
    expect((await journalOf(northwind, id, 'lead.due-changed'))[0]).toMatchObject({ after: { dueAt: null } })
  })

  test.each([
    [
      'a relationship',
      (id: string) => northwind.send('PUT', `/api/v4/leads/${id}/relationship`, { status: 'CustomerContacted' }),
    ],
    ['a channel', (id: string) => northwind.send('PUT', `/api/v4/leads/${id}/channel`, { channelId: 907 })],
    [
      'its removal at Microsoft',
      async (id: string) => {
        await leadline.outside.control('POST', `/consents/${id}/remove`)
        await eventually(
          async () => {
            await runNow(northwind)
            return (await leadOf(id)).status
          },
          (status) => status === 'Removed',
          60,
        )
      },
    ],
  ])('is met by %s, and asks anew when it is set again', async (_name, judge) => {
    const id = take()
    await setDue(id)
    await pass(id)
    await judge(id)
    await watch()
    expect((await leadOf(id)).due).toMatchObject({ metAt: expect.any(String), overdue: false })
    expect(await eventsOf(id, 'lead.overdue')).toHaveLength(0)
    await setDue(id)
    expect((await leadOf(id)).due).toMatchObject({ metAt: null })
  })

  test('must be a time that is still to come', async () => {
    const id = take()
    for (const dueAt of ['soon', '2020-01-01', '2199-02-30']) expect((await setDue(id, dueAt)).status).toBe(400)
  })
})

test('many get an owner and a due date at once, each with a result of its own', async () => {
  const ids = [take(), take(), randomUUID()]
  const ended = async (body: object): Promise<Json> => {
    const { body: task } = await northwind.send('POST', '/api/v4/leads/bulk', body)
    return eventually(
      async () => (await northwind.get(`/api/v4/tasks/${task.id}`)).body,
      ({ state }) => ['succeeded', 'partial', 'failed'].includes(state),
      60,
    )
  }
  const [dana] = carriers()
  const given = await ended({ action: 'set-owner', ownerId: dana.personId, leadIds: ids })
  expect(given).toMatchObject({ kind: 'leads.owner', state: 'partial', items: { succeeded: 2, failed: 1 } })
  const due = await ended({ action: 'set-due', dueAt: FAR, leadIds: ids })
  expect(due).toMatchObject({ kind: 'leads.due', state: 'partial', items: { succeeded: 2, failed: 1 } })
  for (const id of ids.slice(0, 2)) {
    expect(await leadOf(id)).toMatchObject({ owner: { personId: dana.personId }, due: { at: FAR } })
  }
  const undone = async ({ id }: Json): Promise<Json> => {
    expect((await northwind.send('POST', `/api/v4/tasks/${id}/undo`)).status).toBe(202)
    return eventually(
      async () => (await northwind.get(`/api/v4/tasks/${id}`)).body,
      ({ state }) => state === 'cancelled',
      60,
    )
  }
  const again = await ended({ action: 'set-owner', ownerId: dana.personId, leadIds: ids.slice(0, 2) })
  expect(again).toMatchObject({ state: 'succeeded', items: { skipped: 2 } })
  const wrong = await northwind.send('POST', '/api/v4/leads/bulk', {
    action: 'set-owner',
    ownerId: randomUUID(),
    leadIds: ids,
  })
  expect([wrong.status, wrong.body.errors[0].pointer]).toEqual([400, '/body/ownerId'])
  const missing = await northwind.send('POST', '/api/v4/leads/bulk', { action: 'set-due', leadIds: ids })
  expect([missing.status, missing.body.errors[0].pointer]).toEqual([400, '/body/dueAt'])

  // Taken back: what somebody has decided since then stays.
  const [first, second] = ids as [string, string]
  const [, other] = carriers()
  expect((await own(second, other.personId)).status).toBe(200)
  await northwind.send('PUT', `/api/v4/leads/${second}/due`, { dueAt: null })
  const half = await undone(given)
  expect(half).toMatchObject({
    ...{ undone: 'asked', error: null, items: { succeeded: 2, undone: 1, notUndone: 1 } },
    progress: { done: 3, total: 3 },
  })
  expect(half.messages.at(-1)).toMatchObject({
    ...{ level: 'Warning', message: '1 taken back, 1 stays as it is: the results say why.' },
  })
  for (const [state, leadId] of [
    ['undone', ids[0]],
    ['not-undone', ids[1]],
  ]) {
    const { data } = (await northwind.get(`/api/v4/tasks/${given.id}/items?state=${state}`)).body
    expect(data.map(({ objectId }: Json) => objectId)).toEqual([leadId])
  }
  expect(await undone(due)).toMatchObject({ undone: 'asked', error: null })
  expect(await leadOf(first)).toMatchObject({ owner: null, due: null })
  expect(await leadOf(second)).toMatchObject({ owner: { personId: other.personId }, due: null })
  const items = (await northwind.get(`/api/v4/tasks/${given.id}/items`)).body.data
  expect(items.find((item: Json) => item.objectId === second)).toMatchObject({
    undone: false,
    code: 'not-undone',
    message: 'It was changed since then: it stays as it is.',
  })
  expect((await northwind.get(`/api/v4/tasks/${given.id}`)).body.actions.undo.allowed).toBe(false)
})

test('what an earlier version did to many, without keeping what was before, stays and says so', async () => {
  const ids = [take(), take()]
  const { body: task } = await northwind.send('POST', '/api/v4/leads/bulk', {
    ...{ action: 'set-due', dueAt: FAR, leadIds: ids },
  })
  const now = async (): Promise<Json> => (await northwind.get(`/api/v4/tasks/${task.id}`)).body
  await eventually(now, ({ state }) => state === 'succeeded', 60)
  const forget = (count: number) =>
    leadline.db.asOwner.query(
      'update task_item i set data = null from task t where t.task_id = i.task_id and t.wire_id = $1 and position <= $2',
      [task.id, count],
    )
  const data = 'select data from task_item join task using (task_id) where wire_id = $1 order by position desc limit 1'
  const kept = (await leadline.db.asOwner.query(data, [task.id])).rows[0].data
  await forget(2)
  const reason = 'Done by an earlier version, which did not keep what was before.'
  expect((await now()).actions.undo).toEqual({ allowed: false, reason })
  await leadline.db.asOwner.query(
    'update task_item i set data = $2 from task t where t.task_id = i.task_id and t.wire_id = $1 and position = 2',
    [task.id, JSON.stringify(kept)],
  )
  expect((await northwind.send('POST', `/api/v4/tasks/${task.id}/undo`)).status).toBe(202)
  await eventually(now, ({ state }) => state === 'cancelled', 60)
  const { data: items } = (await northwind.get(`/api/v4/tasks/${task.id}/items`)).body
  expect(items).toMatchObject([
    { undone: false, code: 'not-undone', message: reason },
    { undone: true, message: null },
  ])
})

test('leads that come back because somebody had it undone are told to come from him', async () => {
  const id = take()
  const [dana, other] = carriers()
  await own(id, dana.personId)
  const { body: task } = await northwind.send('POST', '/api/v4/leads/bulk', {
    ...{ action: 'set-owner', ownerId: other.personId, leadIds: [id] },
  })
  const reaches = (state: string) =>
    eventually(
      async () => (await northwind.get(`/api/v4/tasks/${task.id}`)).body.state,
      (seen) => seen === state,
      60,
    )
  await reaches('succeeded')
  // As if she had started it herself.
  await leadline.db.asOwner.query(
    `update task set actor_kind = 'person', actor_id = $2, actor_name = $3 where wire_id = $1`,
    [task.id, dana.personId, dana.name],
  )
  await northwind.send('POST', `/api/v4/tasks/${task.id}/undo`)
  await reaches('cancelled')
  const { data } = (await northwind.get(`/api/v4/journal?objectType=lead&objectId=${id}`)).body
  expect(data[0]).toMatchObject({ action: 'lead.owner-changed', after: { owner: dana.name } })
  expect(data[0].actor).toMatchObject({ kind: 'client' })
  const back = (await eventsOf(id, 'lead.owner-changed')).at(-1)
  expect(back?.payload).toMatchObject({ ownerId: dana.personId, byPersonId: null })
})

test('a due date that was met or has passed is so again when a change of many is taken back', async () => {
  const [met, passed] = [take(), take()]
  const ids = [met, passed]
  const before = { [met]: ['2026-01-05T08:00:00Z', '2026-01-04T08:00:00Z'], [passed]: ['2026-01-05T08:00:00Z', null] }
  for (const [id, [dueAt, metAt]] of Object.entries(before) as [string, (string | null)[]][]) {
    await setDue(id)
    await leadline.db.asOwner.query(
      'update lead_duty set due_at = $2, met_at = $3, told_at = now() where operator_id = 868 and lead_id = $1',
      [id, dueAt, metAt],
    )
  }
  const dutiesOf = async () =>
    (
      await leadline.db.asOwner.query(
        'select lead_id, due_at, met_at, told_at is null as "isUntold" from lead_duty where lead_id = any($1::uuid[]) order by 1',
        [ids],
      )
    ).rows
  const was = await dutiesOf()
  const { body: task } = await northwind.send('POST', '/api/v4/leads/bulk', {
    action: 'set-due',
    dueAt: FAR,
    leadIds: ids,
  })
  const reaches = (state: string) =>
    eventually(
      async () => (await northwind.get(`/api/v4/tasks/${task.id}`)).body.state,
      (seen) => seen === state,
      60,
    )
  await reaches('succeeded')
  expect(await dutiesOf()).toMatchObject([{ met_at: null }, { met_at: null }])
  await northwind.send('POST', `/api/v4/tasks/${task.id}/undo`)
  await reaches('cancelled')
  const is = await dutiesOf()
  expect(is.map(({ due_at, met_at }) => [due_at, met_at])).toEqual(was.map(({ due_at, met_at }) => [due_at, met_at]))
  // Nobody hears a second time of what has passed.
  expect(is.map(({ isUntold }) => isUntold)).toEqual([false, false])
})

describe('rules for new leads', () => {
  const rule = async (asked: object): Promise<Json> => {
    const made = await northwind.send('POST', '/api/v4/lead-rules', { enabled: true, ...asked })
    if (made.status !== 201) throw new Error(`${made.status} ${made.text}`)
    return made.body
  }
  const rules = async (): Promise<Json[]> => (await northwind.get('/api/v4/lead-rules')).body.data

  test('give each new lead away once: in turns, to a channel, or not at all', async () => {
    const [ada, ben] = [await person('Rule Ada'), await person('Rule Ben')]
    const turns = await rule({ name: 'Turns', conditions: { nameContains: 'turning' }, personIds: [ada, ben] })
    const handed = await rule({
      name: 'Handed',
      conditions: { nameContains: 'handing', countries: ['de'] },
      channelId: 907,
    })
    await rule({ name: 'Off', conditions: {}, personIds: [ada], enabled: false })
    expect(handed.conditions.countries).toEqual(['DE'])
    const ids: string[] = []
    for (const n of [1, 2, 3]) ids.push(await arrive(`Turning ${n}`))
    const channels = await arrive('Handing over')
    const nobodys = await arrive('Something else')
    await sync(...ids, channels, nobodys)
    const owners = await Promise.all(ids.map(async (id) => (await leadOf(id)).owner.personId))
    expect(owners.toSorted()).toEqual([ada, ada, ben].toSorted())
    expect((await leadOf(channels)).channel.id).toBe(907)
    expect((await leadOf(nobodys)).owner).toBeNull()
    for (const id of ids) {
      expect((await eventsOf(id, 'lead.owner-changed')).map(({ payload }) => payload.reason)).toEqual(['rule'])
      expect((await journalOf(northwind, id, 'lead.owner-changed'))[0].detail).toBe('By the rule "Turns"')
    }
    expect(await eventsOf(channels, 'lead.channel-assigned')).toHaveLength(1)
    // A second sync brings nothing new.
    await runNow(northwind)
    expect((await rules()).find((one) => one.ruleId === turns.ruleId)).toMatchObject({ given: 3, attention: [] })
    expect((await rules()).find((one) => one.ruleId === turns.ruleId).people).toMatchObject([
      { personId: ada, isNext: false },
      { personId: ben, isNext: true },
    ])
  })

  test('for a channel wait until a lead is Active, and nobody has decided whose it is', async () => {
    const later = { holdNotActiveMs: 3_600_000 }
    const turn = await rule({
      name: 'Turn',
      conditions: { nameContains: 'ripening first' },
      personIds: [carriers()[0].personId],
    })
    const handed = await rule({ name: 'Ripe', conditions: { nameContains: 'ripening' }, channelId: 907 })
    const rest = await rule({
      name: 'Rest',
      conditions: { nameContains: 'ripening kept' },
      personIds: [carriers()[0].personId],
    })
    const [plain, kept, taken, given, early] = [
      await arrive('Ripening slowly', later),
      await arrive('Ripening kept', later),
      await arrive('Ripening taken', later),
      await arrive('Ripening given back', later),
      await arrive('Ripening first', later),
    ]
    await sync(plain, kept, taken, given, early)
    expect(await leadOf(plain)).toMatchObject({ status: 'NotActive', channel: null, owner: null })
    expect((await leadOf(kept)).owner.name).toBe(carriers()[0].name)
    await own(taken, carriers()[1].personId)
    await own(given, carriers()[1].personId)
    await own(given, null)
    for (const id of [plain, kept, taken, given, early]) {
      await leadline.outside.control('POST', `/consents/${id}/activate`, {})
    }
    await runNow(northwind)
    const channels = await Promise.all(
      [plain, kept, taken, given, early].map(async (id) => (await leadOf(id)).channel?.id),
    )
    expect(channels).toEqual([907, 907, undefined, undefined, undefined])
    expect((await leadOf(kept)).owner.name).toBe(carriers()[0].name)
    expect(await eventsOf(plain, 'lead.channel-assigned')).toHaveLength(1)
    const givenBy = async ({ ruleId }: Json) => (await rules()).find((one) => one.ruleId === ruleId).given
    expect([await givenBy(turn), await givenBy(handed), await givenBy(rest)]).toEqual([1, 2, 1])
    // Once: taken out of the channel it stays out, whatever Microsoft does.
    await northwind.send('DELETE', `/api/v4/leads/${plain}/channel`)
    for (const action of ['suspend', 'resume']) {
      await leadline.outside.control('POST', `/consents/${plain}/${action}`, {})
      await runNow(northwind)
    }
    expect(await leadOf(plain)).toMatchObject({ status: 'Active', channel: null })
    for (const { ruleId } of [turn, handed, rest]) await northwind.send('DELETE', `/api/v4/lead-rules/${ruleId}`)
  })

  /** Stores a new lead as a sync does, in a transaction of its own. */
  async function store(companyName: string, baseline: boolean, isCutOff = false): Promise<string> {
    const id = randomUUID()
    const contact = { fullName: 'A', email: null, phoneNumber: null, companyName, companySize: null }
    const remote = {
      ...{ id, tenantId: randomUUID(), tenantOrigin: null, operatorId: null, status: 'Active', isDirectLead: false },
      ...{ consentedOn: '2026-01-02T03:04:05.1Z', lastModifiedOn: '2026-01-02T03:04:05.1Z', extras: {} },
      ...{ consentedCountries: ['DE'], contactDetails: contact, contacts: [contact] },
    }
    await leadline.db.transact(jobPrincipal('test', 868, randomUUID()), async (tx) => {
      await leadIntake.apply(tx, [{ remote, hash: '00' }], { baseline, source: 'sync' })
      if (isCutOff) throw new Error('The worker dies.')
    })
    return id
  }

  test('give turns fairly, however many come at once, and none to what is not stored', async () => {
    const people = [await person('Fair Ada'), await person('Fair Ben'), await person('Fair Cleo')]
    const { ruleId } = await rule({ name: 'Fair', conditions: { nameContains: 'fairly' }, personIds: people })
    await expect(store('Fairly cut off', false, true)).rejects.toThrow('The worker dies.')
    const ids = await Promise.all(Array.from({ length: 9 }, (_, n) => store(`Fairly ${n}`, false)))
    const owners = await Promise.all(ids.map(async (id) => (await leadOf(id)).owner.personId))
    expect(people.map((one) => owners.filter((owner) => owner === one).length)).toEqual([3, 3, 3])
    expect((await rules()).find((one) => one.ruleId === ruleId)).toMatchObject({ given: 9 })
  })

  test('leave alone what is no news, and what a channel has made for itself', async () => {
    const id = await store('Turning long ago', true)
    expect(await leadOf(id)).toMatchObject({ owner: null, due: null })
    expect(await eventsOf(id, 'lead.owner-changed')).toEqual([])
    const own = { tenantId: randomUUID(), companyName: 'Turning by a channel' }
    const made = await riverside.send('POST', '/api/v4/leads', own)
    expect([made.status, made.body.owner, made.body.channel?.id]).toEqual([201, null, 907])
    // The carrier's own goes by the rules as every other does.
    const direct = { tenantId: randomUUID(), companyName: 'Turning by hand' }
    const given = await northwind.send('POST', '/api/v4/leads', direct)
    expect([given.status, given.body.owner?.name]).toEqual([201, 'Rule Ben'])
  })

  test('of somebody who has left are passed over and say so once, and the next one is asked', async () => {
    const gone = await person('Rule Gone')
    const left = await rule({ name: 'Left', conditions: { nameContains: 'leaving' }, personIds: [gone] })
    const next = await rule({
      name: 'Next',
      conditions: { nameContains: 'leaving' },
      personIds: [carriers()[0].personId],
    })
    await northwind.send('DELETE', `/api/v4/users/${gone}`)
    const id = await arrive('Leaving Ltd')
    await sync(id)
    await watch()
    expect((await leadOf(id)).owner.personId).toBe(carriers()[0].personId)
    const seen = (await rules()).find((one) => one.ruleId === left.ruleId)
    expect(seen).toMatchObject({ attention: [{ code: 'person-left', name: 'Rule Gone' }], isSkipped: true, given: 0 })
    const sql = 'select payload from outbox_event where key = $1 and name = $2'
    const told = await leadline.db.asOwner.query(sql, [`lead-rule/${left.ruleId}`, 'rule.needs-attention'])
    expect(told.rows).toMatchObject([{ payload: { name: 'Left', isSkipped: true } }])
    expect((await northwind.send('DELETE', `/api/v4/lead-rules/${next.ruleId}`)).status).toBe(204)
    expect((await northwind.send('DELETE', `/api/v4/lead-rules/${next.ruleId}`)).status).toBe(404)
  })

  test('are tried on the leads of the past, and change nothing', async () => {
    const [dana, other] = carriers()
    const before = await rules()
    const trial = await northwind.send('POST', '/api/v4/lead-rules/trial', {
      days: 366,
      rules: [
        { name: 'A', conditions: { nameContains: 'turning' }, personIds: [dana.personId, other.personId] },
        { name: 'B', conditions: {}, channelId: 907 },
      ],
    })
    const {
      leads,
      given,
      shown,
      rules: [a, b],
    } = trial.body
    expect([trial.status, given]).toEqual([200, leads])
    expect(a.leads).toBeGreaterThanOrEqual(3)
    const [most, fewest] = a.to.map(({ leads }: Json) => leads)
    expect([most + fewest, most - fewest <= 1]).toEqual([a.leads, true])
    expect(b).toMatchObject({ leads: leads - a.leads, to: [{ kind: 'channel', id: '907' }], isSkipped: false })
    expect(shown.find((one: Json) => one.companyName === 'Turning 1')).toMatchObject({
      rule: 0,
      to: { kind: 'person' },
    })
    // A channel's own were never to be given away.
    expect(shown.map((one: Json) => one.companyName)).toContain('Turning by hand')
    expect(shown.map((one: Json) => one.companyName)).not.toContain('Turning by a channel')
    expect(await rules()).toEqual(before)
    const kept = await northwind.send('POST', '/api/v4/lead-rules/trial', {})
    expect(kept.body.rules).toHaveLength(before.filter(({ enabled }) => enabled).length)
  })

  test('are put in order, changed, and refused where they cannot be', async () => {
    const all = await rules()
    const ids = all.map(({ ruleId }) => ruleId).reverse()
    const ordered = await northwind.send('PUT', '/api/v4/lead-rules/order', { ruleIds: ids })
    expect(ordered.body.data.map((one: Json) => one.ruleId)).toEqual(ids)
    const some = await northwind.send('PUT', '/api/v4/lead-rules/order', { ruleIds: ids.slice(1) })
    expect([some.status, some.body.code]).toEqual([409, 'lead-rules-changed'])
    const path = `/api/v4/lead-rules/${ids[0]}`
    const changed = await northwind.send('PATCH', path, { channelId: 907, name: ' Renamed ' })
    expect(changed.body).toMatchObject({ name: 'Renamed', channel: { id: 907 }, people: null })
    const at = async (body: object) => {
      const reply = await northwind.send('PATCH', path, body)
      return [reply.status, reply.body.errors?.[0].pointer]
    }
    expect(await at({ channelId: 907, personIds: [carriers()[0].personId] })).toEqual([400, '/body/channelId'])
    expect(await at({ name: 'Two\nlines' })).toEqual([400, '/body/name'])
    expect(await at({ channelId: 999_999 })).toEqual([400, '/body/channelId'])
    expect(await at({ personIds: [rita().personId] })).toEqual([400, '/body/personIds/0'])
    expect(await at({ conditions: { sizeFrom: 10, sizeTo: 5 } })).toEqual([400, '/body/conditions/sizeTo'])
    expect((await riverside.get('/api/v4/lead-rules')).status).toBe(403)
  })

  test('give new leads until when they are to be judged, in working time', async () => {
    const week = { days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '24:00', timeZone: 'Europe/London' }
    const set = await northwind.send('PUT', '/api/v4/lead-due-rule', { within: { amount: 3, unit: 'hours' }, week })
    expect(set.body).toEqual({ within: { amount: 3, unit: 'hours' }, week })
    const id = await arrive('Due Ltd')
    await sync(id)
    const lead = await leadOf(id)
    expect(Date.parse(lead.due.at) - Date.parse(lead.firstSeenAt)).toBeLessThan(3 * 3_600_000 + 60_000)
    expect(Date.parse(lead.due.at) - Date.parse(lead.firstSeenAt)).toBeGreaterThan(3 * 3_600_000 - 60_000)
    expect(await eventsOf(id, 'lead.due-changed')).toEqual([])
    for (const wrong of [{ timeZone: 'Mars/Olympus' }, { from: '09:00', to: '09:00' }]) {
      const reply = await northwind.send('PUT', '/api/v4/lead-due-rule', { within: null, week: { ...week, ...wrong } })
      expect(reply.status).toBe(400)
    }
    await northwind.send('PUT', '/api/v4/lead-due-rule', { within: null, week })
    const undue = await arrive('No hurry Ltd')
    await sync(undue)
    expect((await leadOf(undue)).due).toBeNull()
  })
})
