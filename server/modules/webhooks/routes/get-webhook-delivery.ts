import { getWebhookDelivery } from '../../../../contract/webhook-deliveries.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { viewDelivery } from '../webhook.view.ts'
import type { WebhookRouteOptions } from './webhook-route-options.ts'

export function getWebhookDeliveryRoute({ webhookDeliveries }: WebhookRouteOptions): Route {
  return route(getWebhookDelivery, async ({ params }, { principal }) => ({
    json: viewDelivery(await webhookDeliveries.get(principal, params.webhookId, params.eventId)),
  }))
}
