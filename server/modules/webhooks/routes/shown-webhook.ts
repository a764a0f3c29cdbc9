import type { Answer } from '../../../platform/http/index.ts'
import { webhookTag } from '../webhook.service.ts'
import type { Webhook } from '../webhook.ts'
import { viewWebhook } from '../webhook.view.ts'

/** A webhook with the tag that the next change of it may name; `secret` where it is told. */
export function shownWebhook(webhook: Webhook, now: Date, told: { secret?: string | null } = {}): Answer {
  return { etag: webhookTag(webhook), json: { ...viewWebhook(webhook, now), ...told } }
}
