import { listWebhooks } from '../../../../contract/webhooks.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { viewListedWebhook } from '../webhook.view.ts'
import type { WebhookRouteOptions } from './webhook-route-options.ts'

export function listWebhooksRoute({ webhooks, clock }: WebhookRouteOptions): Route {
  return route(listWebhooks, async (_input, { principal }) => {
    const found = await webhooks.list(principal)
    return { json: { data: found.map(({ webhook, counts }) => viewListedWebhook(webhook, counts, clock.now())) } }
  })
}
