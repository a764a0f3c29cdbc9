import { resumeWebhook } from '../../../../contract/webhooks.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { shownWebhook } from './shown-webhook.ts'
import type { WebhookRouteOptions } from './webhook-route-options.ts'

export function resumeWebhookRoute({ webhooks, clock }: WebhookRouteOptions): Route {
  return route(resumeWebhook, async ({ params }, { principal }) =>
    shownWebhook(await webhooks.resume(principal, params.webhookId), clock.now()),
  )
}
