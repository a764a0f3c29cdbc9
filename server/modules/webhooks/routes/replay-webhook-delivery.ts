import { replayWebhookDelivery } from '../../../../contract/webhook-deliveries.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { viewListedDelivery } from '../webhook.view.ts'
import type { WebhookRouteOptions } from './webhook-route-options.ts'

export function replayWebhookDeliveryRoute({ webhookDeliveries }: WebhookRouteOptions): Route {
  return route(replayWebhookDelivery, async ({ params }, { principal }) => ({
    status: 202,
    json: viewListedDelivery(await webhookDeliveries.replay(principal, params.webhookId, params.eventId)),
  }))
}
