import { updateWebhook } from '../../../../contract/webhooks.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { shownWebhook } from './shown-webhook.ts'
import type { WebhookRouteOptions } from './webhook-route-options.ts'

export function updateWebhookRoute({ webhooks, clock }: WebhookRouteOptions): Route {
  return route(updateWebhook, async ({ params, body }, { principal, headers }) =>
    shownWebhook(await webhooks.update(principal, params.webhookId, body, headers['if-match']), clock.now()),
  )
}
