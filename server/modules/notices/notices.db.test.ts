import { hash, randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { allPermissions } from '../../../contract/permissions.ts'
import { permissionsOf } from '../../../contract/roles.ts'
import { type FreshDatabase, freshDatabase } from '../../../test/harness/database.ts'
import { jobPrincipal, type OperatorPrincipal } from '../../kernel/principal.ts'
import { createDispatcher, type Dispatcher, emit, type NewEvent } from '../../platform/events/index.ts'
import { leadIntake, moveLeads, type RemoteLead } from '../leads/index.ts'
import { createNoticeRelay, createNoticeService, type NoticeService, trimNoticesJob } from './index.ts'

const OPERATOR = 868
const RIVERSIDE = 907
const LAKESIDE = 908
let db: FreshDatabase
let dispatcher: Dispatcher
let notices: NoticeService

beforeAll(async () => {
  db = await freshDatabase()
  await db.asOwner.query(`insert into operator (operator_id, name) values (868, 'Northwind'), (869, 'Fabrikam')`)
  await db.asOwner.query(
    `insert into channel (operator_id, channel_id, name) values (868, 907, 'Riverside'), (868, 908, 'Lakeside')`,
  )
  notices = createNoticeService({ transact: db.transact })
  const log = pino({ level: 'silent' })
  dispatcher = createDispatcher({
    ...{ transact: db.transact, pool: db.pool, subscribers: {}, relays: [createNoticeRelay()], log },
  })
})
afterAll(async () => {
  await dispatcher?.stop()
  await db?.close()
})
beforeEach(async () => {
  await routed()
  await db.asOwner.query('delete from notice; delete from notice_reading')
})

function person(
  id: string,
  { operatorId = OPERATOR, channelId = null as number | null, permissions = allPermissions } = {},
) {
  return {
    ...{ kind: 'person', id, name: id, operatorId, channelId, permissions: new Set(permissions) },
    ...{ requestId: 'r1', sourceIp: null },
  } satisfies OperatorPrincipal
}
const dana = person('dana')
const riverside = (id = 'rita') =>
  person(id, { channelId: RIVERSIDE, permissions: permissionsOf('channel', 'administrator') })
const lakeside = person('lara', { channelId: LAKESIDE, permissions: permissionsOf('channel', 'administrator') })
const sync = (operatorId = OPERATOR) => jobPrincipal('sync', operatorId, randomUUID())

function remote(companyName: string): RemoteLead {
  const contact = { fullName: null, email: null, phoneNumber: null, companyName, companySize: null }
  return {
    ...{ id: randomUUID(), tenantId: randomUUID(), tenantOrigin: null, operatorId: randomUUID(), status: 'Active' },
    ...{ consentedOn: '2026-11-01T00:00:00Z', lastModifiedOn: '2026-11-01T00:00:00Z', consentedCountries: ['GB'] },
    ...{ contactDetails: contact, contacts: [contact], isDirectLead: false, extras: {} },
  }
}
async function arrive(leads: RemoteLead[], { baseline = false, by = sync() as OperatorPrincipal } = {}) {
  const incoming = leads.map((lead) => ({ remote: lead, hash: hash('sha1', JSON.stringify(lead), 'hex') }))
  await db.transact(by, (tx) => leadIntake.apply(tx, incoming, { baseline, source: 'sync' }))
  await routed()
  return leads.map(({ id }) => id)
}
const tell = async (events: NewEvent[], by: OperatorPrincipal = sync()) => {
  await db.transact(by, (tx) => emit(tx, events))
  await routed()
}
/** Waits until the dispatcher has routed every event. */
async function routed(): Promise<void> {
  for (;;) {
    const { rows } = await db.asOwner.query('select count(*)::int as open from outbox_event where routed_at is null')
    if (rows[0].open === 0) return
    await new Promise((done) => setTimeout(done, 20))
  }
}
const seenBy = async (who: OperatorPrincipal, query: { unread?: boolean } = {}) => {
  const { notices: shown, unread } = await notices.list(who, query)
  const lines = shown.map(({ notice, read }) => ({
    ...{ name: notice.name, count: notice.count, read },
    leads: (notice.leads ?? []).map(({ companyName }) => companyName),
  }))
  return { lines, unread }
}
const secretEnds: NewEvent = {
  name: 'connection.secret-expiring',
  key: 'connection/868',
  payload: { on: '2026-12-01', daysLeft: 9, state: 'soon' },
}

test('the leads of the first sync tell nobody; new ones are one notice that names the last of them', async () => {
  await arrive([remote('Long known')], { baseline: true })
  expect(await seenBy(dana)).toEqual({ lines: [], unread: 0 })
  await arrive(Array.from({ length: 7 }, (_, n) => remote(`New ${n}`)))
  const { lines, unread } = await seenBy(dana)
  expect(unread).toBe(1)
  expect(lines).toMatchObject([{ name: 'lead.created', count: 7, read: false }])
  expect(lines[0]?.leads).toHaveLength(5)
  expect(lines[0]?.leads.every((name) => name?.startsWith('New '))).toBe(true)
})

test('a notice that gathers more is unread again, and keeps its id', async () => {
  await arrive([remote('Contoso')])
  const [first] = (await notices.list(dana, {})).notices
  expect(await notices.markRead(dana, { upTo: first?.notice.position ?? 0 })).toBe(0)
  const before = await notices.tag(dana, {})
  await arrive([remote('Fabrikam')])
  expect(await notices.tag(dana, {})).not.toBe(before)
  const { notices: shown, unread } = await notices.list(dana, {})
  // Two, if the hour has just ended.
  expect(unread).toBe(1)
  if (shown.length === 1) expect(shown[0]?.notice).toMatchObject({ noticeId: first?.notice.noticeId, count: 2 })
  else expect(shown.map(({ read }) => read)).toEqual([false, true])
})

test('a channel is told of its own leads and of nothing else', async () => {
  const [leadId = ''] = await arrive([remote('Contoso')])
  await tell([secretEnds])
  await db.transact(person('ben'), (tx) => moveLeads(tx, [leadId], RIVERSIDE))
  await routed()
  expect((await seenBy(riverside())).lines).toMatchObject([{ name: 'lead.channel-assigned', leads: ['Contoso'] }])
  expect((await seenBy(lakeside)).lines).toEqual([])
  // The carrier has done that itself.
  expect((await seenBy(dana)).lines.map(({ name }) => name)).toEqual(['connection.secret-expiring', 'lead.created'])
  expect((await seenBy(person('finn', { operatorId: 869 }))).lines).toEqual([])
})

test('a channel that has lost a lead no longer reads its name', async () => {
  const [leadId = ''] = await arrive([remote('Contoso')])
  await db.transact(dana, (tx) => moveLeads(tx, [leadId], RIVERSIDE))
  await db.transact(dana, (tx) => moveLeads(tx, [leadId], LAKESIDE))
  await routed()
  const { lines } = await seenBy(riverside())
  expect(lines.map(({ name }) => name).sort()).toEqual(['lead.channel-assigned', 'lead.channel-removed'])
  expect(lines.flatMap(({ leads }) => leads)).toEqual([null, null])
  expect((await seenBy(lakeside)).lines).toMatchObject([{ name: 'lead.channel-assigned', leads: ['Contoso'] }])
})

test('who may not see something is not told of it', async () => {
  await tell([secretEnds])
  expect((await seenBy(person('lena', { permissions: ['leads.read'] }))).lines).toEqual([])
})

test("one's own doing is no news, to others it is; a task's end is told to who started it", async () => {
  const commented: NewEvent = {
    name: 'lead.commented',
    key: 'lead/1',
    payload: { leadId: randomUUID(), commentId: randomUUID() },
  }
  await tell([commented], dana)
  expect(await seenBy(dana)).toMatchObject({ lines: [{ read: true }], unread: 0 })
  expect(await seenBy(person('ben'))).toMatchObject({ lines: [{ read: false }], unread: 1 })
  const items = { total: 3, succeeded: 3, failed: 0, skipped: 0 }
  const payload = { taskId: 'wst_1', kind: 'leads.archive', state: 'succeeded', items, error: null }
  await tell([{ name: 'task.finished', key: 'task/1', actor: 'person/dana', payload }])
  expect((await seenBy(dana)).lines[0]).toMatchObject({ name: 'task.finished', read: false })
  expect((await seenBy(person('ben'))).lines.map(({ name }) => name)).toEqual(['lead.commented'])
})

test('reading is of each person, each operator, and each channel somebody looks through', async () => {
  await tell([secretEnds])
  await tell([secretEnds])
  const [newest, older] = (await notices.list(dana, {})).notices
  expect(await notices.markRead(dana, { noticeIds: [older?.notice.noticeId ?? '', randomUUID()] })).toBe(1)
  expect((await seenBy(dana)).lines.map(({ read }) => read)).toEqual([false, true])
  expect((await seenBy(dana, { unread: true })).lines).toHaveLength(1)
  expect((await seenBy(person('ben'))).unread).toBe(2)
  expect(await notices.markRead(dana, { upTo: newest?.notice.position ?? 0 })).toBe(0)
  await tell([secretEnds])
  expect((await seenBy(dana)).unread).toBe(1)
  // As a channel, one has a place of one's own.
  const through = person('dana', { channelId: RIVERSIDE })
  expect(await notices.markRead(through, { upTo: Number.MAX_SAFE_INTEGER })).toBe(0)
  expect((await seenBy(dana)).unread).toBe(1)
})

test("nobody marks what is another operator's, and no more than there is", async () => {
  await tell([secretEnds])
  const [own] = (await notices.list(dana, {})).notices
  const finn = person('finn', { operatorId: 869 })
  await notices.markRead(finn, { noticeIds: [own?.notice.noticeId ?? ''], upTo: Number.MAX_SAFE_INTEGER })
  const { rows } = await db.asOwner.query(
    `select read_up_to as upto, read_ahead as ahead from notice_reading where reader = 'person/finn'`,
  )
  expect(rows).toEqual([{ upto: 0, ahead: [] }])
  expect((await seenBy(dana)).unread).toBe(1)
})

test('nothing new keeps the tag; pages follow one another without a gap', async () => {
  for (let n = 0; n < 5; n += 1) await tell([secretEnds])
  expect(await notices.tag(dana, {})).toBe(await notices.tag(dana, {}))
  expect(await notices.tag(dana, {})).not.toBe(await notices.tag(person('ben'), {}))
  const positions: number[] = []
  let cursor: string | undefined
  do {
    const page = await notices.list(dana, { pageSize: 2, ...(cursor && { cursor }) })
    positions.push(...page.notices.map(({ notice }) => notice.position))
    cursor = page.nextCursor ?? undefined
  } while (cursor)
  expect(positions).toHaveLength(5)
  expect(positions).toEqual([...positions].sort((a, b) => b - a))
  expect(new Set(positions).size).toBe(5)
})

test('what is older than a month goes, with what was read of it', async () => {
  await tell([secretEnds])
  const [only] = (await notices.list(dana, {})).notices
  await notices.markRead(dana, { upTo: only?.notice.position ?? 0 })
  const later = { now: () => new Date(Date.now() + 31 * 86_400_000) }
  await trimNoticesJob(later).run({
    transact: (work: Parameters<typeof db.transact>[1]) => db.transact(sync(), work),
    progress: () => {},
    signal: AbortSignal.timeout(10_000),
  } as never)
  const { rows } = await db.asOwner.query(
    'select (select count(*)::int from notice) as notices, (select count(*)::int from notice_reading) as readings',
  )
  expect(rows).toEqual([{ notices: 0, readings: 0 }])
})
