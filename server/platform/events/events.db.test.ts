import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../../test/harness/database.ts'
import { installationPrincipal, jobPrincipal } from '../../kernel/principal.ts'
import { connectionOf } from '../db/transaction.ts'
import {
  type AnyEvent,
  ClaimLostError,
  createDispatcher,
  type Dispatcher,
  type DispatcherSettings,
  type Listener,
  type ListenSettings,
  listen,
  notifyAtCommit,
  type OutboxEvent,
  reviveDelivery,
  type Subscriber,
  selectDeadDeliveries,
  selectDepth,
  writeEvents,
} from './index.ts'

const log = pino({ level: 'silent' })
const house = installationPrincipal('test', 'test')
let db: FreshDatabase
let operatorId = 100
let open: (Dispatcher | { stop(): Promise<void> })[] = []

beforeAll(async () => {
  db = await freshDatabase()
  await db.asOwner.query('create table effect (operator_id integer, note text); grant all on effect to leadline_app')
})
afterAll(async () => {
  await db.close()
})
beforeEach(async () => {
  operatorId += 1
  await db.asOwner.query('truncate outbox_event, outbox_delivery, effect')
})
afterEach(async () => {
  await Promise.all(open.map((one) => one.stop()))
  open = []
})

const me = () => jobPrincipal('test.emit-job', operatorId, 'request-1')
const send = (...events: Partial<AnyEvent>[]) =>
  db.transact(me(), (tx) =>
    writeEvents(
      tx,
      events.map((event) => ({ name: 'lead.changed', key: 'lead/1', payload: {}, ...event })),
    ),
  )
const start = (subscribers: Record<string, Subscriber>, more: Partial<DispatcherSettings> = {}) => {
  const dispatcher = createDispatcher({
    transact: db.transact,
    pool: db.pool,
    log,
    subscribers,
    firstDelayMs: 20,
    pollMs: 50,
    ...more,
  })
  open.push(dispatcher)
  return dispatcher
}
const collector = (heard: OutboxEvent[], work: (event: OutboxEvent) => Promise<void> = async () => {}): Subscriber => ({
  events: ['lead.changed'],
  async handle(event) {
    await work(event)
    heard.push(event)
  },
})
const depth = () => db.transact(house, selectDepth)
const drained = () => expect.poll(async () => (await depth()).waiting, { interval: 20 }).toBe(0)

describe('an event', () => {
  it('is heard once by each who subscribed, soon, and not by others', async () => {
    const heard: Record<string, OutboxEvent[]> = { a: [], b: [], all: [], other: [] }
    start(
      {
        a: collector(heard.a ?? []),
        b: collector(heard.b ?? []),
        all: { ...collector(heard.all ?? []), events: ['*'] },
        other: { ...collector(heard.other ?? []), events: ['lead.removed'] },
      },
      { pollMs: 60_000 },
    )
    await sleep(200)
    await send({ payload: { text: 'a\u0000b', n: 1 }, channelId: 907 })
    // By notification: the next look by itself would be in a minute.
    await expect.poll(() => [heard.a?.length, heard.b?.length, heard.all?.length], { interval: 5 }).toEqual([1, 1, 1])
    expect(heard.a?.[0]).toMatchObject({
      name: 'lead.changed',
      key: 'lead/1',
      operatorId,
      channelId: 907,
      payload: { text: 'a\u0000b', n: 1 },
      attempt: 1,
    })
    await drained()
    expect(heard.other).toEqual([])
  })

  it('is not heard when its transaction is undone', async () => {
    const heard: OutboxEvent[] = []
    start({ a: collector(heard) })
    const failing = db.transact(me(), async (tx) => {
      await writeEvents(tx, [{ name: 'lead.changed', key: 'k', payload: 'never' }])
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    await send({ payload: 'yes' })
    await expect.poll(() => heard.map((event) => event.payload)).toEqual(['yes'])
  })

  it('cannot be emitted in the name of another operator', async () => {
    await expect(send({ operatorId: operatorId + 1 })).rejects.toMatchObject({ code: '42501' })
  })

  it('comes in the order of its key, with two dispatchers, failures and slow handlers', async () => {
    const heard: OutboxEvent[] = []
    const stumbling = collector(heard, async ({ payload, attempt }) => {
      await sleep(((payload as number) * 7) % 13)
      if (attempt === 1 && (payload as number) % 10 === 3) throw new Error('stumble')
    })
    start({ a: stumbling })
    start({ a: stumbling })
    for (let n = 0; n < 120; n += 4) {
      await send(...[0, 1, 2, 3].map((i) => ({ key: `lead/${(n + i) % 6}`, payload: n + i })))
    }
    await expect.poll(() => heard.length, { interval: 20 }).toBe(120)
    for (let key = 0; key < 6; key++) {
      const order = heard.filter((event) => event.key === `lead/${key}`).map((event) => event.payload)
      expect(order).toEqual(Array.from({ length: 20 }, (_, n) => n * 6 + key))
    }
    await drained()
  })
})

describe('a failing subscriber', () => {
  it('holds up its own key only, and its event ends as a dead letter that can be given a new life', async () => {
    const heard: OutboxEvent[] = []
    let broken = true
    start({
      a: {
        ...collector(heard, async ({ payload }) => {
          if (broken && payload === 'bad') throw new Error('receiver \u0000 down')
        }),
        maxAttempts: 3,
      },
    })
    await send({ key: 'x', payload: 'bad' }, { key: 'x', payload: 'behind' }, { key: 'y', payload: 'beside' })
    await expect.poll(() => heard.map((event) => event.payload)).toEqual(['beside', 'behind'])
    const [dead] = await db.transact(house, (tx) => selectDeadDeliveries(tx, 10))
    expect(dead).toMatchObject({
      subscriber: 'a',
      payload: 'bad',
      attempts: 3,
      error: 'receiver \ufffd down',
      operatorId,
    })
    expect(await depth()).toMatchObject({ waiting: 0, dead: 1 })
    broken = false
    const revived = { subscriber: 'a', position: dead?.position ?? 0 }
    expect(await db.transact(house, (tx) => reviveDelivery(tx, revived))).toBe(true)
    await expect.poll(() => heard.length).toBe(3)
    expect(await db.transact(house, (tx) => reviveDelivery(tx, revived))).toBe(false)
  })

  it('is obeyed when it asks to wait or to give up', async () => {
    const heard: OutboxEvent[] = []
    start({
      a: collector(heard, async ({ attempt, payload }) => {
        if (payload === 'hopeless') throw Object.assign(new Error('gone'), { retryable: false })
        if (attempt === 1) throw Object.assign(new Error('busy'), { retryAfterMs: 300 })
      }),
    })
    const sentAt = performance.now()
    await send({ key: 'x', payload: 'hopeless' }, { key: 'y', payload: 'patient' })
    await expect.poll(() => heard.length, { interval: 10 }).toBe(1)
    expect(performance.now() - sentAt).toBeGreaterThan(290)
    expect(await depth()).toMatchObject({ dead: 1 })
  })

  it('that never ends is cut off', async () => {
    const heard: OutboxEvent[] = []
    const hanging = collector(heard, ({ attempt }) => (attempt === 1 ? new Promise(() => {}) : Promise.resolve()))
    start({ a: { ...hanging, timeoutSeconds: 0.05 } })
    await send({})
    await expect.poll(() => heard.length).toBe(1)
    expect(heard[0]?.attempt).toBe(2)
  })
})

// The one that is to end has room for one delivery, so that it does not take its own claim again.
describe('a dispatcher that ends in the middle', () => {
  const claimed = () =>
    expect
      .poll(async () => (await db.asOwner.query('select from outbox_delivery where claim is not null')).rowCount)
      .toBe(1)

  it('leaves a claim that another one takes when it has run out', async () => {
    await send({ payload: 1 })
    start({ a: collector([], () => new Promise(() => {})) }, { concurrency: 1 })
    await claimed()
    const heard: OutboxEvent[] = []
    start({ a: collector(heard) })
    await sleep(200)
    expect(heard).toEqual([])
    await db.asOwner.query(`update outbox_delivery set claimed_until = now() - interval '1 second'`)
    await expect.poll(() => heard.map((event) => event.attempt)).toEqual([2])
  })

  it('cannot complete an effect that was taken over: the effect happens once', async () => {
    const outcome: unknown[] = []
    const apply = (label: string, before: () => Promise<void>): Subscriber => ({
      events: ['lead.changed'],
      async handle(_event, { done }) {
        await before()
        await db
          .transact(me(), async (tx) => {
            await connectionOf(tx).query('insert into effect values ($1, $2)', [operatorId, label])
            await done(tx)
          })
          .then(
            () => outcome.push(label),
            (error) => {
              outcome.push(error)
              throw error
            },
          )
      },
    })
    const resume = Promise.withResolvers<void>()
    await send({})
    start({ a: apply('first', () => resume.promise) }, { concurrency: 1 })
    await claimed()
    await db.asOwner.query(`update outbox_delivery set claimed_until = now() - interval '1 second'`)
    start({ a: apply('second', async () => {}) })
    await expect.poll(() => outcome).toEqual(['second'])
    resume.resolve()
    await expect.poll(() => outcome.length).toBe(2)
    expect(outcome[1]).toBeInstanceOf(ClaimLostError)
    expect((await db.asOwner.query('select note from effect')).rows).toEqual([{ note: 'second' }])
  })

  it('gives back what it was at when it is stopped, without counting the attempt', async () => {
    await send({})
    const begun = Promise.withResolvers<void>()
    const dispatcher = start({
      a: {
        events: ['*'],
        async handle(_event, { signal }) {
          begun.resolve()
          await sleep(60_000, undefined, { signal })
        },
      },
    })
    await begun.promise
    await dispatcher.stop()
    const heard: OutboxEvent[] = []
    start({ a: collector(heard) })
    await expect.poll(() => heard.map((event) => event.attempt)).toEqual([1])
  })

  it('again and again over the same event is the fault of the event', async () => {
    await send({ payload: 'poison' })
    await db.transact(house, async (tx) => {
      await connectionOf(tx).query(
        `insert into outbox_delivery (subscriber, position, key, operator_id, attempts) select 'a', position, key, operator_id, 10 from outbox_event`,
      )
      await connectionOf(tx).query('update outbox_event set routed_at = now()')
    })
    const heard: OutboxEvent[] = []
    start({ a: collector(heard) })
    await expect.poll(async () => (await depth()).dead).toBe(1)
    expect(heard).toEqual([])
  })
})

describe('the outbox', () => {
  it('forgets what everyone has heard long ago, and keeps the rest', async () => {
    await send({ key: 'old' }, { key: 'dead' })
    const heard: OutboxEvent[] = []
    const fussy = collector(heard, async ({ key }) => {
      if (key === 'dead') throw Object.assign(new Error('no'), { retryable: false })
    })
    const first = start({ a: fussy })
    await expect.poll(async () => [heard.length, (await depth()).dead]).toEqual([1, 1])
    await first.stop()
    await db.asOwner.query(`update outbox_event set routed_at = now() - interval '8 days'`)
    await send({ key: 'new' })
    start({ a: fussy })
    await expect
      .poll(async () =>
        (await db.asOwner.query('select key from outbox_event order by position')).rows.map((row) => row.key),
      )
      .toEqual(['dead', 'new'])
  })
})

describe('listening', () => {
  const hear = (settings: Omit<ListenSettings, 'connection'>): Listener => {
    const listener = listen({ connection: db.pool.options, ...settings })
    open.push({ stop: () => listener.close() })
    return listener
  }

  it('hears what is committed on its channels', async () => {
    const messages: string[][] = []
    const listener = hear({
      channels: ['leadline_test', 'Odd "name"'],
      onMessage: (...message) => messages.push(message),
    })
    expect(listener.connected).toBe(false)
    await expect.poll(() => listener.connected).toBe(true)
    await db.transact(house, (tx) => notifyAtCommit(tx, 'leadline_test', 'one'))
    await db.transact(house, (tx) => notifyAtCommit(tx, 'leadline_other', 'not mine'))
    await db.transact(house, (tx) => notifyAtCommit(tx, 'Odd "name"', 'two'))
    await expect
      .poll(() => messages)
      .toEqual([
        ['leadline_test', 'one'],
        ['Odd "name"', 'two'],
      ])
    await listener.close()
    expect(listener.connected).toBe(false)
  })

  it('connects again by itself, and says that something may have been missed', async () => {
    let connects = 0
    const errors: Error[] = []
    const messages: string[] = []
    const listener = hear({
      channels: ['leadline_test'],
      onMessage: (_channel, payload) => messages.push(payload),
      onConnected: () => {
        connects += 1
      },
      onError: (error) => errors.push(error),
    })
    await expect.poll(() => connects).toBe(1)
    await db.asOwner.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen%' and datname = current_database() and pid <> pg_backend_pid()`,
    )
    await expect.poll(() => errors.length).toBe(1)
    await expect.poll(() => [connects, listener.connected]).toEqual([2, true])
    await db.transact(house, (tx) => notifyAtCommit(tx, 'leadline_test', 'again'))
    await expect.poll(() => messages).toEqual(['again'])
  })

  it('can be closed while there is no database', async () => {
    const errors: Error[] = []
    const listener = listen({
      connection: { host: '127.0.0.1', port: 9, user: 'x' },
      channels: ['x'],
      onMessage: () => {},
      onError: (error) => errors.push(error),
    })
    await expect.poll(() => errors.length).toBeGreaterThan(0)
    await listener.close()
    expect(listener.connected).toBe(false)
  })
})
