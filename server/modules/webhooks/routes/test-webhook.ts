import { testWebhook } from '../../../../contract/webhooks.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { viewDelivery } from '../webhook.view.ts'
import type { WebhookRouteOptions } from './webhook-route-options.ts'

export function testWebhookRoute({ webhooks, webhookDeliveries }: WebhookRouteOptions): Route {
  return route(testWebhook, async ({ params, body }, { principal, signal }) => {
    const eventId = await webhooks.test(principal, params.webhookId, body.event ?? null, signal)
    return { json: viewDelivery(await webhookDeliveries.get(principal, params.webhookId, eventId)) }
  })
}
