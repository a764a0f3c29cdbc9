import type { Dispatcher } from 'undici'
import { newId } from '../../kernel/ids.ts'
import { type PostLimits, type PostOutcome, type PostRequest, post } from '../../platform/outbound/index.ts'
import type { Sealer } from '../../platform/secrets/index.ts'
import type { AttemptRow } from './delivery.store.ts'
import { bodyOf, keptHeaders, keysOf, type Message, SHOWN_BODY_BYTES, withoutSecrets } from './message.rules.ts'
import { judgeOutcome, type Verdict } from './retry.rules.ts'
import { signatureOf } from './signature.ts'
import type { Webhook } from './webhook.ts'

/** Sends one request; the real one is guarded, tests put their own in. */
export type Post = (request: PostRequest, signal: AbortSignal | undefined) => Promise<PostOutcome>

/** One attempt: what it means, what is kept of it, and what the receiver said. */
export type Attempted = { verdict: Verdict; row: AttemptRow; isStopped: boolean }

export type WebhookSender = {
  send(webhook: Webhook, message: Message, now: Date, signal?: AbortSignal): Promise<Attempted>
}

/** For connecting and the head of the answer, then for some of its body. Source: docs/decisions/0016-webhooks.md. */
export const POST_LIMITS: PostLimits = { deadlineMs: 15_000, bodyMs: 1_000, bodyBytes: SHOWN_BODY_BYTES }

export function guardedPost(dispatcher: Dispatcher): Post {
  return (request, signal) => post(dispatcher, request, POST_LIMITS, signal)
}

/** The cells in which secrets of a webhook are sealed. */
export function webhookCell({ operatorId, webhookId }: Pick<Webhook, 'operatorId' | 'webhookId'>, column: string) {
  return { table: 'webhook', row: `${operatorId}/${webhookId}`, column }
}

type Opened = { url: string; headerValue: string | null; secret: string | null; previousSecret: string | null }

/**
 * Makes the request of an attempt, signed, and judges the answer. Secrets are opened once for all attempts of one reading of
 * the webhook, and forgotten with it.
 */
export function createWebhookSender({ sealer, post: send }: { sealer: Sealer; post: Post }): WebhookSender {
  const known = new WeakMap<Webhook, Opened>()

  function opened(webhook: Webhook): Opened {
    const before = known.get(webhook)
    if (before) return before
    const open = (column: string, sealed: string | null) =>
      sealed === null ? null : sealer.open(sealed, webhookCell(webhook, column))
    const now = {
      url: open('url_sealed', webhook.urlSealed) ?? '',
      headerValue: open('header_value_sealed', webhook.headerValueSealed),
      secret: open('secret_sealed', webhook.secretSealed),
      previousSecret: open('previous_secret_sealed', webhook.previousSecretSealed),
    }
    known.set(webhook, now)
    return now
  }

  function secretsOf(webhook: Webhook, { secret, previousSecret }: Opened, now: Date): string[] {
    const isOverlap = webhook.previousSecretUntil !== null && webhook.previousSecretUntil > now
    return [secret, isOverlap ? previousSecret : null].filter((one) => one !== null)
  }

  return {
    async send(webhook, message, now, signal) {
      const body = bodyOf(message)
      const secretly = opened(webhook)
      const { url, headerValue } = secretly
      const secrets = secretsOf(webhook, secretly, now)
      const seconds = Math.floor(now.getTime() / 1_000)
      const plain = {
        'content-type': 'application/json',
        'user-agent': 'Leadline-Webhooks/1',
        'webhook-id': message.eventId,
        'webhook-timestamp': String(seconds),
        ...(secrets.length > 0 && { 'webhook-signature': signatureOf(secrets, message.eventId, seconds, body) }),
      }
      const named = (value: string) => (webhook.headerName === null ? {} : { [webhook.headerName]: value })
      const outcome = await send({ url, headers: { ...plain, ...named(headerValue ?? '') }, body }, signal)
      const hidden = [...secrets, ...(headerValue === null ? [] : [headerValue]), ...keysOf(url)]
      const verdict = judgeOutcome(outcome)
      return {
        verdict,
        isStopped: outcome.kind === 'failed' && outcome.code === 'stopped',
        row: {
          operator_id: webhook.operatorId,
          attempt_id: newId(),
          webhook_id: webhook.webhookId,
          event_id: message.eventId,
          channel_id: webhook.channelId,
          at: now,
          duration_ms: outcome.durationMs,
          status: outcome.kind === 'answered' ? outcome.status : null,
          outcome: outcome.kind === 'failed' ? outcome.code : verdict.kind === 'delivered' ? 'delivered' : 'refused',
          error: verdict.kind === 'failed' ? storable(withoutSecrets(verdict.error, hidden)) : null,
          request: JSON.stringify({ url: webhook.urlShown, headers: { ...plain, ...named('***') } }),
          response: outcome.kind === 'answered' ? responseText(outcome, hidden) : null,
        },
      }
    },
  }
}

function responseText(
  { status, headers, body, isBodyCut }: Extract<PostOutcome, { kind: 'answered' }>,
  hidden: readonly string[],
): string {
  const kept = { status, headers: keptHeaders(headers, hidden), body: withoutSecrets(body, hidden), isBodyCut }
  return storable(JSON.stringify(kept))
}

/** PostgreSQL text holds no U+0000. */
function storable(text: string): string {
  return text.replaceAll('\u0000', '\ufffd').toWellFormed()
}
