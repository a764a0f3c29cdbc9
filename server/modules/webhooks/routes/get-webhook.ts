import { getWebhook } from '../../../../contract/webhooks.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { shownWebhook } from './shown-webhook.ts'
import type { WebhookRouteOptions } from './webhook-route-options.ts'

export function getWebhookRoute({ webhooks, clock }: WebhookRouteOptions): Route {
  return route(getWebhook, async ({ params }, { principal }) =>
    shownWebhook(await webhooks.get(principal, params.webhookId), clock.now()),
  )
}
