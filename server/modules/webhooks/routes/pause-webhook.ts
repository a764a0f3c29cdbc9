import { pauseWebhook } from '../../../../contract/webhooks.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { shownWebhook } from './shown-webhook.ts'
import type { WebhookRouteOptions } from './webhook-route-options.ts'

export function pauseWebhookRoute({ webhooks, clock }: WebhookRouteOptions): Route {
  return route(pauseWebhook, async ({ params }, { principal }) =>
    shownWebhook(await webhooks.pause(principal, params.webhookId), clock.now()),
  )
}
