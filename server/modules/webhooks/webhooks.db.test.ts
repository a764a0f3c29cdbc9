import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook as Verifier } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { eventCatalogue } from '../../../contract/events.ts'
import { parseInstant } from '../../kernel/instant.ts'
import { installationPrincipal, jobPrincipal } from '../../kernel/principal.ts'
import type { NewEvent } from '../../platform/events/index.ts'
import { MAX_ATTEMPTS, RETRY_SECONDS } from './retry.rules.ts'
import { tellTroubles } from './webhook-troubles.ts'
import {
  answered,
  CHANNEL,
  commentEvent,
  leadEvent,
  OPERATOR,
  OTHER_CHANNEL,
  refusedConnection,
  startWorld,
  type World,
} from './webhook-world.fixture.ts'

// Webhooks over a real database and a real receiver; the clock is the test's. Source: issue 6, 3; quality.md R3.

let world: World
let server: Server
let origin: string
type Arrival = { headers: Record<string, string>; body: string; url: string }
let arrived: Arrival[] = []
let answer: (request: IncomingMessage, response: ServerResponse, body: string) => void

beforeAll(async () => {
  world = await startWorld()
  server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    arrived.push({ headers: request.headers as Record<string, string>, body, url: request.url ?? '' })
    answer(request, response, body)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  await world?.close()
  server.closeAllConnections()
  server.close()
})
afterEach(async () => {
  arrived = []
  world.answerWith(null)
  answer = (_request, response) => response.end('taken')
  await world.db.asOwner.query('truncate webhook, webhook_event, webhook_delivery, webhook_attempt')
})
answer = (_request, response) => response.end('taken')

const make = (asked: object = {}, who = world.person()) =>
  world.webhooks.create(who, {
    url: `${origin}/hook?sig=very-secret-key`,
    events: ['lead.deleted', 'lead.commented'],
    ...asked,
  })
const sendOut = async () => {
  await world.routed()
  await world.engine.drain()
}
const journalOf = async (action: string) =>
  (
    await world.db.asOwner.query(`select detail, before, after, object_id from journal_entry where action = $1`, [
      action,
    ])
  ).rows

describe('an event', () => {
  test('arrives once, signed, with what the catalogue says, and is in the log with request and response', async () => {
    const { webhook, secret } = await make({ header: { name: 'X-Key', value: 'receiver-key-1' } })
    answer = (request, response) => response.end(`hello ${request.headers['x-key']}`)
    await world.emit([leadEvent()])
    await sendOut()
    expect(arrived).toHaveLength(1)
    const [got] = arrived as [Arrival]
    expect(got.headers).toMatchObject({ 'x-key': 'receiver-key-1', 'content-type': 'application/json' })
    // The receiver's clock is the real one; ours is not.
    const signedAt = Number(got.headers['webhook-timestamp'])
    expect(signedAt).toBe(world.clock.now().getTime() / 1_000)
    const verified = verify(secret ?? '', got)
    expect(verified).toMatchObject({ type: 'lead.deleted', version: 1, operatorId: OPERATOR, channelId: null })
    expect(Object.keys((verified as { data: object }).data).sort()).toEqual(['leadId', 'tenantId'])

    const page = await world.deliveries.list(world.person(), webhook.webhookId, {})
    expect(page.data).toMatchObject([{ name: 'lead.deleted', state: 'delivered', attempts: 1, lastStatus: 200 }])
    const eventId = page.data[0]?.eventId ?? ''
    expect(got.headers['webhook-id']).toBe(eventId)
    const seen = await world.deliveries.get(world.person(), webhook.webhookId, eventId)
    expect(seen.body).toBe(got.body)
    expect(seen.attempts).toHaveLength(1)
    const kept = JSON.stringify(seen.attempts)
    expect(kept).not.toContain('receiver-key-1')
    expect(kept).not.toContain('very-secret-key')
    expect(JSON.parse(seen.attempts[0]?.response ?? '')).toMatchObject({ status: 200, body: 'hello ***' })
  })

  test('goes to nobody who has not chosen it, and to no other operator or channel', async () => {
    const all = await make()
    const chosen = await make({ events: ['lead.commented'] })
    const channel = await make({}, world.person(CHANNEL))
    const other = await make({ channelId: OTHER_CHANNEL })
    const foreign = await make({}, world.person(null, 869))
    const foreignChannel = await make({}, world.person(907, 869))
    const lead = randomUUID()
    await world.emit([leadEvent(lead, CHANNEL), commentEvent(lead, randomUUID(), null)])
    await sendOut()
    const counts = await Promise.all(
      [all, chosen, channel, other, foreign, foreignChannel].map(({ webhook }) =>
        world.count('delivered', webhook.webhookId),
      ),
    )
    expect(counts).toEqual([2, 1, 1, 0, 0, 0])
  })

  test('of the kind simple fires for every new lead, with the one header and no signature', async () => {
    await make({ kind: 'simple', events: undefined, header: { name: 'Authorization', value: 'Bearer abc123' } })
    const { example } = eventCatalogue['lead.created']
    await world.emit([{ name: 'lead.created', channelId: null, key: 'lead/1', payload: example }, leadEvent()])
    await sendOut()
    expect(arrived).toHaveLength(1)
    expect(arrived[0]?.headers.authorization).toBe('Bearer abc123')
    expect(arrived[0]?.headers['webhook-signature']).toBeUndefined()
    expect(JSON.parse(arrived[0]?.body ?? '')).toMatchObject({
      type: 'lead.created',
      data: { lead: { companyName: 'Contoso Ltd' } },
    })
  })

  test('keeps text that JSON must escape', async () => {
    const { secret } = await make({ events: ['lead.wanted-by-channel'] })
    const companyName = 'A\u0000\u2028"\\\ud83d\ude00é'
    const payload = { tenantId: randomUUID(), companyName, channelId: null, askedBy: 'x', leadIds: [] }
    await world.emit([{ name: 'lead.wanted-by-channel', key: 'lead/1', payload }])
    await sendOut()
    expect(verify(secret ?? '', arrived[0] as Arrival)).toMatchObject({ data: { companyName } })
  })
})

describe('a failing receiver', () => {
  test('is tried on the documented schedule, 15 times over three days, then the event is dead and kept', async () => {
    const { webhook } = await make()
    const times: number[] = []
    const begun = world.clock.now().getTime()
    world.answerWith(() => {
      times.push(world.clock.now().getTime() - begun)
      return answered(503)
    })
    await world.emit([leadEvent()])
    await sendOut()
    for (const seconds of RETRY_SECONDS) {
      world.clock.advance(seconds * 1_000 - 1_000)
      await world.engine.drain()
      world.clock.advance(1_000)
      await world.engine.drain()
    }
    expect(times).toHaveLength(MAX_ATTEMPTS)
    expect(MAX_ATTEMPTS).toBeGreaterThanOrEqual(12)
    expect(times.at(-1)).toBeGreaterThanOrEqual(72 * 3_600_000)
    expect(await world.count('dead')).toBe(1)
    world.clock.advance(100 * 3_600_000)
    await world.engine.drain()
    expect(times).toHaveLength(MAX_ATTEMPTS)
    // Nothing was delivered for three days: paused, told, and in the journal.
    const now = await world.webhooks.get(world.person(), webhook.webhookId)
    expect(now).toMatchObject({ state: 'paused', pausedBecause: 'failing', lastError: 'The receiver answered 503.' })
    const { rows } = await world.db.asOwner.query(
      `select payload, channel_id from outbox_event where name = 'webhook.paused'`,
    )
    expect(rows).toMatchObject([{ payload: { webhookId: webhook.webhookId, reason: 'failing' }, channel_id: null }])
    expect(await journalOf('webhook.paused')).toHaveLength(1)
  })

  test('holds up the later events of one lead, and no other lead', async () => {
    await make()
    const [bad, good] = [randomUUID(), randomUUID()]
    const heard: string[] = []
    let isBroken = true
    world.answerWith(({ body }) => {
      const { data } = JSON.parse(body)
      if (data.leadId === bad && isBroken) return answered(500)
      heard.push(`${data.leadId === bad ? 'bad' : 'good'} ${data.commentId ?? 'deleted'}`)
      return answered(204)
    })
    await world.emit([
      ...[commentEvent(bad, 'one'), commentEvent(good, 'one'), commentEvent(bad, 'two'), commentEvent(good, 'two')],
      ...[leadEvent(bad), leadEvent(good)],
    ])
    await sendOut()
    expect(heard).toEqual(['good one', 'good two', 'good deleted'])
    isBroken = false
    world.clock.advance(6_000)
    await world.engine.drain()
    expect(heard.slice(3)).toEqual(['bad one', 'bad two', 'bad deleted'])
  })

  test('is obeyed when it asks to wait, and paused at once when it says that it is gone', async () => {
    const { webhook } = await make()
    let status = 429
    let asked = 0
    world.answerWith(() => {
      asked++
      return answered(status, { 'retry-after': '3600' })
    })
    await world.emit([leadEvent()])
    await sendOut()
    world.clock.advance(3_599_000)
    await world.engine.drain()
    expect(asked).toBe(1)
    status = 410
    world.clock.advance(2_000)
    await world.engine.drain()
    expect(asked).toBe(2)
    expect(await world.webhooks.get(world.person(), webhook.webhookId)).toMatchObject({
      state: 'paused',
      pausedBecause: 'gone',
    })
    expect(await world.count('pending')).toBe(1)
    // Resumed, what waits is sent at once.
    status = 200
    await world.webhooks.resume(world.person(), webhook.webhookId)
    await world.engine.drain()
    expect(await world.count('delivered')).toBe(1)
  })

  test('redirects, breaks off and answers without end: each is told in the log', async () => {
    const { webhook } = await make()
    answer = (_request, response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end()
    await world.emit([leadEvent()])
    await sendOut()
    expect(arrived).toHaveLength(1)
    const [first] = (await world.deliveries.list(world.person(), webhook.webhookId, {})).data
    expect(first).toMatchObject({ state: 'pending', lastStatus: 302 })
    expect(first?.lastError).toMatch(/Redirects are not followed/)
    answer = (request) => request.socket.resetAndDestroy()
    world.clock.advance(6_000)
    await world.engine.drain()
    const [second] = (await world.deliveries.list(world.person(), webhook.webhookId, {})).data
    expect(second).toMatchObject({ state: 'pending', lastStatus: null, attempts: 2 })
    expect(second?.lastError).toMatch(/failed or broke off/)
  })

  test('that is down for 72 hours misses none of 10,000 events, in the order of their leads', {
    timeout: 240_000,
  }, async () => {
    const { webhook } = await make()
    const until = world.clock.now().getTime() + 72 * 3_600_000
    const heard = new Map<string, string[]>()
    const ids = new Set<string>()
    let tries = 0
    world.answerWith(({ body, headers }) => {
      tries++
      if (world.clock.now().getTime() < until) return tries % 2 ? refusedConnection : answered(503)
      ids.add(headers['webhook-id'] ?? '')
      const { leadId, commentId } = JSON.parse(body).data
      heard.set(leadId, [...(heard.get(leadId) ?? []), commentId])
      return answered(200)
    })
    const leads = Array.from({ length: 500 }, () => randomUUID())
    for (let n = 0; n < 20; n++) await world.emit(leads.map((lead) => commentEvent(lead, String(n))))
    await sendOut()
    expect(await world.count('pending')).toBe(10_000)
    for (const seconds of RETRY_SECONDS) {
      world.clock.advance(seconds * 1_000)
      await world.engine.drain()
    }
    expect([await world.count('delivered'), await world.count('dead'), await world.count('pending')]).toEqual([
      10_000, 0, 0,
    ])
    expect(ids.size).toBe(10_000)
    const inOrder = Array.from({ length: 20 }, (_, n) => String(n))
    expect([...heard.values()].filter((one) => one.join() !== inOrder.join())).toEqual([])
    expect(heard.size).toBe(500)
    expect((await world.webhooks.get(world.person(), webhook.webhookId)).failingSince).toBeNull()
  })
})

describe('a worker that ends in the middle', () => {
  test('leaves a claim that another takes; the same webhook-id arrives twice, nothing is lost', async () => {
    await make()
    const seen: string[] = []
    let hang: (() => void) | null = null
    world.answerWith(async ({ headers }) => {
      seen.push(headers['webhook-id'] ?? '')
      if (seen.length === 1) await new Promise<void>((resolve) => (hang = resolve))
      return answered(200)
    })
    await world.emit([leadEvent()])
    await world.routed()
    const stuck = world.engine.drain()
    while (seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
    const second = world.makeEngine()
    await second.drain()
    expect(seen).toHaveLength(1)
    // As long as a claim lives: R1 asks for 30 s.
    world.clock.advance(26_000)
    await second.drain()
    expect(seen).toHaveLength(2)
    expect(seen[0]).toBe(seen[1])
    expect(await world.count('delivered')).toBe(1)
    ;(hang as (() => void) | null)?.()
    await stuck
    // The late one changes nothing.
    const { rows } = await world.db.asOwner.query('select state, attempts from webhook_delivery')
    expect(rows).toEqual([{ state: 'delivered', attempts: 2 }])
  })

  test('gives back what is under way when it is stopped', async () => {
    await make()
    answer = () => {}
    const engine = world.makeEngine()
    await world.emit([leadEvent()])
    await world.routed()
    engine.start()
    while (arrived.length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
    await engine.stop()
    const { rows } = await world.db.asOwner.query('select state, attempts, claim from webhook_delivery')
    expect(rows).toEqual([{ state: 'pending', attempts: 0, claim: null }])
    answer = (_request, response) => response.end()
    await world.engine.drain()
    expect(await world.count('delivered')).toBe(1)
  })
})

test('an event that came in while the one before it was settled is not forgotten', async () => {
  await make()
  await world.emit([leadEvent()])
  await world.routed()
  await world.db.asOwner.query('update webhook_delivery set blocked = true')
  await world.engine.drain()
  expect(await world.count('pending')).toBe(1)
  const { freeForgotten } = await import('./delivery.store.ts')
  expect(await world.transact(installationPrincipal('test', 'test'), freeForgotten)).toBe(true)
  await world.engine.drain()
  expect(await world.count('delivered')).toBe(1)
})

describe('replay', () => {
  test('of one event, and of a range: the dead, the missed, and on request all', async () => {
    const { webhook } = await make({ events: ['lead.deleted'] })
    const { webhookId } = webhook
    const me = world.person()
    await world.emit([leadEvent(), leadEvent()])
    await sendOut()
    await world.emit([commentEvent(randomUUID(), 'missed')])
    await sendOut()
    expect(arrived).toHaveLength(2)
    const [first] = (await world.deliveries.list(me, webhookId, {})).data
    await world.deliveries.replay(me, webhookId, first?.eventId ?? '')
    await world.engine.drain()
    expect(arrived.map(({ headers }) => headers['webhook-id']).filter((id) => id === first?.eventId)).toHaveLength(2)
    // An event that the webhook chooses only now.
    await world.webhooks.update(me, webhookId, { events: ['lead.deleted', 'lead.commented'] })
    const range = { from: '2000-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' }
    expect(await world.deliveries.replayRange(me, webhookId, range)).toBe(1)
    await world.engine.drain()
    expect(arrived).toHaveLength(4)
    expect(await world.deliveries.replayRange(me, webhookId, range)).toBe(0)
    expect(await world.deliveries.replayRange(me, webhookId, { ...range, which: 'all' })).toBe(3)
    await world.engine.drain()
    expect(arrived).toHaveLength(7)
    expect(
      await world.deliveries.replayRange(me, webhookId, { from: range.from, to: '2001-01-01T00:00:00Z', which: 'all' }),
    ).toBe(0)
    await expect(world.deliveries.replayRange(me, webhookId, { from: range.to, to: range.from })).rejects.toMatchObject(
      { status: 400 },
    )
    expect(await journalOf('webhook.replayed')).not.toHaveLength(0)
  })
})

describe('secrets', () => {
  test('overlap after a rotation, and end with it', async () => {
    const { webhook, secret } = await make()
    const rotated = await world.webhooks.rotateSecret(world.person(), webhook.webhookId, 24)
    await world.emit([leadEvent()])
    await sendOut()
    const first = arrived[0] as Arrival
    expect(verify(secret ?? '', first)).toBeTruthy()
    expect(verify(rotated.secret, first)).toBeTruthy()
    world.clock.advance(25 * 3_600_000)
    await world.emit([leadEvent()])
    await sendOut()
    const second = arrived[1] as Arrival
    expect(() => verify(secret ?? '', second)).toThrow()
    expect(verify(rotated.secret, second)).toBeTruthy()
    const rows = await world.db.asOwner.query('select * from webhook')
    const stored = JSON.stringify(rows.rows)
    for (const known of [secret, rotated.secret, 'very-secret-key']) expect(stored).not.toContain(known)
  })

  test('the value of the header goes to the server it was given for, and to no other', async () => {
    const { webhook } = await make({ header: { name: 'X-Key', value: 'receiver-key-1' } })
    const me = world.person()
    const send = (asked: object) => world.webhooks.update(me, webhook.webhookId, asked)
    const refused = { status: 400, errors: [{ pointer: '/body/header/value' }] }
    for (const url of ['https://thief.example/hook', origin.replace('http:', 'https:'), 'http://127.0.0.1:9999/hook']) {
      await expect(send({ url })).rejects.toMatchObject(refused)
    }
    await send({ url: `${origin}/elsewhere` })
    await world.emit([leadEvent()])
    await sendOut()
    expect(arrived[0]).toMatchObject({ url: '/elsewhere', headers: { 'x-key': 'receiver-key-1' } })
    await send({ url: 'https://other.example/hook', header: { name: 'X-Key', value: 'another' } })
    await send({ url: `${origin}/hook`, header: null })
    await send({ url: 'https://other.example/hook' })
  })

  test('an address with its key in the path is shown to nobody, nor kept in the journal; sent back as shown it stays', async () => {
    const url = `${origin}/services/T00/B00/pathkeypathkey`
    const shown = `${origin}/services/…hkey`
    const { webhook } = await make({ url })
    const me = world.person()
    answer = (request, response) => response.end(`no such thing: ${request.url}`)
    expect(webhook.urlShown).toBe(shown)
    const kept = await world.webhooks.update(me, webhook.webhookId, { url: shown, name: 'CRM' })
    expect(kept).toMatchObject({ urlShown: shown, name: 'CRM' })
    await expect(world.webhooks.update(me, webhook.webhookId, { url: `${origin}/other/…hkey` })).rejects.toMatchObject({
      errors: [{ pointer: '/body/url' }],
    })
    await world.emit([leadEvent()])
    await sendOut()
    expect(arrived[0]?.url).toBe('/services/T00/B00/pathkeypathkey')
    const { rows } = await world.db.asOwner.query(
      `select (select json_agg(j)::text from journal_entry j) as journal,
         (select json_agg(a)::text from webhook_attempt a) as attempts`,
    )
    expect(JSON.stringify(rows)).not.toContain('pathkey')
    expect(rows[0].attempts).toContain('…hkey')
  })

  test('a changed body or a stranger is not taken for ours', async () => {
    const { secret } = await make()
    await world.emit([leadEvent()])
    await sendOut()
    const got = arrived[0] as Arrival
    expect(() => verify(secret ?? '', { ...got, body: got.body.replace('868', '869') })).toThrow()
    expect(() => verify(`whsec_${Buffer.alloc(32, 1).toString('base64')}`, got)).toThrow()
  })
})

describe('a test', () => {
  test('is sent at once, also when paused, and says what the receiver said', async () => {
    const { webhook, secret } = await make()
    const me = world.person()
    await world.webhooks.pause(me, webhook.webhookId)
    answer = (_request, response) => response.writeHead(418).end('no tea')
    const eventId = await world.webhooks.test(me, webhook.webhookId, null, new AbortController().signal)
    const seen = await world.deliveries.get(me, webhook.webhookId, eventId)
    expect(seen.delivery).toMatchObject({ name: 'webhook.test', state: 'dead', lastStatus: 418 })
    expect(JSON.parse(seen.attempts[0]?.response ?? '')).toMatchObject({ status: 418, body: 'no tea' })
    expect(verify(secret ?? '', arrived[0] as Arrival)).toMatchObject({
      type: 'webhook.test',
      data: { sentBy: 'Dana Wills' },
    })
    answer = (_request, response) => response.end()
    const again = await world.webhooks.test(me, webhook.webhookId, 'lead.created', new AbortController().signal)
    expect((await world.deliveries.get(me, webhook.webhookId, again)).delivery.state).toBe('delivered')
    expect(JSON.parse(arrived[1]?.body ?? '').data).toEqual(eventCatalogue['lead.created'].example)
    await world.engine.drain()
    expect(arrived).toHaveLength(2)
  })
})

describe('what goes wrong', () => {
  const watch = () =>
    world.transact(jobPrincipal('watch', OPERATOR, 'run-2'), (tx) => tellTroubles(tx, world.clock.now()))
  const told = async (name: string) => {
    const { rows } = await world.db.asOwner.query(
      'select payload, channel_id from outbox_event where name = $1 order by position',
      [name],
    )
    return rows
  }
  /** One event runs out of attempts while others are delivered. */
  async function giveUp(events: NewEvent[]): Promise<void> {
    world.answerWith(({ body }) => answered(JSON.parse(body).type === 'lead.deleted' ? 400 : 200))
    await world.emit(events)
    await sendOut()
    for (const seconds of RETRY_SECONDS) {
      world.clock.advance(seconds * 1_000)
      await world.emit([commentEvent(randomUUID(), 'fine', CHANNEL)])
      await sendOut()
    }
  }

  test('what was given up while all else is delivered is told once an hour, with how many, and stands on Home', async () => {
    const { webhook } = await make({ channelId: CHANNEL })
    const { webhookId } = webhook
    await world.webhooks.test(world.person(), webhookId, null, new AbortController().signal)
    await giveUp([leadEvent(undefined, CHANNEL), leadEvent(undefined, CHANNEL)])
    expect(await watch()).toMatchObject({ withDead: 1 })
    expect(await watch()).toMatchObject({ withDead: 0 })
    const lastError = 'The receiver answered 400.'
    expect(await told('webhook.event-dead')).toEqual([
      { payload: { webhookId, name: 'Webhook', count: 2, lastError }, channel_id: CHANNEL },
    ])
    expect(await journalOf('webhook.event-dead')).toMatchObject([{ after: '{"count":2}', detail: lastError }])
    const hourAgo = new Date(world.clock.now().getTime() - 3_600_000)
    expect(await world.webhooks.withDeadSince(world.person(), hourAgo)).toMatchObject([{ webhookId, dead: 2 }])
    expect(await world.webhooks.withDeadSince(world.person(), world.clock.now())).toMatchObject([{ dead: 2 }])
    world.clock.advance(1)
    expect(await world.webhooks.withDeadSince(world.person(), world.clock.now())).toMatchObject([{ dead: 0 }])
  })

  test('that news of it was given up in its turn is not told: it would never end', async () => {
    const { webhook } = await make({ events: ['webhook.event-dead'] })
    world.answerWith(() => answered(500))
    const payload = { webhookId: webhook.webhookId, name: 'Webhook', count: 1, lastError: '' }
    await world.emit([{ name: 'webhook.event-dead', key: `webhook/${webhook.webhookId}`, payload }])
    await sendOut()
    for (const seconds of RETRY_SECONDS) {
      world.clock.advance(seconds * 1_000)
      await world.engine.drain()
    }
    expect(await world.count('dead')).toBe(1)
    expect(await watch()).toMatchObject({ withDead: 0 })
  })

  test('a webhook that fails for half an hour is told once, and once that it works again', async () => {
    const { webhook } = await make()
    const { webhookId } = webhook
    world.answerWith(() => refusedConnection)
    await world.emit([leadEvent()])
    await sendOut()
    const failingSince = world.clock.now().toISOString()
    world.clock.advance(29 * 60_000)
    await world.engine.drain()
    expect(await watch()).toEqual({ failing: 0, recovered: 0, withDead: 0 })
    world.clock.advance(60_000)
    expect(await watch()).toMatchObject({ failing: 1 })
    expect(await watch()).toMatchObject({ failing: 0 })
    expect((await told('webhook.failing')).map(({ payload }) => payload)).toEqual([
      { webhookId, name: 'Webhook', failingSince, lastError: 'The connection failed.' },
    ])
    world.answerWith(() => answered(200))
    world.clock.advance(3_600_000)
    await world.engine.drain()
    expect(await watch()).toEqual({ failing: 0, recovered: 1, withDead: 0 })
    expect(await watch()).toMatchObject({ recovered: 0 })
    expect((await told('webhook.recovered')).map(({ payload }) => payload)).toEqual([{ webhookId, name: 'Webhook' }])
  })

  test('a webhook that is resumed has not delivered yet: that it works is not told', async () => {
    const { webhook } = await make()
    world.answerWith(() => refusedConnection)
    await world.emit([leadEvent()])
    await sendOut()
    world.clock.advance(30 * 60_000)
    expect(await watch()).toMatchObject({ failing: 1 })
    await world.webhooks.pause(world.person(), webhook.webhookId)
    await world.webhooks.resume(world.person(), webhook.webhookId)
    expect(await watch()).toEqual({ failing: 0, recovered: 0, withDead: 0 })
    await world.engine.drain()
    world.clock.advance(30 * 60_000)
    expect(await watch()).toMatchObject({ failing: 1 })
  })
})

test('what was sent as a test says so, and is replayed to nobody as if it had happened', async () => {
  const me = world.person()
  const [tried, other] = [await make({ events: ['lead.created'] }), await make({ events: ['lead.created'] })]
  const signal = new AbortController().signal
  answer = (_request, response) => response.writeHead(500).end()
  const eventId = await world.webhooks.test(me, tried.webhook.webhookId, 'lead.created', signal)
  expect(JSON.parse(arrived[0]?.body ?? '')).toMatchObject({ type: 'lead.created', test: true })
  answer = (_request, response) => response.end()
  const range = { from: '2000-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z', which: 'all' } as const
  expect(await world.deliveries.replayRange(me, other.webhook.webhookId, range)).toBe(0)
  expect(await world.deliveries.replayRange(me, tried.webhook.webhookId, range)).toBe(0)
  // By itself it may be sent again, and is a test still.
  await world.deliveries.replay(me, tried.webhook.webhookId, eventId)
  await world.engine.drain()
  expect(arrived).toHaveLength(2)
  expect(arrived[1]?.body).toBe(arrived[0]?.body)
  expect((await world.deliveries.get(me, tried.webhook.webhookId, eventId)).body).toBe(arrived[0]?.body)
  await make()
  await world.emit([leadEvent()])
  await sendOut()
  expect(JSON.parse(arrived[2]?.body ?? '')).not.toHaveProperty('test')
  // The webhook it was made for is gone, the next one hears nothing of it.
  await world.webhooks.remove(me, tried.webhook.webhookId)
  const next = await make({ events: ['lead.created'] })
  expect(await world.deliveries.replayRange(me, next.webhook.webhookId, range)).toBe(0)
})

describe('what cannot be', () => {
  test.each([
    ['http://127.0.0.2@10.0.0.1/', '/body/url'],
    ['https://10.0.0.1/', '/body/url'],
    ['https://[::ffff:10.0.0.1]/', '/body/url'],
    ['https://2852039166/', '/body/url'],
    ['nonsense', '/body/url'],
    [' ', '/body/url'],
  ])('the address %s', async (url, pointer) => {
    await expect(make({ url })).rejects.toMatchObject({ status: 400, errors: [{ pointer }] })
  })

  test('headers that HTTP decides on, events beyond one’s own, a channel that is not there', async () => {
    const bad = { header: { name: 'Host', value: 'a\r\nb' } }
    await expect(make(bad)).rejects.toMatchObject({
      errors: [{ pointer: '/body/header/name' }, { pointer: '/body/header/value' }],
    })
    await expect(make({ kind: 'simple' })).rejects.toMatchObject({ errors: [{ pointer: '/body/events' }] })
    await expect(make({ events: undefined })).rejects.toMatchObject({ errors: [{ pointer: '/body/events' }] })
    await expect(make({ channelId: 4_711 })).rejects.toMatchObject({ errors: [{ pointer: '/body/channelId' }] })
    await expect(make({ channelId: CHANNEL, events: ['sync.failed'] })).rejects.toMatchObject({ status: 400 })
    const weak = { ...world.person(), permissions: new Set(['webhooks.manage'] as const) }
    await expect(make({}, weak)).rejects.toMatchObject({ status: 403, code: 'permission-beyond-own' })
    const { webhook } = await make()
    await expect(world.webhooks.update(weak, webhook.webhookId, { url: `${origin}/elsewhere` })).rejects.toMatchObject({
      status: 403,
    })
  })
})

test('old deliveries are removed with their events and attempts', async () => {
  await make()
  await world.emit([leadEvent()])
  await sendOut()
  const { deliveryLogStore } = await import('./delivery-log.store.ts')
  const trim = (before: string) =>
    world.transact(world.person(), (tx) => deliveryLogStore(tx).trim(parseInstant(before) as Date, 100))
  expect(await trim('2020-01-01')).toBe(0)
  await trim('2100-01-01')
  const { rows } = await world.db.asOwner.query(
    'select (select count(*)::int from webhook_event) + (select count(*)::int from webhook_delivery) + (select count(*)::int from webhook_attempt) as n',
  )
  expect(rows[0].n).toBe(0)
})

/** As a receiver does with the official library, at the time of the attempt. Throws when it is not ours. */
function verify(secret: string, { headers, body }: Arrival): unknown {
  const real = Date.now
  Date.now = () => Number(headers['webhook-timestamp']) * 1_000
  try {
    return new Verifier(secret).verify(body, headers)
  } finally {
    Date.now = real
  }
}
