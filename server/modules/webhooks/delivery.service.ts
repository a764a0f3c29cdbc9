import { DELIVERIES_PAGE_SIZE_DEFAULT } from '../../../contract/webhook-deliveries.ts'
import type { Clock } from '../../kernel/clock.ts'
import { badRequest, notFound } from '../../kernel/errors.ts'
import { isGuid } from '../../kernel/ids.ts'
import { parseInstant } from '../../kernel/instant.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { Transact, Tx } from '../../platform/db/transaction.ts'
import { journal } from '../audit/index.ts'
import type { DeliveryState } from './delivery.store.ts'
import { deliveryLogStore, type LoggedAttempt, type LoggedDelivery } from './delivery-log.store.ts'
import { bodyOf, TEST_POSITION } from './message.rules.ts'
import { webhookStore } from './webhook.store.ts'
import type { Webhook } from './webhook.ts'

export type DeliveryQuery = {
  state?: DeliveryState
  event?: string
  from?: string
  to?: string
  cursor?: string
  pageSize?: number
}

export type SeenDelivery = { delivery: LoggedDelivery; body: string; attempts: LoggedAttempt[] }

export type DeliveryService = ReturnType<typeof createDeliveryService>

const ATTEMPTS_SHOWN = 100

/** What webhooks have delivered: seen, and sent again. */
export function createDeliveryService({ transact, clock }: { transact: Transact; clock: Clock }) {
  async function demandWebhook(tx: Tx, webhookId: string): Promise<Webhook> {
    const webhook = await webhookStore(tx).find(webhookId)
    if (!webhook) throw notFound('The webhook')
    return webhook
  }

  return {
    list: async (principal: OperatorPrincipal, webhookId: string, query: DeliveryQuery) => {
      const filter = {
        state: query.state ?? null,
        event: query.event ?? null,
        from: instantOf('/query/from', query.from),
        to: instantOf('/query/to', query.to),
        after: cursorOf(query.cursor),
        limit: query.pageSize ?? DELIVERIES_PAGE_SIZE_DEFAULT,
      }
      return transact(principal, async (tx): Promise<{ data: LoggedDelivery[]; nextCursor: string | null }> => {
        await demandWebhook(tx, webhookId)
        const data = await deliveryLogStore(tx).list(webhookId, filter)
        const last = data.length === filter.limit ? data.at(-1) : undefined
        return { data, nextCursor: last ? Buffer.from(last.eventId).toString('base64url') : null }
      })
    },

    get: (principal: OperatorPrincipal, webhookId: string, eventId: string): Promise<SeenDelivery> =>
      transact(principal, async (tx) => {
        const log = deliveryLogStore(tx)
        const delivery = await log.find(webhookId, eventId)
        const event = delivery && (await log.event(eventId))
        if (!delivery || !event) throw notFound('The delivery')
        const { channelId, payload } = event
        const { name, eventAt: at, position } = delivery
        const { operatorId } = principal
        const body = bodyOf({ eventId, name, operatorId, channelId, payload, at, isTest: position === TEST_POSITION })
        return { delivery, body, attempts: await log.attempts(webhookId, eventId, ATTEMPTS_SHOWN) }
      }),

    replay: (principal: OperatorPrincipal, webhookId: string, eventId: string): Promise<LoggedDelivery> =>
      transact(principal, async (tx) => {
        const webhook = await demandWebhook(tx, webhookId)
        const log = deliveryLogStore(tx)
        if (!(await log.revive(webhookId, eventId, clock.now()))) throw notFound('The delivery')
        await note(tx, webhook, { eventId })
        return (await log.find(webhookId, eventId)) as LoggedDelivery
      }),

    /** How many events are sent again. */
    replayRange: async (
      principal: OperatorPrincipal,
      webhookId: string,
      asked: { from: string; to: string; which?: 'undelivered' | 'all' },
    ): Promise<number> => {
      const [from, to] = [instantOf('/body/from', asked.from), instantOf('/body/to', asked.to)]
      if (!from || !to || from >= to) {
        throw badRequest([{ pointer: '/body/to', detail: 'The range must end after it begins.' }])
      }
      return transact(principal, async (tx) => {
        const webhook = await demandWebhook(tx, webhookId)
        const { channelId, events } = webhook
        const range = { webhookId, channelId, events, from, to, isAll: asked.which === 'all' }
        const deliveries = await deliveryLogStore(tx).reviveRange(range, clock.now())
        await note(tx, webhook, {
          from: from.toISOString(),
          to: to.toISOString(),
          which: asked.which ?? 'undelivered',
          deliveries,
        })
        return deliveries
      })
    },
  }
}

async function note(tx: Tx, { webhookId, name, channelId }: Webhook, after: object): Promise<void> {
  await journal(tx).append({
    action: 'webhook.replayed',
    object: { type: 'webhook', id: webhookId, name },
    channelId,
    after,
  })
}

function instantOf(pointer: string, text: string | undefined): Date | null {
  if (text === undefined) return null
  const instant = parseInstant(text)
  if (instant) return instant
  throw badRequest([{ pointer, detail: 'Must be an instant such as 2026-11-22T08:00:00Z, or a date.' }])
}

function cursorOf(cursor: string | undefined): string | null {
  if (cursor === undefined) return null
  const eventId = Buffer.from(cursor, 'base64url').toString()
  if (isGuid(eventId)) return eventId
  const detail = 'Not a cursor of this list: use nextCursor of the page before, or leave it out.'
  throw badRequest([{ pointer: '/query/cursor', detail }])
}
