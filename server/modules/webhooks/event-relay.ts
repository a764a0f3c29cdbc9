import { hookEvents } from '../../../contract/events.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Relay, RoutedEvent } from '../../platform/events/index.ts'
import { insertEventsAndDeliveries } from './delivery.store.ts'
import { webhookStore } from './webhook.store.ts'
import type { Webhook } from './webhook.ts'

/**
 * Takes events out of the outbox for the webhooks of their operator, a thousand in two statements. Operators without webhooks
 * cost nothing. `onTaken` wakes the delivery.
 */
export function createEventRelay({ clock, onTaken }: { clock: Clock; onTaken: () => void }): Relay {
  return {
    events: hookEvents,
    async take(tx, events) {
      const operators = [...new Set(events.map(({ operatorId }) => operatorId))]
      const webhooks = await webhookStore(tx).ofOperators(operators)
      const listening = new Set(webhooks.map(({ operatorId }) => operatorId))
      // Kept also when nobody wants them now: a webhook that is made later, or chooses more, can ask for them.
      const kept = events.filter(({ operatorId }) => listening.has(operatorId))
      if (kept.length === 0) return false
      const deliveries = kept.flatMap((event) =>
        webhooks
          .filter((webhook) => wants(webhook, event))
          .map(({ operatorId, webhookId, channelId }) => ({
            operator_id: operatorId,
            webhook_id: webhookId,
            event_id: event.eventId,
            channel_id: channelId,
          })),
      )
      await insertEventsAndDeliveries(tx, kept.map(toRow), deliveries, clock.now())
      return deliveries.length > 0
    },
    taken: onTaken,
  }
}

/** Of its operator, of its choice, and for a channel only what tells of the channel's own. */
function wants(webhook: Webhook, event: RoutedEvent): boolean {
  if (webhook.operatorId !== event.operatorId || !(webhook.events as string[]).includes(event.name)) return false
  return webhook.channelId === null || webhook.channelId === event.channelId
}

function toRow({ operatorId, eventId, channelId, position, name, key, payload, at }: RoutedEvent) {
  return { operator_id: operatorId, event_id: eventId, channel_id: channelId, position, name, key, payload, at }
}
