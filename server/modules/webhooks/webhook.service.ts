import { type EventName, eventSpec } from '../../../contract/events.ts'
import { WEBHOOKS_MAX } from '../../../contract/webhooks.ts'
import type { Clock } from '../../kernel/clock.ts'
import { AppError, badRequest, type FieldError, notFound } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { Transact, Tx } from '../../platform/db/transaction.ts'
import { demandMatch } from '../../platform/http/index.ts'
import { type AddressGuard, headerNameProblem, headerValueProblem } from '../../platform/outbound/index.ts'
import type { Sealer } from '../../platform/secrets/index.ts'
import { journal } from '../audit/index.ts'
import { insertAttempts, insertFinishedDelivery } from './delivery.store.ts'
import { deliveryLogStore } from './delivery-log.store.ts'
import { HIDDEN_PART, shownUrl, TEST_POSITION } from './message.rules.ts'
import { makeSecret } from './signature.ts'
import {
  choiceProblem,
  mayHear,
  mayPause,
  mayResume,
  mayRotateSecret,
  type Permitted,
  simpleEvents,
} from './webhook.rules.ts'
import { webhookStore } from './webhook.store.ts'
import type { Webhook, WebhookCounts, WebhookKind } from './webhook.ts'
import { type WebhookSender, webhookCell } from './webhook-sender.ts'

export type WebhookAsked = {
  name?: string
  url?: string
  events?: EventName[]
  header?: { name: string; value: string } | null
}
export type NewWebhook = WebhookAsked & { url: string; kind?: WebhookKind; channelId?: number | null }

export type WebhookServiceOptions = {
  transact: Transact
  sealer: Sealer
  clock: Clock
  guard: AddressGuard
  sender: WebhookSender
}

export type WebhookService = ReturnType<typeof createWebhookService>

const NO_COUNTS: WebhookCounts = { waiting: 0, dead: 0 }
const HOUR_MS = 3_600_000
const ADDRESS_WITH_GAPS = {
  ok: false,
  reason: `Parts of this address are hidden (${HIDDEN_PART}): enter the whole of it, or leave it out to keep it.`,
} as const
/** Else whoever may change a webhook reads the key of its receiver by sending it to himself. */
const HEADER_OF_OLD_ADDRESS =
  'Enter the value again, or take the header away: with another address the one that is stored is not used.'

/** Webhooks of an operator and of its channels: made, changed, tried; each change in the journal, no secret in it. */
export function createWebhookService({ transact, sealer, clock, guard, sender }: WebhookServiceOptions) {
  /** The fields that were asked for, sealed where they are secrets; throws all that is wrong at once. */
  function read(webhook: Webhook, asked: WebhookAsked, errors: FieldError[]): Webhook {
    const place = (column: string) => webhookCell(webhook, column)
    const changed = { ...webhook }
    if (asked.name !== undefined) changed.name = asked.name.trim()
    const isAsShown = webhook.urlShown !== '' && asked.url?.trim() === webhook.urlShown
    if (asked.url !== undefined && !isAsShown) {
      const url = asked.url.trim()
      const judgement = url.includes(HIDDEN_PART) ? ADDRESS_WITH_GAPS : guard.judgeUrl(url)
      if (judgement.ok) {
        changed.urlSealed = sealer.seal(url, place('url_sealed'))
        changed.urlShown = shownUrl(url)
      } else errors.push({ pointer: '/body/url', detail: judgement.reason })
    }
    if (asked.header === null) Object.assign(changed, { headerName: null, headerValueSealed: null })
    else if (asked.header) {
      const { name, value } = asked.header
      const problems = { name: headerNameProblem(name), value: headerValueProblem(value) }
      for (const [field, detail] of Object.entries(problems)) {
        if (detail !== null) errors.push({ pointer: `/body/header/${field}`, detail })
      }
      changed.headerName = name
      changed.headerValueSealed = sealer.seal(value, place('header_value_sealed'))
    }
    return changed
  }

  /** Scheme, host and port. */
  function originOf(webhook: Webhook): string {
    return new URL(sealer.open(webhook.urlSealed, webhookCell(webhook, 'url_sealed'))).origin
  }

  async function lock(tx: Tx, webhookId: string, ifMatch: string | undefined): Promise<Webhook> {
    const webhook = await webhookStore(tx).lock(webhookId)
    if (!webhook) throw notFound('The webhook')
    demandMatch(ifMatch, webhookTag(webhook))
    return webhook
  }

  async function save(tx: Tx, webhook: Webhook, action: string, difference: object): Promise<Webhook> {
    await webhookStore(tx).update(webhook, clock.now())
    await journal(tx).append({ action, object: objectOf(webhook), channelId: webhook.channelId, ...difference })
    return { ...webhook, version: webhook.version + 1, changedAt: clock.now() }
  }

  return {
    list: (principal: OperatorPrincipal): Promise<{ webhook: Webhook; counts: WebhookCounts }[]> =>
      transact(principal, async (tx) => {
        const webhooks = await webhookStore(tx).list()
        const counts = await webhookStore(tx).counts(webhooks.map(({ webhookId }) => webhookId))
        return webhooks.map((webhook) => ({ webhook, counts: counts.get(webhook.webhookId) ?? NO_COUNTS }))
      }),

    /** With how many of their events were given up since; without counting what they deliver. */
    withDeadSince: (principal: OperatorPrincipal, since: Date): Promise<(Webhook & { dead: number })[]> =>
      transact(principal, async (tx) => {
        const webhooks = await webhookStore(tx).list()
        const dead = webhooks.length === 0 ? new Map<string, number>() : await webhookStore(tx).deadSince(since)
        return webhooks.map((webhook) => ({ ...webhook, dead: dead.get(webhook.webhookId) ?? 0 }))
      }),

    get: (principal: OperatorPrincipal, webhookId: string): Promise<Webhook> =>
      transact(principal, async (tx) => {
        const webhook = await webhookStore(tx).find(webhookId)
        if (!webhook) throw notFound('The webhook')
        return webhook
      }),

    /** With its secret, which is told this once; null for the kind simple. */
    create: async (
      principal: OperatorPrincipal,
      asked: NewWebhook,
    ): Promise<{ webhook: Webhook; secret: string | null }> => {
      const now = clock.now()
      const channelId = principal.channelId ?? asked.channelId ?? null
      const kind = asked.kind ?? 'complete'
      const fresh = freshWebhook(principal, kind, channelId, now)
      const errors: FieldError[] = []
      const problem = choiceProblem(kind, channelId, asked.events)
      if (problem !== null) errors.push({ pointer: '/body/events', detail: problem })
      const secret = kind === 'complete' ? makeSecret() : null
      const webhook: Webhook = {
        ...read(fresh, { ...asked, name: asked.name ?? DEFAULT_NAMES[kind] }, errors),
        events: kind === 'simple' ? simpleEvents(channelId) : (asked.events ?? []),
        secretSealed: secret === null ? null : sealer.seal(secret, webhookCell(fresh, 'secret_sealed')),
      }
      if (errors.length > 0) throw badRequest(errors)
      demand(mayHear(principal.permissions, webhook.events))
      await transact(principal, async (tx) => {
        if ((await webhookStore(tx).countForNew(channelId)) >= WEBHOOKS_MAX) throw tooMany()
        await inKnownChannel(() => webhookStore(tx).insert(webhook))
        await journal(tx).append({
          action: 'webhook.created',
          object: objectOf(webhook),
          channelId,
          after: factsOf(webhook),
        })
      })
      return { webhook, secret }
    },

    update: (
      principal: OperatorPrincipal,
      webhookId: string,
      asked: WebhookAsked,
      ifMatch?: string,
    ): Promise<Webhook> =>
      transact(principal, async (tx) => {
        const before = await lock(tx, webhookId, ifMatch)
        const errors: FieldError[] = []
        const problem = asked.events && choiceProblem(before.kind, before.channelId, asked.events)
        if (problem) errors.push({ pointer: '/body/events', detail: problem })
        const after = { ...read(before, asked, errors), ...(asked.events && { events: asked.events }) }
        const isHeaderKept = asked.header === undefined && before.headerValueSealed !== null
        if (errors.length === 0 && isHeaderKept && originOf(before) !== originOf(after)) {
          errors.push({ pointer: '/body/header/value', detail: HEADER_OF_OLD_ADDRESS })
        }
        if (errors.length > 0) throw badRequest(errors)
        // Another address, too, is somebody else who gets to read it.
        if (asked.url !== undefined || asked.events) demand(mayHear(principal.permissions, after.events))
        const hidden = { urlChanged: after.urlSealed !== before.urlSealed, headerChanged: asked.header !== undefined }
        return save(tx, after, 'webhook.changed', { before: factsOf(before), after: { ...factsOf(after), ...hidden } })
      }),

    remove: (principal: OperatorPrincipal, webhookId: string, ifMatch?: string): Promise<void> =>
      transact(principal, async (tx) => {
        const webhook = await lock(tx, webhookId, ifMatch)
        await webhookStore(tx).remove(webhookId)
        await journal(tx).append({
          action: 'webhook.deleted',
          object: objectOf(webhook),
          channelId: webhook.channelId,
          before: factsOf(webhook),
          after: null,
        })
      }),

    rotateSecret: (principal: OperatorPrincipal, webhookId: string, overlapHours: number) =>
      transact(principal, async (tx): Promise<{ webhook: Webhook; secret: string }> => {
        const before = await lock(tx, webhookId, undefined)
        demand(mayRotateSecret(before))
        demand(mayHear(principal.permissions, before.events))
        const secret = makeSecret()
        const until = overlapHours === 0 ? null : new Date(clock.now().getTime() + overlapHours * HOUR_MS)
        const old =
          until && before.secretSealed && sealer.open(before.secretSealed, webhookCell(before, 'secret_sealed'))
        const after: Webhook = {
          ...before,
          secretSealed: sealer.seal(secret, webhookCell(before, 'secret_sealed')),
          previousSecretSealed: old ? sealer.seal(old, webhookCell(before, 'previous_secret_sealed')) : null,
          previousSecretUntil: until,
        }
        const told = { after: { previousSecretExpiresAt: until?.toISOString() ?? null } }
        return { webhook: await save(tx, after, 'webhook.secret-rotated', told), secret }
      }),

    pause: (principal: OperatorPrincipal, webhookId: string): Promise<Webhook> =>
      transact(principal, async (tx) => {
        const before = await lock(tx, webhookId, undefined)
        if (!mayPause(before).ok) return before
        const after: Webhook = { ...before, state: 'paused', pausedBecause: 'asked', pausedAt: clock.now() }
        return save(tx, after, 'webhook.paused', { after: { reason: 'asked' } })
      }),

    /** What waits is due at once. */
    resume: (principal: OperatorPrincipal, webhookId: string): Promise<Webhook> =>
      transact(principal, async (tx) => {
        const before = await lock(tx, webhookId, undefined)
        if (!mayResume(before).ok) return before
        await deliveryLogStore(tx).hasten(webhookId, clock.now())
        const working = { failingSince: null, failingToldAt: null }
        const active = { state: 'active', pausedBecause: null, pausedAt: null, ...working } as const
        return save(tx, { ...before, ...active }, 'webhook.resumed', { before: { reason: before.pausedBecause } })
      }),

    /** Sends once, outside of any transaction, and keeps what came of it; answers the event id to look it up by. */
    async test(principal: OperatorPrincipal, webhookId: string, event: EventName | null, signal: AbortSignal) {
      const webhook = await transact(principal, (tx) => webhookStore(tx).find(webhookId))
      if (!webhook) throw notFound('The webhook')
      const now = clock.now()
      const { operatorId, channelId } = webhook
      const name: EventName = event ?? 'webhook.test'
      const payload = JSON.stringify(event ? eventSpec(event).example : { webhookId, sentBy: principal.name })
      const eventId = newId()
      const { row, verdict } = await sender.send(
        webhook,
        { eventId, name, operatorId, channelId, payload, at: now, isTest: true },
        now,
        signal,
      )
      const envelope = { operator_id: operatorId, event_id: eventId, channel_id: channelId }
      const kept = { ...envelope, position: TEST_POSITION, name, key: `webhook/${webhookId}`, payload, at: now }
      const state = verdict.kind === 'delivered' ? ('delivered' as const) : ('dead' as const)
      await transact(principal, async (tx) => {
        // Deleted while it was tried: then there is nothing to keep it with.
        if (!(await webhookStore(tx).lock(webhookId))) throw notFound('The webhook')
        const { status, error } = row
        await insertFinishedDelivery(tx, kept, {
          ...envelope,
          webhook_id: webhookId,
          state,
          status,
          error,
          at: clock.now(),
        })
        await insertAttempts(tx, [row])
        await journal(tx).append({
          action: 'webhook.tested',
          object: objectOf(webhook),
          channelId,
          result: state === 'delivered' ? 'ok' : 'failed',
          after: { event: name, status, error },
        })
      })
      return eventId
    },
  }
}

const DEFAULT_NAMES = { simple: 'New leads', complete: 'Webhook' } as const

/** The tag that the next change of a webhook may name. */
export function webhookTag({ webhookId, version }: Webhook): string {
  return `webhook-${webhookId}-${version}`
}

function freshWebhook(principal: OperatorPrincipal, kind: WebhookKind, channelId: number | null, now: Date): Webhook {
  return {
    ...{ operatorId: principal.operatorId, webhookId: newId(), channelId, kind, name: '', urlSealed: '', urlShown: '' },
    ...{ events: [], headerName: null, headerValueSealed: null, secretSealed: null, previousSecretSealed: null },
    ...{ previousSecretUntil: null, state: 'active', pausedBecause: null, pausedAt: null, failingSince: null },
    ...{
      failingToldAt: null,
      lastDeliveredAt: null,
      lastError: null,
      version: 1,
      createdAt: now,
      createdBy: principal.name,
      changedAt: now,
    },
  }
}

function factsOf({ kind, name, urlShown, events, channelId, headerName }: Webhook): Record<string, unknown> {
  return { kind, name, url: urlShown, events, channelId, headerName }
}

function objectOf({ webhookId, name }: Webhook) {
  return { type: 'webhook', id: webhookId, name }
}

function demand(verdict: Permitted): void {
  if (verdict.ok) return
  const status = verdict.code === 'permission-beyond-own' ? 403 : 409
  throw new AppError({ code: verdict.code, status, detail: verdict.reason })
}

async function inKnownChannel(save: () => Promise<void>): Promise<void> {
  try {
    await save()
  } catch (error) {
    if ((error as { code?: string }).code !== '23503') throw error
    throw badRequest([{ pointer: '/body/channelId', detail: 'There is no such channel.' }])
  }
}

function tooMany(): AppError {
  const detail = `There are ${WEBHOOKS_MAX} webhooks already: delete one first, or let one receiver have several events.`
  return new AppError({ code: 'webhooks-full', status: 409, detail })
}
