import { connectionOf, type Tx } from '../../platform/db/transaction.ts'
import { TEST_POSITION } from './message.rules.ts'
import type { Webhook, WebhookCounts } from './webhook.ts'

const COLUMNS = `
  operator_id as "operatorId", webhook_id as "webhookId", channel_id as "channelId", kind, name, url_sealed as "urlSealed",
  url_shown as "urlShown", events, header_name as "headerName", header_value_sealed as "headerValueSealed",
  secret_sealed as "secretSealed", previous_secret_sealed as "previousSecretSealed",
  previous_secret_until as "previousSecretUntil", state, paused_because as "pausedBecause", paused_at as "pausedAt",
  failing_since as "failingSince", failing_told_at as "failingToldAt", last_delivered_at as "lastDeliveredAt", last_error as "lastError", version,
  created_at as "createdAt", created_by as "createdBy", changed_at as "changedAt"`

/** Webhooks in the scope of the transaction: of an operator, of one channel, or of all for background work. */
export function webhookStore(tx: Tx) {
  const db = connectionOf(tx)
  return {
    /** Newest first. */
    async list(): Promise<Webhook[]> {
      const { rows } = await db.query<Webhook>(`select ${COLUMNS} from webhook order by created_at desc, webhook_id`)
      return rows
    },

    async ofOperators(operatorIds: number[]): Promise<Webhook[]> {
      const { rows } = await db.query<Webhook>(`select ${COLUMNS} from webhook where operator_id = any($1)`, [
        operatorIds,
      ])
      return rows
    },

    async byIds(webhookIds: string[]): Promise<Webhook[]> {
      const { rows } = await db.query<Webhook>(`select ${COLUMNS} from webhook where webhook_id = any($1::uuid[])`, [
        webhookIds,
      ])
      return rows
    },

    async find(webhookId: string): Promise<Webhook | undefined> {
      const { rows } = await db.query<Webhook>(`select ${COLUMNS} from webhook where webhook_id = $1`, [webhookId])
      return rows[0]
    },

    async lock(webhookId: string): Promise<Webhook | undefined> {
      const { rows } = await db.query<Webhook>(`select ${COLUMNS} from webhook where webhook_id = $1 for update`, [
        webhookId,
      ])
      return rows[0]
    },

    /**
     * Keeps them from being deleted or changed until the transaction ends. Who writes deliveries takes this first: who
     * deletes or changes a webhook locks it before its deliveries, and the other order would be a deadlock.
     */
    async hold(webhookIds: string[]): Promise<void> {
      await db.query({
        name: 'webhook-hold',
        text: 'select from webhook where webhook_id = any($1::uuid[]) order by webhook_id for key share',
        values: [webhookIds],
      })
    },

    /** Of the scope: all of an operator, or those of a channel. Nobody makes another one until the transaction ends. */
    async countForNew(channelId: number | null): Promise<number> {
      await db.query(`select pg_advisory_xact_lock(hashtext('leadline webhooks'), $1)`, [tx.operatorId])
      const { rows } = await db.query<{ count: number }>(
        `select count(*)::int as count from webhook where operator_id = $1 and channel_id is not distinct from $2`,
        [tx.operatorId, channelId],
      )
      return rows[0]?.count ?? 0
    },

    async insert(webhook: Webhook): Promise<void> {
      await db.query(
        `insert into webhook (operator_id, webhook_id, channel_id, kind, name, url_sealed, url_shown, events, header_name,
           header_value_sealed, secret_sealed, created_at, created_by, changed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $12)`,
        [
          ...[webhook.operatorId, webhook.webhookId, webhook.channelId, webhook.kind, webhook.name, webhook.urlSealed],
          ...[webhook.urlShown, webhook.events, webhook.headerName, webhook.headerValueSealed, webhook.secretSealed],
          ...[webhook.createdAt, webhook.createdBy],
        ],
      )
    },

    async update(webhook: Webhook, now: Date): Promise<void> {
      await db.query(
        `update webhook set name = $2, url_sealed = $3, url_shown = $4, events = $5, header_name = $6,
           header_value_sealed = $7, secret_sealed = $8, previous_secret_sealed = $9, previous_secret_until = $10,
           state = $11, paused_because = $12, paused_at = $13, failing_since = $14, failing_told_at = $15,
           version = version + 1, changed_at = $16
         where webhook_id = $1`,
        [
          ...[webhook.webhookId, webhook.name, webhook.urlSealed, webhook.urlShown, webhook.events, webhook.headerName],
          ...[webhook.headerValueSealed, webhook.secretSealed, webhook.previousSecretSealed],
          ...[webhook.previousSecretUntil, webhook.state, webhook.pausedBecause, webhook.pausedAt],
          ...[webhook.failingSince, webhook.failingToldAt, now],
        ],
      )
    },

    async remove(webhookId: string): Promise<void> {
      await db.query('delete from webhook where webhook_id = $1', [webhookId])
    },

    /** How much waits, and how much was given up (a test, which has no place in the order, is no loss), where there is any. */
    async counts(webhookIds: string[]): Promise<Map<string, WebhookCounts>> {
      const { rows } = await db.query<WebhookCounts & { webhookId: string }>(
        `select webhook_id as "webhookId", count(*) filter (where state = 'pending')::int as waiting,
                count(*) filter (where state = 'dead' and position > ${TEST_POSITION})::int as dead
         from webhook_delivery where webhook_id = any($1::uuid[]) and state in ('pending', 'dead') group by 1`,
        [webhookIds],
      )
      return new Map(rows.map(({ webhookId, waiting, dead }) => [webhookId, { waiting, dead }]))
    },

    /** Events of each that were given up since, tests left out; only where there are any. */
    async deadSince(since: Date): Promise<Map<string, number>> {
      const { rows } = await db.query<{ webhookId: string; dead: number }>(
        `select webhook_id as "webhookId", count(*)::int as dead from webhook_delivery
         where webhook_id in (select webhook_id from webhook) and state = 'dead' and position > ${TEST_POSITION}
           and finished_at >= $1
         group by 1`,
        [since],
      )
      return new Map(rows.map(({ webhookId, dead }) => [webhookId, dead]))
    },

    /** Events that were given up, which people are still to be told of; in one order, in which every worker locks them. */
    async noteDead(dead: ReadonlyMap<string, number>): Promise<void> {
      for (const [webhookId, count] of [...dead].sort(([a], [b]) => (a < b ? -1 : 1))) {
        await db.query('update webhook set dead_untold = dead_untold + $2 where webhook_id = $1', [webhookId, count])
      }
    },

    /** Those that have failed since before, which people are told of with this transaction. */
    async takeFailing(before: Date, now: Date): Promise<Webhook[]> {
      const { rows } = await db.query<Webhook>(
        `update webhook set failing_told_at = $3
         where operator_id = $1 and state = 'active' and failing_since <= $2 and failing_told_at is null
         returning ${COLUMNS}`,
        [tx.operatorId, before, now],
      )
      return rows
    },

    /** Those of them that have delivered since. */
    async takeRecovered(): Promise<Webhook[]> {
      const { rows } = await db.query<Webhook>(
        `update webhook set failing_told_at = null
         where operator_id = $1 and state = 'active' and failing_since is null and failing_told_at is not null
         returning ${COLUMNS}`,
        [tx.operatorId],
      )
      return rows
    },

    /** Those with events that were given up, unless people were told of such since. */
    async takeDead(since: Date, now: Date): Promise<DeadTold[]> {
      const { rows } = await db.query<DeadTold>(
        `with untold as (
           select operator_id, webhook_id, dead_untold from webhook
           where operator_id = $1 and dead_untold > 0 and (dead_told_at is null or dead_told_at <= $2)
           order by webhook_id for no key update
         )
         update webhook w set dead_untold = 0, dead_told_at = $3 from untold u
         where w.operator_id = u.operator_id and w.webhook_id = u.webhook_id
         returning w.webhook_id as "webhookId", w.name, w.channel_id as "channelId", u.dead_untold as dead,
           (select d.last_error from webhook_delivery d
            where d.webhook_id = w.webhook_id and d.state = 'dead' and d.position > ${TEST_POSITION}
            order by d.finished_at desc limit 1) as "lastError"`,
        [tx.operatorId, since, now],
      )
      return rows
    },

    /** How it goes with webhooks, after a batch of attempts; written only where it says something new. */
    async noteHealth(changes: WebhookHealth[]): Promise<void> {
      if (changes.length === 0) return
      await db.query(
        `update webhook w set
           last_delivered_at = coalesce(n.delivered_at, w.last_delivered_at),
           failing_since = case
             when n.failed_at is null then null
             when n.delivered_at is not null then n.failed_at
             else coalesce(w.failing_since, n.failed_at) end,
           last_error = case when n.failed_at is null then w.last_error else n.error end
         from json_to_recordset($1::json) as n (webhook_id uuid, delivered_at timestamptz, failed_at timestamptz, error text)
         where w.webhook_id = n.webhook_id and (
           (n.failed_at is null and (w.failing_since is not null or w.last_delivered_at is null
             or w.last_delivered_at < n.delivered_at - interval '5 seconds'))
           or (n.failed_at is not null and (w.failing_since is null or n.delivered_at is not null
             or w.last_error is distinct from n.error)))`,
        [JSON.stringify(changes)],
      )
    },
  }
}

/** A webhook with how many of its events were given up, and what went wrong with the last. */
export type DeadTold = Pick<Webhook, 'webhookId' | 'name' | 'channelId' | 'lastError'> & { dead: number }

/** Of one batch: the last delivery and, when the last attempt failed, the failure. */
export type WebhookHealth = {
  webhook_id: string
  delivered_at: Date | null
  failed_at: Date | null
  error: string | null
}
