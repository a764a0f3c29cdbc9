import type { Route } from '../../../platform/http/index.ts'
import { createWebhookRoute } from './create-webhook.ts'
import { deleteWebhookRoute } from './delete-webhook.ts'
import { getWebhookRoute } from './get-webhook.ts'
import { getWebhookDeliveryRoute } from './get-webhook-delivery.ts'
import { listWebhookDeliveriesRoute } from './list-webhook-deliveries.ts'
import { listWebhookEventsRoute } from './list-webhook-events.ts'
import { listWebhooksRoute } from './list-webhooks.ts'
import { pauseWebhookRoute } from './pause-webhook.ts'
import { replayWebhookRoute } from './replay-webhook.ts'
import { replayWebhookDeliveryRoute } from './replay-webhook-delivery.ts'
import { resumeWebhookRoute } from './resume-webhook.ts'
import { rotateWebhookSecretRoute } from './rotate-webhook-secret.ts'
import { testWebhookRoute } from './test-webhook.ts'
import { updateWebhookRoute } from './update-webhook.ts'
import type { WebhookRouteOptions } from './webhook-route-options.ts'

export function webhookRoutes(options: WebhookRouteOptions): Route[] {
  return [
    listWebhooksRoute(options),
    createWebhookRoute(options),
    getWebhookRoute(options),
    updateWebhookRoute(options),
    rotateWebhookSecretRoute(options),
    pauseWebhookRoute(options),
    resumeWebhookRoute(options),
    testWebhookRoute(options),
    listWebhookDeliveriesRoute(options),
    getWebhookDeliveryRoute(options),
    replayWebhookDeliveryRoute(options),
    replayWebhookRoute(options),
    deleteWebhookRoute(options),
    listWebhookEventsRoute(),
  ]
}
