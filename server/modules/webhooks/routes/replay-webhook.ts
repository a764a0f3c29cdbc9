import { replayWebhook } from '../../../../contract/webhook-deliveries.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { WebhookRouteOptions } from './webhook-route-options.ts'

export function replayWebhookRoute({ webhookDeliveries }: WebhookRouteOptions): Route {
  return route(replayWebhook, async ({ params, body }, { principal }) => ({
    status: 202,
    json: { deliveries: await webhookDeliveries.replayRange(principal, params.webhookId, body) },
  }))
}
