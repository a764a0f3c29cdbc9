import { rotateWebhookSecret, WEBHOOK_OVERLAP_HOURS_DEFAULT } from '../../../../contract/webhooks.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { shownWebhook } from './shown-webhook.ts'
import type { WebhookRouteOptions } from './webhook-route-options.ts'

export function rotateWebhookSecretRoute({ webhooks, clock }: WebhookRouteOptions): Route {
  return route(rotateWebhookSecret, async ({ params, body }, { principal }) => {
    const hours = body.overlapHours ?? WEBHOOK_OVERLAP_HOURS_DEFAULT
    const { webhook, secret } = await webhooks.rotateSecret(principal, params.webhookId, hours)
    return shownWebhook(webhook, clock.now(), { secret })
  })
}
