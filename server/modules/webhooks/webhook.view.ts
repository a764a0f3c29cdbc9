import { bodyExample } from '../../../contract/event-body.ts'
import { eventSpec, hookEvents } from '../../../contract/events.ts'
import type { WireDelivery, WireListedDelivery } from '../../../contract/webhook-deliveries.ts'
import type { WireCatalogueEvent, WireListedWebhook, WireWebhook } from '../../../contract/webhooks.ts'
import type { SeenDelivery } from './delivery.service.ts'
import type { LoggedDelivery } from './delivery-log.store.ts'
import { shownUrl } from './message.rules.ts'
import { mayPause, mayResume, mayRotateSecret, type Permitted } from './webhook.rules.ts'
import type { Webhook, WebhookCounts } from './webhook.ts'

export function viewWebhook(webhook: Webhook, now: Date): WireWebhook {
  const { webhookId, kind, name, urlShown, events, channelId, headerName, state, pausedBecause } = webhook
  const overlaps = webhook.previousSecretUntil !== null && webhook.previousSecretUntil > now
  return {
    ...{ id: webhookId, kind, name, url: urlShown, events, channelId, headerName, state, pausedBecause },
    pausedAt: webhook.pausedAt?.toISOString() ?? null,
    previousSecretExpiresAt: overlaps ? (webhook.previousSecretUntil?.toISOString() ?? null) : null,
    createdAt: webhook.createdAt.toISOString(),
    createdBy: webhook.createdBy,
    changedAt: webhook.changedAt.toISOString(),
    actions: {
      updateWebhook: { allowed: true },
      rotateWebhookSecret: permitted(mayRotateSecret(webhook)),
      pauseWebhook: permitted(mayPause(webhook)),
      resumeWebhook: permitted(mayResume(webhook)),
    },
  }
}

export function viewListedWebhook(webhook: Webhook, counts: WebhookCounts, now: Date): WireListedWebhook {
  return {
    ...viewWebhook(webhook, now),
    health: {
      failingSince: webhook.failingSince?.toISOString() ?? null,
      lastDeliveredAt: webhook.lastDeliveredAt?.toISOString() ?? null,
      lastError: webhook.lastError,
      ...counts,
    },
  }
}

export function viewListedDelivery(delivery: LoggedDelivery): WireListedDelivery {
  const { eventId, name, key, state, attempts, dueAt, lastStatus, lastError, eventAt, finishedAt } = delivery
  return {
    ...{ eventId, event: name, key, state, attempts, lastStatus, lastError },
    dueAt: state === 'pending' ? dueAt.toISOString() : null,
    eventAt: eventAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
  }
}

export function viewDelivery({ delivery, body, attempts }: SeenDelivery): WireDelivery {
  return {
    ...viewListedDelivery(delivery),
    body,
    tries: attempts.map(({ at, durationMs, outcome, error, request, response }) => ({
      ...{ at: at.toISOString(), durationMs, outcome, error },
      // Attempts of before are kept with the whole path.
      request: requestOf(JSON.parse(request)),
      response: response === null ? null : JSON.parse(response),
    })),
  }
}

function requestOf(request: WireDelivery['tries'][number]['request']) {
  return { ...request, url: URL.canParse(request.url) ? shownUrl(request.url) : request.url }
}

/** The catalogue as webhooks may choose from it. */
export function viewCatalogue(): WireCatalogueEvent[] {
  return hookEvents.map((name) => {
    const { version, summary, permission, operatorOnly, payload } = eventSpec(name)
    return {
      ...{ name, version, summary, permission: permission ?? '', operatorOnly: operatorOnly === true },
      schema: JSON.parse(JSON.stringify(payload)),
      example: bodyExample(name),
    }
  })
}

function permitted(verdict: Permitted): { allowed: boolean; reason?: string } {
  return verdict.ok ? { allowed: true } : { allowed: false, reason: verdict.reason }
}
