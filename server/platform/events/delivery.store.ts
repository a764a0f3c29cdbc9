import { connectionOf, type Tx } from '../db/transaction.ts'

/** An event on its way to one subscriber, held by this worker until `claimedUntil`. */
export type ClaimedDelivery = {
  subscriber: string
  position: number
  eventId: string
  name: string
  key: string
  operatorId: number
  channelId: number | null
  payload: unknown
  at: Date
  /** Including this one. */
  attempts: number
}

/** Which subscriber hears which events. */
export type Subscription = { subscriber: string; event: string }

/** One router at a time, so that deliveries come into being in the order of the events. */
export async function lockRouting(tx: Tx): Promise<boolean> {
  const { rows } = await connectionOf(tx).query<{ locked: boolean }>(
    `select pg_try_advisory_xact_lock(hashtext('leadline outbox routing')) as locked`,
  )
  return rows[0]?.locked === true
}

/** An event on its way out of the outbox. `payload` is JSON text, as it was written. */
export type RoutedEvent = {
  position: number
  eventId: string
  name: string
  key: string
  operatorId: number
  channelId: number | null
  /** Whose doing it is: `person/<id>`, `client/<id>`; null: nobody's here. */
  actor: string | null
  payload: string
  at: Date
}

/** The events with their payloads, in their order. */
export async function selectRouted(tx: Tx, positions: number[]): Promise<RoutedEvent[]> {
  const { rows } = await connectionOf(tx).query<RoutedEvent>({
    name: 'outbox-routed',
    text: `
      select position, event_id as "eventId", name, key, operator_id as "operatorId", channel_id as "channelId",
             actor, payload::text as payload, at
      from outbox_event where position = any($1::bigint[]) order by position`,
    values: [positions],
  })
  return rows
}

/** Turns new events into one delivery for each subscriber of their name. Returns the events that were routed. */
export async function routeEvents(
  tx: Tx,
  subscriptions: Subscription[],
  limit: number,
): Promise<{ position: number; name: string }[]> {
  const { rows } = await connectionOf(tx).query<{ position: number; name: string }>({
    name: 'outbox-route',
    text: `
      with routed as (
        update outbox_event set routed_at = now()
        where position in (select position from outbox_event where routed_at is null order by position limit $3)
        returning position, name, key, operator_id
      ), deliveries as (
        insert into outbox_delivery (subscriber, position, key, operator_id)
        select s.subscriber, r.position, r.key, r.operator_id
        from routed r join unnest($1::text[], $2::text[]) as s (subscriber, event) on s.event in (r.name, '*')
        order by r.position
        on conflict do nothing
      )
      select position, name from routed`,
    values: [subscriptions.map((s) => s.subscriber), subscriptions.map((s) => s.event), limit],
  })
  return rows
}

/**
 * Claims deliveries that are due, of each subscriber and key only the first: the next one follows when that is done or dead.
 * A claim whose time is over (its worker ended) is taken again.
 */
export async function claimDeliveries(
  tx: Tx,
  wanted: { subscribers: string[]; claim: string; claimMs: number; limit: number },
): Promise<ClaimedDelivery[]> {
  const { rows } = await connectionOf(tx).query<ClaimedDelivery>({
    name: 'outbox-claim',
    text: `
      with due as (
        select d.subscriber, d.position from outbox_delivery d
        where d.state = 'pending' and d.subscriber = any($1) and d.due_at <= now()
          and (d.claimed_until is null or d.claimed_until < now())
          and not exists (
            select from outbox_delivery p
            where p.subscriber = d.subscriber and p.key = d.key and p.state = 'pending' and p.position < d.position)
        order by d.due_at, d.position limit $4
        for update skip locked
      ), claimed as (
        update outbox_delivery d
        set claim = $2, claimed_until = now() + make_interval(secs => $3), attempts = d.attempts + 1
        from due where d.subscriber = due.subscriber and d.position = due.position
        returning d.subscriber, d.position, d.attempts
      )
      select c.subscriber, c.position, c.attempts, e.event_id as "eventId", e.name, e.key, e.operator_id as "operatorId",
             e.channel_id as "channelId", e.payload, e.at
      from claimed c join outbox_event e using (position) order by c.position`,
    values: [wanted.subscribers, wanted.claim, wanted.claimMs / 1000, wanted.limit],
  })
  return rows
}

type DeliveryKey = { subscriber: string; position: number }

/** Marks a delivery as done; false when the claim is no longer ours. */
export async function finishDelivery(tx: Tx, delivery: DeliveryKey, claim: string): Promise<boolean> {
  const { rowCount } = await connectionOf(tx).query({
    name: 'outbox-done',
    text: `delete from outbox_delivery where subscriber = $1 and position = $2 and claim = $3`,
    values: [delivery.subscriber, delivery.position, claim],
  })
  return rowCount === 1
}

/** Puts a failed delivery back, due again after `delayMs`; null: it is dead and kept. */
export async function failDelivery(
  tx: Tx,
  delivery: DeliveryKey,
  claim: string,
  error: string,
  delayMs: number | null,
): Promise<void> {
  await connectionOf(tx).query({
    name: 'outbox-failed',
    text: `
      update outbox_delivery
      set claim = null, claimed_until = null, error = $4,
        due_at = case when $5::float8 is null then due_at else now() + make_interval(secs => $5::float8) end,
        state = case when $5::float8 is null then 'dead' else 'pending' end,
        dead_at = case when $5::float8 is null then now() end
      where subscriber = $1 and position = $2 and claim = $3`,
    values: [delivery.subscriber, delivery.position, claim, error, delayMs === null ? null : delayMs / 1000],
  })
}

/** Gives claims back unused: the worker is being stopped. The attempt does not count. */
export async function returnDeliveries(tx: Tx, claim: string, positions: DeliveryKey[]): Promise<void> {
  await connectionOf(tx).query(
    `update outbox_delivery d set claim = null, claimed_until = null, attempts = d.attempts - 1
     from unnest($2::text[], $3::bigint[]) as mine (subscriber, position)
     where d.subscriber = mine.subscriber and d.position = mine.position and d.claim = $1`,
    [claim, positions.map((p) => p.subscriber), positions.map((p) => p.position)],
  )
}

export type DeadDelivery = Omit<ClaimedDelivery, 'payload'> & { payload: unknown; error: string; deadAt: Date }

/** Newest first. */
export async function selectDeadDeliveries(tx: Tx, limit: number): Promise<DeadDelivery[]> {
  const { rows } = await connectionOf(tx).query<DeadDelivery>(
    `select d.subscriber, d.position, d.attempts, d.error, d.dead_at as "deadAt", e.event_id as "eventId", e.name, e.key,
            e.operator_id as "operatorId", e.channel_id as "channelId", e.payload, e.at
     from outbox_delivery d join outbox_event e using (position)
     where d.state = 'dead' order by d.dead_at desc, d.position desc limit $1`,
    [limit],
  )
  return rows
}

/** Gives a dead delivery a new life; false when there is no such. */
export async function reviveDelivery(tx: Tx, delivery: DeliveryKey): Promise<boolean> {
  const { rowCount } = await connectionOf(tx).query(
    `update outbox_delivery set state = 'pending', attempts = 0, due_at = now(), dead_at = null
     where subscriber = $1 and position = $2 and state = 'dead'`,
    [delivery.subscriber, delivery.position],
  )
  return rowCount === 1
}

/** Gives the dead deliveries of an event a new life, of one subscriber or (null) of all; how many there were. */
export async function reviveEvent(tx: Tx, eventId: string, subscriber: string | null): Promise<number> {
  const { rowCount } = await connectionOf(tx).query(
    `update outbox_delivery d set state = 'pending', attempts = 0, due_at = now(), dead_at = null
     from outbox_event e
     where e.position = d.position and e.event_id = $1 and d.state = 'dead' and ($2::text is null or d.subscriber = $2)`,
    [eventId, subscriber],
  )
  return rowCount ?? 0
}

/** Events that every subscriber has heard and that are older than `keepSeconds`. Returns how many were removed, at most `limit`. */
export async function trimEvents(tx: Tx, keepSeconds: number, limit: number): Promise<number> {
  const { rowCount } = await connectionOf(tx).query(
    `delete from outbox_event where position in (
       select e.position from outbox_event e
       where e.routed_at < now() - make_interval(secs => $1)
         and not exists (select from outbox_delivery d where d.position = e.position)
       order by e.routed_at limit $2)`,
    [keepSeconds, limit],
  )
  return rowCount ?? 0
}

export type OutboxDepth = { waiting: number; dead: number; oldestSeconds: number }

export async function selectDepth(tx: Tx): Promise<OutboxDepth> {
  const { rows } = await connectionOf(tx).query<OutboxDepth>(
    `select (select count(*) from outbox_event where routed_at is null)
              + (select count(*) from outbox_delivery where state = 'pending') as waiting,
            (select count(*) from outbox_delivery where state = 'dead') as dead,
            coalesce(extract(epoch from now() - (
              select min(e.at) from outbox_delivery d join outbox_event e using (position) where d.state = 'pending'
            )), 0)::float8 as "oldestSeconds"`,
  )
  return rows[0] ?? { waiting: 0, dead: 0, oldestSeconds: 0 }
}
