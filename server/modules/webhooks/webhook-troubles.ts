import type { Tx } from '../../platform/db/transaction.ts'
import { emit, type NewEvent } from '../../platform/events/index.ts'
import { journal } from '../audit/index.ts'
import { type DeadTold, webhookStore } from './webhook.store.ts'
import type { Webhook } from './webhook.ts'

const MINUTE_MS = 60_000
/** A receiver that is restarted is nobody's business. */
const FAILING_AFTER_MS = 30 * MINUTE_MS
/** Events of one webhook that are given up are told together, at most so often. */
const DEAD_EVERY_MS = 60 * MINUTE_MS

/** Tells once of what has failed for half an hour, of what works again, and each hour of what was given up. */
export async function tellTroubles(
  tx: Tx,
  now: Date,
): Promise<{ failing: number; recovered: number; withDead: number }> {
  const store = webhookStore(tx)
  const failing = await store.takeFailing(new Date(now.getTime() - FAILING_AFTER_MS), now)
  const recovered = await store.takeRecovered()
  const dead = await store.takeDead(new Date(now.getTime() - DEAD_EVERY_MS), now)
  await emit(tx, [...failing.map(failingEvent), ...recovered.map(recoveredEvent), ...dead.map(deadEvent)])
  for (const { webhookId, name, channelId, dead: count, lastError } of dead) {
    await journal(tx).append({
      action: 'webhook.event-dead',
      object: { type: 'webhook', id: webhookId, name },
      channelId,
      after: { count },
      detail: lastError ?? '',
    })
  }
  return { failing: failing.length, recovered: recovered.length, withDead: dead.length }
}

function failingEvent(webhook: Webhook): NewEvent {
  const failingSince = webhook.failingSince?.toISOString() ?? null
  const payload = { ...namesOf(webhook), failingSince, lastError: webhook.lastError ?? '' }
  return { ...envelopeOf(webhook), name: 'webhook.failing', payload }
}

function recoveredEvent(webhook: Webhook): NewEvent {
  return { ...envelopeOf(webhook), name: 'webhook.recovered', payload: namesOf(webhook) }
}

function deadEvent(webhook: DeadTold): NewEvent {
  const payload = { ...namesOf(webhook), count: webhook.dead, lastError: webhook.lastError ?? '' }
  return { ...envelopeOf(webhook), name: 'webhook.event-dead', payload }
}

const envelopeOf = ({ webhookId, channelId }: Named) => ({ channelId, key: `webhook/${webhookId}` })
const namesOf = ({ webhookId, name }: Named) => ({ webhookId, name })

type Named = Pick<Webhook, 'webhookId' | 'channelId' | 'name'>
