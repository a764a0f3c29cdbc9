import type { Clock } from '../../../kernel/clock.ts'
import type { DeliveryService } from '../delivery.service.ts'
import type { WebhookService } from '../webhook.service.ts'

/** What the routes of webhooks need. */
export type WebhookRouteOptions = { webhooks: WebhookService; webhookDeliveries: DeliveryService; clock: Clock }
