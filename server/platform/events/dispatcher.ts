import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { Logger } from 'pino'
import { messageOf } from '../../kernel/errors.ts'
import { installationPrincipal, type Principal } from '../../kernel/principal.ts'
import type { Transact, Tx } from '../db/transaction.ts'
import { createBell } from './bell.ts'
import {
  type ClaimedDelivery,
  claimDeliveries,
  failDelivery,
  finishDelivery,
  lockRouting,
  type RoutedEvent,
  returnDeliveries,
  routeEvents,
  selectRouted,
  trimEvents,
} from './delivery.store.ts'
import { limitTime } from './limit-time.ts'
import { listen } from './listener.ts'

/** An event as a subscriber gets it; the same event may come again, with the same id. */
export type OutboxEvent = {
  id: string
  name: string
  key: string
  operatorId: number
  channelId: number | null
  payload: unknown
  at: Date
  /** 1 for the first delivery. */
  attempt: number
}

export type DeliveryContext = {
  /** Aborted on time-out and shutdown. */
  signal: AbortSignal
  /**
   * Marks the delivery as done in a transaction of the subscriber, whoever's: its effect then happens exactly once.
   * Throws `ClaimLostError`, and with that undoes the transaction, when another worker has taken over.
   */
  done(tx: Tx): Promise<void>
  log: Logger
}

export type Subscriber = {
  /** Names of events; `*` for every event. */
  events: string[]
  /** Throwing means: try again later. An error's `retryAfterMs` is honoured; `retryable: false` makes it a dead letter. */
  handle(event: OutboxEvent, context: DeliveryContext): Promise<void>
  /** Deliveries of one event until it is a dead letter. Default 10, over about 20 minutes. */
  maxAttempts?: number
  /** Default 30. */
  timeoutSeconds?: number
}

/**
 * Takes events out of the outbox as they are routed, many at once, in the transaction that routes them: its effect happens
 * exactly once. It must only write to the database, and what it throws holds up every event: nothing of it may depend on
 * what an event says.
 */
export type Relay = {
  events: readonly string[]
  /** Whether it kept something of them. */
  take(tx: Tx, events: RoutedEvent[]): Promise<boolean>
  /** What it kept is committed. */
  taken?(): void
}

/** By a name that never changes: what a subscriber has still to hear is kept under it. */
export type Subscribers = Record<string, Subscriber>

/** Another worker delivers this event now. */
export class ClaimLostError extends Error {
  constructor(eventId: string) {
    super(`The delivery of event ${eventId} was taken over by another worker.`)
    this.name = 'ClaimLostError'
  }
}

class PoisonEventError extends Error {
  readonly retryable = false

  constructor(attempts: number) {
    super(`${attempts} workers began to deliver this event and were not heard of again.`)
    this.name = 'PoisonEventError'
  }
}

export type DispatcherSettings = {
  transact: Transact
  /** Its settings serve for a connection that hears of new events. */
  pool: pg.Pool
  subscribers: Subscribers
  relays?: readonly Relay[]
  log: Logger
  /** Deliveries at a time. Default 8. */
  concurrency?: number
  /** Looks for work by itself that often, should a notification get lost. Default 1,000. */
  pollMs?: number
  /** How long events are kept after everyone has heard them. Default 7 days. */
  keepSeconds?: number
  /** For the first retry; doubles each time up to 5 minutes. Default 1,000. */
  firstDelayMs?: number
}

export type Dispatcher = { stop(): Promise<void> }

const principal: Principal = installationPrincipal('outbox', 'outbox')
const DEFAULT_MAX_ATTEMPTS = 10
const LONGEST_DELAY_MS = 300_000
const ROUTE_BATCH = 1_000
const LOOK_INTERVAL_MS = 20
const TRIM_INTERVAL_MS = 60_000
/** A claim outlives the time-out of its handler by this much, so that a healthy worker never loses one. */
const CLAIM_MARGIN_MS = 10_000
/** For a handler to stop when it is told to. */
const GRACE_MS = 2_000

/**
 * Brings events to their subscribers: at least once, in order per key, any number of instances at once. A worker that dies
 * leaves claims that run out; a failing event holds up its own key only, and after `maxAttempts` is kept as a dead letter.
 */
export function createDispatcher(settings: DispatcherSettings): Dispatcher {
  const {
    transact,
    log,
    subscribers,
    relays = [],
    concurrency = 8,
    pollMs = 1_000,
    keepSeconds = 7 * 86_400,
  } = settings
  const names = Object.keys(subscribers)
  const subscriptions = names.flatMap((subscriber) =>
    (subscribers[subscriber]?.events ?? []).map((event) => ({ subscriber, event })),
  )
  const claimMs = Math.max(...names.map((name) => timeoutMs(subscribers[name])), 1_000) + CLAIM_MARGIN_MS
  const stopping = new AbortController()
  const busy = new Set<Promise<void>>()
  const bell = createBell()
  stopping.signal.addEventListener('abort', bell.ring)
  const listener = listen({
    connection: settings.pool.options,
    channels: ['leadline_outbox'],
    onMessage: bell.ring,
    onConnected: bell.ring,
    onError: (error) =>
      log.warn({ err: error }, 'new events are looked for once a second: no notifications at the moment'),
  })

  /** Whether there may be more to do at once. */
  async function work(): Promise<boolean> {
    const { routed, keepers } = await transact(principal, async (tx) =>
      (await lockRouting(tx)) ? route(tx) : { routed: 0, keepers: [] },
    )
    for (const relay of keepers) relay.taken?.()
    const room = concurrency - busy.size
    if (room <= 0) return false
    const claim = randomUUID()
    const claimed = await transact(principal, (tx) =>
      claimDeliveries(tx, { subscribers: names, claim, claimMs, limit: room }),
    )
    for (const delivery of claimed) {
      const delivering: Promise<void> = deliver(delivery, claim)
        .catch((error) =>
          log.error({ err: error, eventId: delivery.eventId }, 'a delivery could not be settled; it comes again'),
        )
        .finally(() => {
          busy.delete(delivering)
          bell.ring()
        })
      busy.add(delivering)
    }
    return routed === ROUTE_BATCH || claimed.length === room
  }

  async function route(tx: Tx): Promise<{ routed: number; keepers: Relay[] }> {
    const routed = await routeEvents(tx, subscriptions, ROUTE_BATCH)
    const keepers: Relay[] = []
    const wanted = routed.filter(({ name }) => relays.some(({ events }) => events.includes(name)))
    // Read once for all: their payloads hold whole leads.
    const events =
      wanted.length === 0
        ? []
        : await selectRouted(
            tx,
            wanted.map(({ position }) => position),
          )
    for (const relay of relays) {
      const own = events.filter(({ name }) => relay.events.includes(name))
      if (own.length > 0 && (await relay.take(tx, own))) keepers.push(relay)
    }
    return { routed: routed.length, keepers }
  }

  async function deliver(delivery: ClaimedDelivery, claim: string): Promise<void> {
    const subscriber = subscribers[delivery.subscriber]
    if (!subscriber) return
    const maxAttempts = subscriber.maxAttempts ?? DEFAULT_MAX_ATTEMPTS
    const limit = limitTime(timeoutMs(subscriber), stopping.signal)
    const context: DeliveryContext = {
      signal: limit.signal,
      log: log.child({ subscriber: delivery.subscriber, eventId: delivery.eventId }),
      async done(tx) {
        if (!(await finishDelivery(tx, delivery, claim))) throw new ClaimLostError(delivery.eventId)
      },
    }
    try {
      // Claimed again and again without a word: it takes the worker down with it.
      if (delivery.attempts > maxAttempts) throw new PoisonEventError(delivery.attempts - 1)
      await limit.race(subscriber.handle(toEvent(delivery), context), GRACE_MS)
      // In a transaction of the handler that committed it is done already; deleting it again finds nothing.
      await transact(principal, (tx) => finishDelivery(tx, delivery, claim))
    } catch (error) {
      if (error instanceof ClaimLostError) return context.log.warn(error.message)
      if (stopping.signal.aborted) return await transact(principal, (tx) => returnDeliveries(tx, claim, [delivery]))
      await fail(delivery, claim, maxAttempts, error)
    } finally {
      limit.cancel()
    }
  }

  async function fail(delivery: ClaimedDelivery, claim: string, maxAttempts: number, error: unknown): Promise<void> {
    const delayMs = retryDelayMs(error, delivery.attempts, maxAttempts, settings.firstDelayMs ?? 1_000)
    const { subscriber: name, eventId, attempts } = delivery
    const told = { err: error, subscriber: name, eventId, attempts, retryInMs: delayMs }
    if (delayMs === null) log.error(told, 'event given up: a dead letter')
    else log.warn(told, 'event not delivered')
    await transact(principal, (tx) => failDelivery(tx, delivery, claim, storable(messageOf(error)), delayMs))
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      const lookedAt = performance.now()
      const more = await work().catch((error) => {
        log.error({ err: error }, 'dispatching events failed')
        return false
      })
      if (more) continue
      await bell.wait(pollMs)
      // What follows closely is taken together: a look costs two transactions, however little there is.
      const early = lookedAt + LOOK_INTERVAL_MS - performance.now()
      if (early > 0) await sleep(early)
    }
  }

  async function trim(): Promise<void> {
    while (!stopping.signal.aborted) {
      await transact(principal, (tx) => trimEvents(tx, keepSeconds, 10_000)).catch((error) =>
        log.error({ err: error }, 'trimming the outbox failed'),
      )
      await sleep(TRIM_INTERVAL_MS, undefined, { signal: stopping.signal }).catch(() => {})
    }
  }

  const loops = [loop(), trim()]
  return {
    async stop() {
      stopping.abort()
      await Promise.all([...loops, listener.close()])
      await Promise.all(busy)
    },
  }
}

/** In how many milliseconds to try again; null: not any more. */
export function retryDelayMs(
  error: unknown,
  attempts: number,
  maxAttempts: number,
  firstDelayMs: number,
): number | null {
  const { retryAfterMs, retryable } = (typeof error === 'object' && error !== null ? error : {}) as Record<
    string,
    unknown
  >
  if (retryable === false || attempts >= maxAttempts) return null
  if (typeof retryAfterMs === 'number' && retryAfterMs >= 0) return Math.min(retryAfterMs, 3_600_000)
  const ceiling = Math.min(LONGEST_DELAY_MS, firstDelayMs * 2 ** (attempts - 1))
  return Math.round(ceiling * (0.5 + Math.random() / 2))
}

function toEvent({ eventId, name, key, operatorId, channelId, payload, at, attempts }: ClaimedDelivery): OutboxEvent {
  return { id: eventId, name, key, operatorId, channelId, payload, at, attempt: attempts }
}

function timeoutMs(subscriber: Subscriber | undefined): number {
  return (subscriber?.timeoutSeconds ?? 30) * 1000
}

/** PostgreSQL text holds no U+0000. */
function storable(text: string): string {
  return text.replaceAll('\u0000', '\ufffd').toWellFormed()
}
