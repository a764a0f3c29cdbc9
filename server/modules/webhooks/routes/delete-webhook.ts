import { deleteWebhook } from '../../../../contract/webhooks.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { WebhookRouteOptions } from './webhook-route-options.ts'

export function deleteWebhookRoute({ webhooks }: WebhookRouteOptions): Route {
  return route(deleteWebhook, async ({ params }, { principal, headers }) => {
    await webhooks.remove(principal, params.webhookId, headers['if-match'])
    return {}
  })
}
