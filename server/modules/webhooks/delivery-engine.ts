import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Clock } from '../../kernel/clock.ts'
import { newId } from '../../kernel/ids.ts'
import { installationPrincipal, jobPrincipal } from '../../kernel/principal.ts'
import type { Transact } from '../../platform/db/transaction.ts'
import { createBell, emit } from '../../platform/events/index.ts'
import { journal } from '../audit/index.ts'
import {
  type ClaimedWebhookDelivery,
  claimWebhookDeliveries,
  freeForgotten,
  settleDeliveries,
} from './delivery.store.ts'
import { TEST_POSITION } from './message.rules.ts'
import { createPace } from './pace.ts'
import { isBeyondHope, MAX_ATTEMPTS, nextDelayMs } from './retry.rules.ts'
import { type WebhookHealth, webhookStore } from './webhook.store.ts'
import type { PauseReason, Webhook } from './webhook.ts'
import type { Attempted, WebhookSender } from './webhook-sender.ts'

export type DeliveryEngineSettings = {
  transact: Transact
  sender: WebhookSender
  clock: Clock
  log: Logger
  /** Attempts to one receiver at a time, as many as there are connections. Default 32. */
  perWebhook?: number
  /** Attempts at a time in this process. Default 256. */
  concurrency?: number
  /** Attempts that this process begins in a second, so that a burst leaves the pages their processor. Default: no limit. */
  perSecond?: number
  /** Looks for what is due by itself that often. Default 1,000. */
  pollMs?: number
  /** Each attempt, for the figures. */
  onAttempt?: (attempt: { outcome: string; durationMs: number }) => void
  /** 0 to 1, for the jitter. */
  random?: () => number
}

export type DeliveryEngine = {
  /** There may be something to deliver. */
  wake(): void
  /** Delivers whatever is due now, and what follows from it; for tests, instead of `start`. */
  drain(): Promise<void>
  start(): void
  /** Gives claims back that are under way. */
  stop(): Promise<void>
}

type Done = { delivery: ClaimedWebhookDelivery; claim: string; attempted: Attempted | null; at: Date }

/** Longer than any attempt takes: 15 s to the head of the answer, 1 s for its body. */
const CLAIM_MS = 25_000
/** After so many failures in a row a receiver gets few attempts at a time until one succeeds. */
const SUSPECT_AFTER = 10
const SUSPECT_ROOM = 4
/** A receiver that answers fast has more of them waiting for a connection, for about so long at most. */
const WAIT_MS = 1_000
const MOST_ROOM = 192
/** One that takes long leaves room for others. */
const SLOW_MS = 3_000
const SLOW_ROOM = 8
/** A burst is begun in lots this far apart. */
const LOT_MS = 20
const NOTED_EVERY_MS = 5_000
const LOOK_BACK_MS = 10_000

/**
 * Delivers events to webhooks: at least once, in order per webhook and key (one lead), any number of workers at once. What
 * fails is due again by the schedule of `retry.rules.ts` and holds up only the later events of its own key; what is out of
 * attempts is dead, kept, and can be replayed. Source: issue 6, 3; quality.md R3.
 */
export function createDeliveryEngine(settings: DeliveryEngineSettings): DeliveryEngine {
  const { transact, sender, clock, log, perWebhook = 32, concurrency = 256, pollMs = 1_000 } = settings
  const random = settings.random ?? Math.random
  const pace = settings.perSecond === undefined ? null : createPace(settings.perSecond)
  const background = installationPrincipal('webhooks', 'webhooks')
  const bell = createBell()
  const stopping = new AbortController()
  const inFlight = new Map<string, number>()
  const failuresInRow = new Map<string, number>()
  const notedWellAt = new Map<string, number>()
  /** How long a receiver usually takes, in milliseconds. */
  const usualMs = new Map<string, number>()
  let busy = 0
  let done: Done[] = []
  let flushing: Promise<void> | null = null
  let running: Promise<void> | null = null
  let settledLots = 0
  let lookedBackAt = performance.now()

  function roomOf(webhookId: string): number {
    const isSuspect = (failuresInRow.get(webhookId) ?? 0) >= SUSPECT_AFTER
    const usual = usualMs.get(webhookId) ?? WAIT_MS
    const most = usual > SLOW_MS ? SLOW_ROOM : Math.min(MOST_ROOM, perWebhook * Math.max(1, WAIT_MS / usual))
    return (isSuspect ? SUSPECT_ROOM : Math.floor(most)) - (inFlight.get(webhookId) ?? 0)
  }

  /** How many attempts were begun. */
  async function work(): Promise<number> {
    const room = Math.min(concurrency - busy, pace?.room() ?? concurrency)
    if (room <= 0) return 0
    const rooms = new Map(
      [...new Set([...inFlight.keys(), ...failuresInRow.keys(), ...usualMs.keys()])].map((id) => [
        id,
        Math.max(0, roomOf(id)),
      ]),
    )
    const claim = randomUUID()
    const wanted = { now: clock.now(), claim, claimMs: CLAIM_MS, room: perWebhook, rooms, limit: room }
    const { claimed, webhooks } = await transact(background, async (tx) => {
      const claimed = await claimWebhookDeliveries(tx, wanted)
      const ids = [...new Set(claimed.map(({ webhookId }) => webhookId))]
      return { claimed, webhooks: ids.length === 0 ? [] : await webhookStore(tx).byIds(ids) }
    })
    pace?.take(claimed.length)
    const byId = new Map(webhooks.map((webhook) => [webhook.webhookId, webhook]))
    for (const delivery of claimed) {
      const webhook = byId.get(delivery.webhookId)
      if (webhook) attend(webhook, delivery, claim)
    }
    return claimed.length
  }

  function attend(webhook: Webhook, delivery: ClaimedWebhookDelivery, claim: string): void {
    const { webhookId } = webhook
    busy++
    inFlight.set(webhookId, (inFlight.get(webhookId) ?? 0) + 1)
    const at = clock.now()
    attempt(webhook, delivery, at)
      .catch((error) => {
        log.error({ err: error, webhookId, eventId: delivery.eventId }, 'a webhook could not be attempted')
        return null
      })
      .then((attempted) => {
        busy--
        const left = (inFlight.get(webhookId) ?? 1) - 1
        if (left === 0) inFlight.delete(webhookId)
        else inFlight.set(webhookId, left)
        note(webhookId, attempted)
        if (attempted) settings.onAttempt?.({ outcome: attempted.row.outcome, durationMs: attempted.row.duration_ms })
        done.push({ delivery, claim, attempted, at })
        flush()
      })
  }

  async function attempt(webhook: Webhook, delivery: ClaimedWebhookDelivery, at: Date): Promise<Attempted | null> {
    // Claimed again and again without a word: it takes the worker down with it.
    if (delivery.attempts > MAX_ATTEMPTS) return null
    const { eventId, name, operatorId, eventChannelId, payload } = delivery
    const isTest = delivery.position === TEST_POSITION
    const message = { eventId, name, operatorId, channelId: eventChannelId, payload, at: delivery.at, isTest }
    return sender.send(webhook, message, at, stopping.signal)
  }

  function note(webhookId: string, attempted: Attempted | null): void {
    const tookMs = Math.max(1, attempted?.row.duration_ms ?? WAIT_MS)
    usualMs.set(webhookId, 0.9 * (usualMs.get(webhookId) ?? WAIT_MS) + 0.1 * tookMs)
    if (attempted?.verdict.kind === 'delivered') failuresInRow.delete(webhookId)
    else failuresInRow.set(webhookId, (failuresInRow.get(webhookId) ?? 0) + 1)
  }

  /** Writes what is done, all of it at once; what comes meanwhile is the next lot. */
  function flush(): void {
    if (flushing || done.length === 0) return
    const lot = done
    done = []
    flushing = settle(lot)
      .catch((error) =>
        log.error({ err: error, deliveries: lot.length }, 'deliveries could not be settled; they come again'),
      )
      .finally(() => {
        flushing = null
        settledLots++
        bell.ring()
        flush()
      })
  }

  async function settle(lot: Done[]): Promise<void> {
    const now = clock.now()
    const settled = lot.map((one) => settledOf(one, now))
    const attempts = lot.flatMap(({ attempted }) => (attempted && !attempted.isStopped ? [attempted.row] : []))
    const health = healthOf(lot).filter((one) => isNews(one, now))
    const hopeless = await transact(background, async (tx) => {
      await webhookStore(tx).hold([...new Set(settled.map((one) => one.webhook_id))])
      const dead = await settleDeliveries(tx, settled, attempts, now)
      await webhookStore(tx).noteHealth(health)
      await webhookStore(tx).noteDead(countsOfDead(dead))
      const exhausted = new Set(settled.filter(({ state }) => state === 'dead').map((one) => one.webhook_id))
      const gone = new Set(lot.filter(isGone).map(({ delivery }) => delivery.webhookId))
      const ids = [...new Set([...exhausted, ...gone])]
      const webhooks = ids.length === 0 ? [] : await webhookStore(tx).byIds(ids)
      return webhooks
        .filter(({ webhookId, failingSince }) => gone.has(webhookId) || isBeyondHope(failingSince, now))
        .map((webhook) => ({ webhook, reason: gone.has(webhook.webhookId) ? ('gone' as const) : ('failing' as const) }))
    })
    for (const { webhook, reason } of hopeless) await pause(webhook, reason)
  }

  /** A receiver that goes on working is not noted each time. */
  function isNews({ webhook_id, failed_at }: WebhookHealth, now: Date): boolean {
    const known = notedWellAt.get(webhook_id)
    if (failed_at !== null) notedWellAt.delete(webhook_id)
    else if (known === undefined || now.getTime() - known >= NOTED_EVERY_MS) notedWellAt.set(webhook_id, now.getTime())
    else return false
    return true
  }

  function settledOf({ delivery, claim, attempted }: Done, now: Date) {
    const { operatorId: operator_id, webhookId: webhook_id, eventId: event_id } = delivery
    const base = { operator_id, webhook_id, event_id, claim, returned: false, due_at: null, status: null, error: null }
    if (attempted?.isStopped) return { ...base, state: 'pending' as const, returned: true }
    if (attempted?.verdict.kind === 'delivered') {
      return { ...base, state: 'delivered' as const, status: attempted.row.status }
    }
    const verdict = attempted?.verdict
    const delayMs = nextDelayMs(delivery.attempts, verdict?.retryAfterSeconds ?? null, random())
    const error = attempted ? attempted.row.error : 'Leadline could not make the request; see its log.'
    const status = attempted?.row.status ?? null
    if (delayMs === null) return { ...base, state: 'dead' as const, status, error }
    return { ...base, state: 'pending' as const, due_at: new Date(now.getTime() + delayMs), status, error }
  }

  /** Nothing more is sent until somebody resumes it; whoever hears of events is told. */
  async function pause({ operatorId, webhookId }: Webhook, reason: Exclude<PauseReason, 'asked'>): Promise<void> {
    const now = clock.now()
    await transact(jobPrincipal('webhooks', operatorId, newId()), async (tx) => {
      const webhook = await webhookStore(tx).lock(webhookId)
      if (!webhook || webhook.state === 'paused') return
      const { name, channelId, failingSince, lastError } = webhook
      await webhookStore(tx).update({ ...webhook, state: 'paused', pausedBecause: reason, pausedAt: now }, now)
      await journal(tx).append({
        action: 'webhook.paused',
        object: { type: 'webhook', id: webhookId, name },
        channelId,
        after: { reason },
        detail: lastError ?? '',
      })
      await emit(tx, {
        name: 'webhook.paused',
        channelId,
        key: `webhook/${webhookId}`,
        payload: {
          ...{ webhookId, name, reason, failingSince: failingSince?.toISOString() ?? null, lastError: lastError ?? '' },
        },
      })
      log.warn({ webhookId, operatorId, reason }, 'webhook paused')
    })
  }

  const isIdle = () => busy === 0 && done.length === 0 && flushing === null

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      const begun = await work().catch((error) => {
        log.error({ err: error }, 'looking for webhooks to deliver failed')
        return 0
      })
      if (begun > 0 && busy < concurrency) {
        if (pace) await sleep(LOT_MS)
        continue
      }
      if (performance.now() - lookedBackAt > LOOK_BACK_MS) await lookBack()
      await bell.wait(pollMs)
    }
  }

  async function lookBack(): Promise<void> {
    lookedBackAt = performance.now()
    await transact(background, freeForgotten).catch((error) =>
      log.error({ err: error }, 'looking for forgotten deliveries failed'),
    )
  }

  return {
    wake: bell.ring,
    async drain() {
      for (;;) {
        const before = settledLots
        const begun = await work()
        // What was settled while it looked may have freed the next of its key.
        if (begun === 0 && isIdle() && before === settledLots) return
        if (!isIdle()) await bell.wait(pollMs)
      }
    },
    start() {
      running ??= loop()
    },
    async stop() {
      stopping.abort()
      bell.ring()
      await running
      while (!isIdle()) await bell.wait(50)
    },
  }
}

/** Of each webhook. News of what was given up is not told of in its turn: it would never end. */
function countsOfDead(dead: readonly { webhookId: string; name: string }[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { webhookId, name } of dead) {
    if (name !== 'webhook.event-dead') counts.set(webhookId, (counts.get(webhookId) ?? 0) + 1)
  }
  return counts
}

function isGone({ attempted }: Done): boolean {
  return attempted?.verdict.kind === 'failed' && attempted.verdict.isGone
}

/** Of each webhook: when it last delivered, and whether the last attempt failed. */
function healthOf(lot: Done[]): WebhookHealth[] {
  const health = new Map<string, WebhookHealth>()
  for (const { delivery, attempted, at } of lot) {
    if (attempted?.isStopped) continue
    const webhook_id = delivery.webhookId
    const known = health.get(webhook_id) ?? { webhook_id, delivered_at: null, failed_at: null, error: null }
    if (attempted?.verdict.kind === 'delivered') {
      health.set(webhook_id, { webhook_id, delivered_at: at, failed_at: null, error: null })
    } else {
      const error = attempted?.row.error ?? 'Leadline could not make the request; see its log.'
      health.set(webhook_id, { ...known, failed_at: known.failed_at ?? at, error })
    }
  }
  // In one order, in which every worker locks them.
  return [...health.values()].sort((a, b) => (a.webhook_id < b.webhook_id ? -1 : 1))
}
