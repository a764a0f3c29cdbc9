import type { WireDelivery, WireListedDelivery } from '../../contract/webhook-deliveries.ts'
import type {
  WireCatalogueEvent,
  WireListedWebhook,
  WireWebhook,
  WireWebhookWithSecret,
} from '../../contract/webhooks.ts'
import { call, callWithTag, type Tagged } from './call.ts'

export type { WireDelivery, WireListedDelivery } from '../../contract/webhook-deliveries.ts'
export type {
  WireCatalogueEvent,
  WireListedWebhook,
  WireWebhook,
  WireWebhookWithSecret,
} from '../../contract/webhooks.ts'

export type WebhookAttempt = WireDelivery['tries'][number]

/** What of a webhook can be changed; what is left out stays. */
export type WebhookChange = {
  name?: string
  url?: string
  events?: string[]
  /** null takes it away. */
  header?: { name: string; value: string } | null
}

/** Only `complete` has a choice of events. */
export type NewWebhook = WebhookChange & { kind: 'simple' | 'complete'; url: string; channelId?: number | null }

export type DeliveryFilter = { state?: string; event?: string; from?: string; to?: string }
export type DeliveryPage = { data: WireListedDelivery[]; nextCursor: string | null }
export type ReplayRange = { from: string; to: string; which: 'undelivered' | 'all' }

const webhooks = '/api/v4/webhooks'
const pathOf = (webhookId: string) => `${webhooks}/${encodeURIComponent(webhookId)}`
const deliveriesOf = (webhookId: string) => `${pathOf(webhookId)}/deliveries`

export async function listWebhooks(operatorId: number, signal: AbortSignal): Promise<WireListedWebhook[]> {
  return (await call<{ data: WireListedWebhook[] }>('GET', webhooks, { operatorId, signal })).data
}

/** With the tag that the next change names, so that nobody's change is lost. */
export function getWebhook(operatorId: number, webhookId: string, signal: AbortSignal): Promise<Tagged<WireWebhook>> {
  return callWithTag('GET', pathOf(webhookId), { operatorId, signal })
}

export function createWebhook(operatorId: number, webhook: NewWebhook): Promise<WireWebhookWithSecret> {
  return call('POST', webhooks, { operatorId, body: webhook })
}

export function updateWebhook(
  operatorId: number,
  webhookId: string,
  change: WebhookChange,
  ifMatch: string | null,
): Promise<WireWebhook> {
  return call('PATCH', pathOf(webhookId), { operatorId, body: change, ifMatch })
}

export function deleteWebhook(operatorId: number, webhookId: string): Promise<void> {
  return call('DELETE', pathOf(webhookId), { operatorId })
}

export function rotateWebhookSecret(
  operatorId: number,
  webhookId: string,
  overlapHours: number,
): Promise<WireWebhookWithSecret> {
  return call('POST', `${pathOf(webhookId)}/rotate-secret`, { operatorId, body: { overlapHours } })
}

export function changeWebhookState(
  operatorId: number,
  webhookId: string,
  wish: 'pause' | 'resume',
): Promise<WireWebhook> {
  return call('POST', `${pathOf(webhookId)}/${wish}`, { operatorId })
}

/** Sends one request at once and answers what came of it; `event` null: the event that is made for tests. */
export function testWebhook(operatorId: number, webhookId: string, event: string | null): Promise<WireDelivery> {
  return call('POST', `${pathOf(webhookId)}/test`, { operatorId, body: event === null ? {} : { event } })
}

export function listDeliveries(
  operatorId: number,
  webhookId: string,
  filter: DeliveryFilter & { cursor: string | undefined },
  signal: AbortSignal,
): Promise<DeliveryPage> {
  return call('GET', deliveriesOf(webhookId), { operatorId, query: { ...filter, pageSize: 50 }, signal })
}

export function getDelivery(
  operatorId: number,
  webhookId: string,
  eventId: string,
  signal: AbortSignal,
): Promise<WireDelivery> {
  return call('GET', `${deliveriesOf(webhookId)}/${encodeURIComponent(eventId)}`, { operatorId, signal })
}

export function replayDelivery(operatorId: number, webhookId: string, eventId: string): Promise<WireListedDelivery> {
  return call('POST', `${deliveriesOf(webhookId)}/${encodeURIComponent(eventId)}/replay`, { operatorId })
}

/** How many events are sent again. */
export async function replayRange(operatorId: number, webhookId: string, range: ReplayRange): Promise<number> {
  const path = `${pathOf(webhookId)}/replay`
  return (await call<{ deliveries: number }>('POST', path, { operatorId, body: range })).deliveries
}

/** Every event there is to choose from, each with an example of what is sent. */
export async function listWebhookEvents(operatorId: number, signal: AbortSignal): Promise<WireCatalogueEvent[]> {
  return (await call<{ data: WireCatalogueEvent[] }>('GET', '/api/v4/webhook-events', { operatorId, signal })).data
}
