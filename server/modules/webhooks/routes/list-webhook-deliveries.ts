import { listWebhookDeliveries } from '../../../../contract/webhook-deliveries.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { viewListedDelivery } from '../webhook.view.ts'
import type { WebhookRouteOptions } from './webhook-route-options.ts'

export function listWebhookDeliveriesRoute({ webhookDeliveries }: WebhookRouteOptions): Route {
  return route(listWebhookDeliveries, async ({ params, query }, { principal }) => {
    const { data, nextCursor } = await webhookDeliveries.list(principal, params.webhookId, query)
    return { json: { data: data.map(viewListedDelivery), nextCursor } }
  })
}
