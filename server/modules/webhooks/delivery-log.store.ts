import { connectionOf, type Tx } from '../../platform/db/transaction.ts'
import type { DeliveryState } from './delivery.store.ts'
import { TEST_POSITION } from './message.rules.ts'

/** A delivery as the log shows it. */
export type LoggedDelivery = {
  webhookId: string
  eventId: string
  name: string
  key: string
  position: number
  state: DeliveryState
  attempts: number
  dueAt: Date
  lastStatus: number | null
  lastError: string | null
  eventAt: Date
  finishedAt: Date | null
}

export type LoggedAttempt = {
  attemptId: string
  at: Date
  durationMs: number
  status: number | null
  outcome: string
  error: string | null
  request: string
  response: string | null
}

export type LogFilter = {
  state: DeliveryState | null
  event: string | null
  from: Date | null
  to: Date | null
  /** Event id of the last one of the page before. */
  after: string | null
  limit: number
}

const DELIVERY = `
  d.webhook_id as "webhookId", d.event_id as "eventId", d.name, d.key, d.position, d.state, d.attempts, d.due_at as "dueAt",
  d.last_status as "lastStatus", d.last_error as "lastError", d.event_at as "eventAt", d.finished_at as "finishedAt"`

/** The log of deliveries, in the scope of the transaction. Event ids grow with time. */
export function deliveryLogStore(tx: Tx) {
  const db = connectionOf(tx)
  return {
    /** Newest first. */
    async list(webhookId: string, filter: LogFilter): Promise<LoggedDelivery[]> {
      const { rows } = await db.query<LoggedDelivery>(
        `select ${DELIVERY} from webhook_delivery d
         where d.operator_id = $1 and d.webhook_id = $2 and ($3::text is null or d.state = $3)
           and ($4::text is null or d.name = $4) and ($5::timestamptz is null or d.event_at >= $5)
           and ($6::timestamptz is null or d.event_at < $6) and ($7::uuid is null or d.event_id < $7)
         order by d.event_id desc limit $8`,
        [tx.operatorId, webhookId, filter.state, filter.event, filter.from, filter.to, filter.after, filter.limit],
      )
      return rows
    },

    async find(webhookId: string, eventId: string): Promise<LoggedDelivery | undefined> {
      const { rows } = await db.query<LoggedDelivery>(
        `select ${DELIVERY} from webhook_delivery d where d.operator_id = $1 and d.webhook_id = $2 and d.event_id = $3`,
        [tx.operatorId, webhookId, eventId],
      )
      return rows[0]
    },

    /** Of whom the event tells, and its payload as text. */
    async event(eventId: string): Promise<{ channelId: number | null; payload: string } | undefined> {
      const { rows } = await db.query<{ channelId: number | null; payload: string }>(
        `select channel_id as "channelId", payload::text as payload from webhook_event
         where operator_id = $1 and event_id = $2`,
        [tx.operatorId, eventId],
      )
      return rows[0]
    },

    /** Oldest first. */
    async attempts(webhookId: string, eventId: string, limit: number): Promise<LoggedAttempt[]> {
      const { rows } = await db.query<LoggedAttempt>(
        `select attempt_id as "attemptId", at, duration_ms as "durationMs", status, outcome, error, request, response
         from webhook_attempt where operator_id = $1 and webhook_id = $2 and event_id = $3
         order by attempt_id desc limit $4`,
        [tx.operatorId, webhookId, eventId, limit],
      )
      return rows.reverse()
    },

    /** Due now, with all attempts before it; false when there is no such delivery. */
    async revive(webhookId: string, eventId: string, now: Date): Promise<boolean> {
      const { rowCount } = await db.query(
        `update webhook_delivery set state = 'pending', blocked = false, attempts = 0, due_at = $4, finished_at = null
         where operator_id = $1 and webhook_id = $2 and event_id = $3`,
        [tx.operatorId, webhookId, eventId, now],
      )
      return rowCount === 1
    },

    /** What is given up of a time range, or all of it, due now; and what was never meant for the webhook and is now. Tests tell of nothing that has happened: they are no part of it. */
    async reviveRange(range: ReplayRange, now: Date): Promise<number> {
      const { webhookId, channelId, events, from, to, isAll } = range
      const revived = await db.query(
        `update webhook_delivery set state = 'pending', blocked = false, attempts = 0, due_at = $6, finished_at = null
         where operator_id = $1 and webhook_id = $2 and name = any($3) and event_at >= $4 and event_at < $5
           and position > ${TEST_POSITION} and state = any($7)`,
        [tx.operatorId, webhookId, events, from, to, now, isAll ? ['dead', 'delivered'] : ['dead']],
      )
      const missed = await db.query(
        `insert into webhook_delivery (operator_id, webhook_id, event_id, channel_id, position, name, key, event_at, due_at)
         select e.operator_id, $2, e.event_id, $7, e.position, e.name, e.key, e.at, $6
         from webhook_event e
         where e.operator_id = $1 and e.at >= $4 and e.at < $5 and e.name = any($3)
           and e.position > ${TEST_POSITION}
           and ($7::integer is null or e.channel_id = $7)
         on conflict do nothing`,
        [tx.operatorId, webhookId, events, from, to, now, channelId],
      )
      return (revived.rowCount ?? 0) + (missed.rowCount ?? 0)
    },

    /** Everything that waits is due now, with all attempts before it: the webhook is no longer paused. */
    async hasten(webhookId: string, now: Date): Promise<void> {
      await db.query(
        `update webhook_delivery set attempts = 0, due_at = least(due_at, $3)
         where operator_id = $1 and webhook_id = $2 and state = 'pending'`,
        [tx.operatorId, webhookId, now],
      )
    },

    /** Removes events of before, with what hangs on them, at most `limit`; how many it were. */
    async trim(before: Date, limit: number): Promise<number> {
      const attempts = await db.query(
        `delete from webhook_attempt where operator_id = $1 and attempt_id in (
           select attempt_id from webhook_attempt where operator_id = $1 and at < $2 order by at limit $3)`,
        [tx.operatorId, before, limit],
      )
      const events = await db.query(
        `delete from webhook_event where operator_id = $1 and event_id in (
           select event_id from webhook_event where operator_id = $1 and at < $2 order by at, position limit $3)`,
        [tx.operatorId, before, limit],
      )
      return Math.max(attempts.rowCount ?? 0, events.rowCount ?? 0)
    },
  }
}

export type ReplayRange = {
  webhookId: string
  channelId: number | null
  events: string[]
  from: Date
  to: Date
  /** What was delivered too. */
  isAll: boolean
}
