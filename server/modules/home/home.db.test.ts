import { hash, randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { allPermissions } from '../../../contract/permissions.ts'
import { type FreshDatabase, freshDatabase } from '../../../test/harness/database.ts'
import { jobPrincipal, type OperatorPrincipal } from '../../kernel/principal.ts'
import { createDispatcher, type Dispatcher } from '../../platform/events/index.ts'
import { leadIntake, moveLeads, type RemoteLead, setLocalFacts } from '../leads/index.ts'
import { createHandoverRelay, createHomeService, type HomeService } from './index.ts'

const NOW = new Date('2026-11-22T12:00:00Z')
const RIVERSIDE = 907
const LAKESIDE = 908
let db: FreshDatabase
let dispatcher: Dispatcher
let home: HomeService
let reads = 0
/** Counting waits for it. */
let held: Promise<void> = Promise.resolve()

beforeAll(async () => {
  db = await freshDatabase()
  await db.asOwner.query(`insert into operator (operator_id, name) values (868, 'Northwind'), (869, 'Fabrikam')`)
  await db.asOwner.query(
    `insert into channel (operator_id, channel_id, name) values (868, 907, 'Riverside'), (868, 908, 'Lakeside')`,
  )
  const reader = slowReader()
  home = createHomeService({
    ...{ reader, clock: { now: () => NOW }, syncedAt: async () => NOW, patienceMs: 60_000 },
    waiting: [
      { permission: 'tasks.read', count: async () => [{ kind: 'tasks-failed', count: 2 }] },
      { permission: 'jobs.read', operatorOnly: true, count: async () => [{ kind: 'tasks-failed', count: 9 }] },
    ],
    troubles: [],
  })
  const log = pino({ level: 'silent' })
  dispatcher = createDispatcher({
    ...{ transact: db.transact, pool: db.pool, subscribers: {}, relays: [createHandoverRelay()], log },
  })
})
afterAll(async () => {
  await dispatcher?.stop()
  await db?.close()
})
beforeEach(async () => {
  await routed()
  await db.asOwner.query(
    'delete from lead; delete from lead_scope; delete from lead_search_recent; delete from lead_handover',
  )
})

/** Counts what is read, and holds up the counting of leads until it may go on. */
const slowReader = () => ({
  ...db.reader,
  read: async (...args: Parameters<typeof db.reader.read>) => {
    reads += 1
    if (args[1].some((sql) => sql.includes('width_bucket'))) await held
    return db.reader.read(...args)
  },
})

const person = (channelId: number | null = null, operatorId = 868): OperatorPrincipal => ({
  ...{ kind: 'person', id: 'dana', name: 'Dana', operatorId, channelId, permissions: new Set(allPermissions) },
  ...{ requestId: 'r1', sourceIp: null },
})

type Facts = { consentedOn: string; countries?: string[]; status?: string; isDirectLead?: boolean; licensed?: boolean }
function remoteOf({ consentedOn, countries = ['GB'], status = 'Active', isDirectLead = false }: Facts): RemoteLead {
  const contact = { fullName: null, email: null, phoneNumber: null, companyName: 'Contoso', companySize: null }
  return {
    ...{ id: randomUUID(), tenantId: randomUUID(), tenantOrigin: null, operatorId: randomUUID(), status, consentedOn },
    ...{ lastModifiedOn: consentedOn, consentedCountries: countries, isDirectLead },
    ...{ contactDetails: contact, contacts: [contact], extras: {} },
  }
}
async function arrive(leads: Facts[], operatorId = 868): Promise<string[]> {
  const remotes = leads.map(remoteOf)
  const incoming = remotes.map((lead) => ({ remote: lead, hash: hash('sha1', JSON.stringify(lead), 'hex') }))
  const principal = jobPrincipal('sync', operatorId, randomUUID())
  await db.transact(principal, (tx) => leadIntake.apply(tx, incoming, { baseline: true, source: 'sync' }))
  for (const [index, { licensed }] of leads.entries()) {
    const leadId = remotes[index]?.id ?? ''
    if (!licensed) continue
    const facts = { umpCustomerGuid: randomUUID(), license: 'OC Essential' as const }
    await db.transact(principal, (tx) => setLocalFacts(tx, leadId, 'lead.licensed', facts))
  }
  return remotes.map(({ id }) => id)
}
async function routed(): Promise<void> {
  for (;;) {
    const { rows } = await db.asOwner.query('select count(*)::int as open from outbox_event where routed_at is null')
    if (rows[0].open === 0) return
    await new Promise((done) => setTimeout(done, 20))
  }
}
const give = async (leadId: string, channelId: number) => {
  await db.transact(person(), (tx) => moveLeads(tx, [leadId], channelId))
  await routed()
}
const figuresFor = async (who: OperatorPrincipal, zone?: string) => (await (await home.state(who, zone)).produce()).home
const last = <T>(list: readonly T[]) => list.at(-1) as T

test('an empty installation has twelve empty weeks', async () => {
  const { leads, weeks, countries, medianSeconds, syncedAt } = await figuresFor(person())
  expect([leads, weeks.length, countries, medianSeconds]).toEqual([{ total: 0, licensed: 0 }, 12, [], null])
  expect(last(weeks)).toEqual({
    ...{ week: '2026-11-16', leads: 0, licensed: 0, given: 0, medianSeconds: null, licenseMedianSeconds: null },
  })
  expect(syncedAt).toBe(NOW.toISOString())
})

test('leads stand in the week and in the countries of their consent; older ones only in the total', async () => {
  await arrive([
    { consentedOn: '2026-11-16T00:00:00Z', countries: ['GB', 'DE'] },
    { consentedOn: '2026-11-20T10:00:00Z', licensed: true },
    { consentedOn: '2026-11-15T23:59:59Z', countries: ['FR'] },
    { consentedOn: '2024-01-01T00:00:00Z', countries: ['IT'] },
  ])
  await arrive([{ consentedOn: '2026-11-20T10:00:00Z', countries: ['ES'] }], 869)
  const { leads, weeks, countries } = await figuresFor(person())
  expect(leads).toEqual({ total: 4, licensed: 1 })
  expect(weeks.slice(-2).map(({ leads: count, licensed }) => [count, licensed])).toEqual([
    [1, 0],
    [2, 1],
  ])
  expect(countries).toEqual([
    { country: 'GB', leads: 2, licensed: 1 },
    { country: 'DE', leads: 1, licensed: 0 },
    { country: 'FR', leads: 1, licensed: 0 },
  ])
  // In Kiritimati the late one came on Monday; and the next week has begun there.
  const east = await figuresFor(person(), 'Pacific/Kiritimati')
  expect(east.weeks.slice(-2).map(({ week, leads: count }) => [week, count])).toEqual([
    ['2026-11-16', 3],
    ['2026-11-23', 0],
  ])
})

test('what waits: leads for a channel and for Microsoft, and what others count, each for those it is for', async () => {
  const [given = ''] = await arrive([
    { consentedOn: '2026-11-16T00:00:00Z' },
    { consentedOn: '2026-11-16T00:00:00Z' },
    { consentedOn: '2026-11-16T00:00:00Z', licensed: true },
    { consentedOn: '2026-11-16T00:00:00Z', status: 'NotActive' },
  ])
  await give(given, RIVERSIDE)
  expect((await figuresFor(person())).waiting).toEqual([
    { kind: 'leads-without-channel', count: 1 },
    { kind: 'leads-not-active', count: 1 },
    { kind: 'tasks-failed', count: 2 },
    { kind: 'tasks-failed', count: 9 },
  ])
  const riverside = await figuresFor(person(RIVERSIDE))
  expect(riverside.leads).toEqual({ total: 1, licensed: 0 })
  expect(riverside.waiting).toEqual([
    { kind: 'leads-not-active', count: 0 },
    { kind: 'tasks-failed', count: 2 },
  ])
})

test('from consent to channel counts the first channel for the carrier, and for each channel its own', async () => {
  const [moved = '', direct = ''] = await arrive([
    { consentedOn: NOW.toISOString() },
    { consentedOn: NOW.toISOString(), isDirectLead: true },
    { consentedOn: NOW.toISOString() },
  ])
  await give(moved, RIVERSIDE)
  await give(direct, RIVERSIDE)
  await give(moved, LAKESIDE)
  // Given back: the first time counts.
  await give(moved, RIVERSIDE)
  const { rows } = await db.asOwner.query(
    'select lead_id as "leadId", channel_id as "channelId", is_first as "isFirst" from lead_handover order by channel_id',
  )
  expect(rows).toEqual([
    { leadId: moved, channelId: RIVERSIDE, isFirst: true },
    { leadId: moved, channelId: LAKESIDE, isFirst: false },
  ])
  await db.asOwner.query(
    `update lead_handover set given_at = consented_at + case when is_first then interval '2 hours' else interval '5 hours' end`,
  )
  const whole = await figuresFor(person())
  expect([whole.medianSeconds, last(whole.weeks).given, last(whole.weeks).medianSeconds]).toEqual([7_200, 1, 7_200])
  expect((await figuresFor(person(LAKESIDE))).medianSeconds).toBe(18_000)
  expect((await figuresFor(person(null, 869))).medianSeconds).toBeNull()
})

test('from consent to license counts what was licensed here, and is licensed still, no direct lead', async () => {
  const consentedOn = '2026-11-16T00:00:00Z'
  const licensed = { consentedOn, licensed: true }
  const ids = await arrive([licensed, licensed, { ...licensed, isDirectLead: true }, licensed, { consentedOn }])
  const service = (place: number, hours: number, origin = 'licensed') =>
    db.asOwner.query(
      `insert into service (operator_id, service_id, arrival, tenant_id, lead_id, short_name, short_name_folded,
         full_name, license, model, state, origin, created_at)
       values (868, gen_random_uuid(), $1, gen_random_uuid(), $2, $3, $3, $3, 'OC Essential', 'tenant', 'Active', $4,
         $5::timestamptz + make_interval(hours => $6))`,
      [place, ids[place], `s${place}`, origin, consentedOn, hours],
    )
  await service(0, 10)
  await service(1, 30)
  await service(2, 500)
  await service(3, 900, 'adopted')
  // It lost its license again.
  await service(4, 700)
  const whole = await figuresFor(person())
  expect([whole.licenseMedianSeconds, last(whole.weeks).licenseMedianSeconds]).toEqual([72_000, 72_000])
  expect(whole.weeks[0]?.licenseMedianSeconds).toBeNull()
  expect((await figuresFor(person(LAKESIDE))).licenseMedianSeconds).toBeNull()
  await db.asOwner.query('delete from service')
})

test('nothing new keeps the tag, and the leads are not counted again; a change of one does both', async () => {
  const [leadId = ''] = await arrive([{ consentedOn: '2026-11-16T00:00:00Z' }])
  const first = await home.state(person())
  await first.produce()
  const before = reads
  const second = await home.state(person())
  await second.produce()
  expect([second.etag, reads - before]).toEqual([first.etag, 1])
  await give(leadId, RIVERSIDE)
  const third = await home.state(person())
  expect(third.etag).not.toBe(first.etag)
  expect((await third.produce()).home.waiting[0]).toEqual({ kind: 'leads-without-channel', count: 0 })
  expect((await home.state(person(), 'Europe/Berlin')).etag).not.toBe(third.etag)
})

test('while new figures are counted the older ones are shown, under their own tag; then the new ones', async () => {
  const hasty = createHomeService({
    ...{ reader: slowReader(), clock: { now: () => NOW }, waiting: [], troubles: [], syncedAt: async () => null },
    patienceMs: 1,
  })
  await arrive([{ consentedOn: '2026-11-16T00:00:00Z' }])
  const first = await hasty.state(person())
  expect((await first.produce()).home.leads.total).toBe(1)
  await arrive([{ consentedOn: '2026-11-17T00:00:00Z' }])
  const counting = Promise.withResolvers<void>()
  held = counting.promise
  const second = await hasty.state(person())
  expect(await second.produce()).toMatchObject({ home: { leads: { total: 1 } }, olderTag: first.etag })
  counting.resolve()
  await expect.poll(async () => (await (await hasty.state(person())).produce()).home.leads.total).toBe(2)
  expect(await (await hasty.state(person())).produce()).toMatchObject({ olderTag: null })
})

test('a zone that nobody knows is refused', async () => {
  await expect(home.state(person(), 'Nowhere/Land')).rejects.toMatchObject({ status: 400, code: 'bad-request' })
})
