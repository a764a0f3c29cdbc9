import { createWebhook } from '../../../../contract/webhooks.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { shownWebhook } from './shown-webhook.ts'
import type { WebhookRouteOptions } from './webhook-route-options.ts'

export function createWebhookRoute({ webhooks, clock }: WebhookRouteOptions): Route {
  return route(createWebhook, async ({ body }, { principal }) => {
    const { webhook, secret } = await webhooks.create(principal, body)
    return { status: 201, ...shownWebhook(webhook, clock.now(), { secret }) }
  })
}
