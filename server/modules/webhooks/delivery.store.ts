import { connectionOf, type Tx } from '../../platform/db/transaction.ts'

export type DeliveryState = 'pending' | 'delivered' | 'dead'

export type NewWebhookEvent = {
  operator_id: number
  event_id: string
  channel_id: number | null
  position: number
  name: string
  key: string
  /** JSON text. */
  payload: string
  at: Date
}

export type NewDelivery = { operator_id: number; webhook_id: string; event_id: string; channel_id: number | null }

/** A delivery that this worker attempts now; `attempts` counts this one. */
export type ClaimedWebhookDelivery = {
  operatorId: number
  webhookId: string
  eventId: string
  channelId: number | null
  attempts: number
  position: number
  name: string
  key: string
  eventChannelId: number | null
  payload: string
  at: Date
}

/** What became of a claimed delivery. `state` pending: due again at `due_at`; `attempts` null: as it is. */
export type SettledDelivery = {
  operator_id: number
  webhook_id: string
  event_id: string
  claim: string
  state: DeliveryState
  due_at: Date | null
  /** The attempt did not take place. */
  returned: boolean
  status: number | null
  error: string | null
}

export type AttemptRow = {
  operator_id: number
  attempt_id: string
  webhook_id: string
  event_id: string
  channel_id: number | null
  at: Date
  duration_ms: number
  status: number | null
  outcome: string
  error: string | null
  request: string
  response: string | null
}

/** Takes events in, and what has to be delivered of them; what is there already stays as it is. */
export async function insertEventsAndDeliveries(
  tx: Tx,
  events: NewWebhookEvent[],
  deliveries: NewDelivery[],
  now: Date,
): Promise<void> {
  await connectionOf(tx).query({
    name: 'webhook-take',
    text: `
      with taken as (
        insert into webhook_event (operator_id, event_id, channel_id, position, name, key, payload, at)
        select operator_id, event_id, channel_id, position, name, key, payload::json, at
        from json_to_recordset($1::json) as e (operator_id integer, event_id uuid, channel_id integer, position bigint,
          name text, key text, payload text, at timestamptz)
        on conflict do nothing
        returning operator_id, event_id, position, name, key, at
      )
      insert into webhook_delivery (operator_id, webhook_id, event_id, channel_id, position, name, key, event_at, due_at, blocked)
      select d.operator_id, d.webhook_id, d.event_id, d.channel_id, t.position, t.name, t.key, t.at, $3,
             row_number() over (partition by d.webhook_id, t.key order by t.position) > 1
             or exists (
               select from webhook_delivery p
               where p.webhook_id = d.webhook_id and p.key = t.key and p.state = 'pending' and p.position < t.position)
      from json_to_recordset($2::json) as d (operator_id integer, webhook_id uuid, event_id uuid, channel_id integer)
      join taken t using (operator_id, event_id)
      on conflict do nothing`,
    values: [JSON.stringify(events), JSON.stringify(deliveries), now],
  })
}

export type ClaimWanted = {
  now: Date
  claim: string
  claimMs: number
  /** Attempts that a webhook may still be given; `room` for all that are not named. */
  room: number
  rooms: Map<string, number>
  limit: number
}

/**
 * Claims deliveries that are due, of each webhook and key only the first: the next one follows when that is delivered or
 * dead. A claim whose time is over (its worker ended) is taken again. Webhooks come in no order, so that none is always last.
 */
export async function claimWebhookDeliveries(tx: Tx, wanted: ClaimWanted): Promise<ClaimedWebhookDelivery[]> {
  const { rows } = await connectionOf(tx).query<ClaimedWebhookDelivery>({
    name: 'webhook-claim',
    text: `
      with due as (
        select d.operator_id, d.webhook_id, d.event_id
        from (select webhook_id from webhook where state = 'active' order by random()) w
        left join unnest($3::uuid[], $4::int[]) as busy (webhook_id, room) using (webhook_id)
        cross join lateral (
          select d.operator_id, d.webhook_id, d.event_id from webhook_delivery d
          where d.webhook_id = w.webhook_id and d.state = 'pending' and not d.blocked and d.due_at <= $1
            and (d.claimed_until is null or d.claimed_until < $1)
            -- Its own first, by the index: as "not exists" it may become a join with all that waits.
            and d.position = (
              select p.position from webhook_delivery p
              where p.webhook_id = d.webhook_id and p.key = d.key and p.state = 'pending' order by p.position limit 1)
          order by d.due_at, d.position limit coalesce(busy.room, $2) for update skip locked
        ) d
        where coalesce(busy.room, $2) > 0
        limit $5
      ), claimed as (
        update webhook_delivery d
        set claim = $6, claimed_until = $1::timestamptz + make_interval(secs => $7), attempts = d.attempts + 1
        from due
        where d.operator_id = due.operator_id and d.webhook_id = due.webhook_id and d.event_id = due.event_id
        returning d.operator_id, d.webhook_id, d.event_id, d.channel_id, d.attempts
      )
      select c.operator_id as "operatorId", c.webhook_id as "webhookId", c.event_id as "eventId",
             c.channel_id as "channelId", c.attempts, e.position, e.name, e.key, e.channel_id as "eventChannelId",
             e.payload::text as payload, e.at
      from claimed c join webhook_event e using (operator_id, event_id) order by e.position`,
    values: [
      ...[wanted.now, wanted.room, [...wanted.rooms.keys()], [...wanted.rooms.values()]],
      ...[wanted.limit, wanted.claim, wanted.claimMs / 1_000],
    ],
  })
  return rows
}

/**
 * Writes what came of attempts, and keeps each in the log. What another worker has taken over meanwhile stays its. Answers
 * which were given up with it.
 */
export async function settleDeliveries(
  tx: Tx,
  settled: SettledDelivery[],
  attempts: AttemptRow[],
  now: Date,
): Promise<{ webhookId: string; name: string }[]> {
  const db = connectionOf(tx)
  const { rows } = await db.query<{ webhookId: string; name: string; state: DeliveryState }>({
    name: 'webhook-settle',
    text: `
      update webhook_delivery d
      set claim = null, claimed_until = null, state = s.state, due_at = coalesce(s.due_at, d.due_at),
        attempts = case when s.returned then d.attempts - 1 else d.attempts end,
        last_status = case when s.returned then d.last_status else s.status end,
        last_error = case when s.returned then d.last_error else s.error end,
        finished_at = case when s.state = 'pending' then null else $2::timestamptz end
      from json_to_recordset($1::json) as s (operator_id integer, webhook_id uuid, event_id uuid, claim uuid, state text,
        due_at timestamptz, returned boolean, status integer, error text)
      where d.operator_id = s.operator_id and d.webhook_id = s.webhook_id and d.event_id = s.event_id and d.claim = s.claim
      returning d.webhook_id as "webhookId", d.name, d.state`,
    values: [JSON.stringify(settled), now],
  })
  const finished = settled.filter(({ state }) => state !== 'pending')
  if (finished.length > 0) await freeNext(tx, finished)
  await insertAttempts(tx, attempts)
  return rows.filter(({ state }) => state === 'dead')
}

/** The next event of each key may go. */
async function freeNext(tx: Tx, finished: SettledDelivery[]): Promise<void> {
  await connectionOf(tx).query({
    name: 'webhook-free-next',
    text: `
      update webhook_delivery n set blocked = false
      from (
        select distinct d.webhook_id, d.key
        from json_to_recordset($1::json) as s (operator_id integer, webhook_id uuid, event_id uuid)
        join webhook_delivery d using (operator_id, webhook_id, event_id)
      ) f
      cross join lateral (
        select x.operator_id, x.event_id from webhook_delivery x
        where x.webhook_id = f.webhook_id and x.key = f.key and x.state = 'pending' order by x.position limit 1
      ) next
      where n.operator_id = next.operator_id and n.webhook_id = f.webhook_id and n.event_id = next.event_id and n.blocked`,
    values: [JSON.stringify(finished)],
  })
}

/**
 * Frees what is blocked by nothing any more: an event that came in at the very moment in which the one before it was settled.
 * True when there was any.
 */
export async function freeForgotten(tx: Tx): Promise<boolean> {
  const { rowCount } = await connectionOf(tx).query(
    `update webhook_delivery f set blocked = false
     from (
       select d.operator_id, d.webhook_id, d.event_id from webhook_delivery d
       where d.state = 'pending' and d.blocked and not exists (
         select from webhook_delivery p
         where p.webhook_id = d.webhook_id and p.key = d.key and p.state = 'pending' and p.position < d.position)
       for update skip locked
     ) d
     where f.operator_id = d.operator_id and f.webhook_id = d.webhook_id and f.event_id = d.event_id`,
  )
  return (rowCount ?? 0) > 0
}

export async function insertAttempts(tx: Tx, attempts: AttemptRow[]): Promise<void> {
  if (attempts.length === 0) return
  await connectionOf(tx).query({
    name: 'webhook-attempts',
    text: `
      insert into webhook_attempt (operator_id, attempt_id, webhook_id, event_id, channel_id, at, duration_ms, status,
        outcome, error, request, response)
      select operator_id, attempt_id, webhook_id, event_id, channel_id, at, duration_ms, status, outcome, error, request,
        response
      from json_to_recordset($1::json) as a (operator_id integer, attempt_id uuid, webhook_id uuid, event_id uuid,
        channel_id integer, at timestamptz, duration_ms integer, status integer, outcome text, error text, request text,
        response text)
      -- One of a webhook that was deleted meanwhile.
      where exists (select from webhook w where w.operator_id = a.operator_id and w.webhook_id = a.webhook_id)`,
    values: [JSON.stringify(attempts)],
  })
}

/** An event that is sent to one webhook only, and once: what a test sends. */
export async function insertFinishedDelivery(
  tx: Tx,
  event: NewWebhookEvent,
  delivery: NewDelivery & { state: DeliveryState; status: number | null; error: string | null; at: Date },
): Promise<void> {
  const db = connectionOf(tx)
  await db.query(
    `insert into webhook_event (operator_id, event_id, channel_id, position, name, key, payload, at)
     values ($1, $2, $3, $4, $5, $6, $7::json, $8)`,
    [
      ...[event.operator_id, event.event_id, event.channel_id, event.position, event.name, event.key, event.payload],
      event.at,
    ],
  )
  await db.query(
    `insert into webhook_delivery (operator_id, webhook_id, event_id, channel_id, position, name, key, state, attempts, due_at,
       last_status, last_error, event_at, finished_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10, $11, $12, $9)`,
    [
      ...[
        delivery.operator_id,
        delivery.webhook_id,
        delivery.event_id,
        delivery.channel_id,
        event.position,
        event.name,
      ],
      ...[event.key, delivery.state, delivery.at, delivery.status, delivery.error, event.at],
    ],
  )
}
