import { type Kysely, sql } from 'kysely'
import { enableScope, grantTable } from '../scope.ts'

/** Webhooks: where events are sent, what is on its way, and what came of each attempt. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table webhook (
      operator_id integer not null,
      webhook_id uuid not null,
      -- Null: the whole operator; else events of this channel only.
      channel_id integer,
      kind text not null check (kind in ('simple', 'complete')),
      name text not null,
      -- The address may hold a key; the shown form has none.
      url_sealed text not null,
      url_shown text not null,
      events text[] not null,
      header_name text,
      header_value_sealed text,
      secret_sealed text,
      previous_secret_sealed text,
      previous_secret_until timestamptz,
      state text not null default 'active' check (state in ('active', 'paused')),
      paused_because text check (paused_because in ('asked', 'failing', 'gone')),
      paused_at timestamptz,
      -- Of the first failure since anything was delivered.
      failing_since timestamptz,
      last_delivered_at timestamptz,
      last_error text,
      version integer not null default 1,
      created_at timestamptz not null,
      created_by text not null,
      changed_at timestamptz not null,
      primary key (operator_id, webhook_id)
    )`.execute(db)

  await sql`
    create table webhook_event (
      operator_id integer not null,
      event_id uuid not null,
      -- Of the event: whose lead it is about.
      channel_id integer,
      -- That of the outbox: events of one key are delivered in its order.
      position bigint not null,
      name text not null,
      key text not null,
      payload json not null,
      at timestamptz not null,
      primary key (operator_id, event_id)
    )`.execute(db)
  await sql`create index webhook_event_by_time on webhook_event (operator_id, at, position)`.execute(db)

  await sql`
    create table webhook_delivery (
      operator_id integer not null,
      webhook_id uuid not null,
      event_id uuid not null,
      -- Of the webhook.
      channel_id integer,
      position bigint not null,
      name text not null,
      key text not null,
      state text not null default 'pending' check (state in ('pending', 'delivered', 'dead')),
      -- An earlier event of its key is to come first: a hint that keeps it out of the index of what is due.
      blocked boolean not null default false,
      -- Since it was last made due anew: a replay begins at 0.
      attempts integer not null default 0,
      due_at timestamptz not null,
      claim uuid,
      claimed_until timestamptz,
      last_status integer,
      last_error text,
      event_at timestamptz not null,
      finished_at timestamptz,
      primary key (operator_id, webhook_id, event_id),
      foreign key (operator_id, webhook_id) references webhook on delete cascade,
      foreign key (operator_id, event_id) references webhook_event on delete cascade
    )`.execute(db)
  await sql`
    create index webhook_delivery_due on webhook_delivery (webhook_id, due_at, position)
      where state = 'pending' and not blocked`.execute(db)
  await sql`
    create index webhook_delivery_order on webhook_delivery (webhook_id, key, position) where state = 'pending'`.execute(
    db,
  )
  await sql`create index webhook_delivery_event on webhook_delivery (operator_id, event_id)`.execute(db)

  await sql`
    create table webhook_attempt (
      operator_id integer not null,
      attempt_id uuid not null,
      webhook_id uuid not null,
      event_id uuid not null,
      channel_id integer,
      at timestamptz not null,
      duration_ms integer not null,
      -- Null: there was no answer.
      status integer,
      outcome text not null,
      error text,
      -- JSON, without secrets, cut to some kilobytes.
      request text not null,
      response text,
      primary key (operator_id, attempt_id),
      foreign key (operator_id, webhook_id) references webhook on delete cascade
    )`.execute(db)
  await sql`
    create index webhook_attempt_of_delivery on webhook_attempt (operator_id, webhook_id, event_id, attempt_id)`.execute(
    db,
  )
  await sql`create index webhook_attempt_by_time on webhook_attempt (operator_id, at)`.execute(db)

  for (const [when, change] of [
    ['enters', 'insert'],
    ['moves_to', 'update of channel_id'],
  ]) {
    await sql
      .raw(
        `create trigger webhook_${when}_channel before ${change} on webhook
           for each row when (new.channel_id is not null) execute function require_open_channel()`,
      )
      .execute(db)
  }
  for (const table of ['webhook', 'webhook_event', 'webhook_delivery', 'webhook_attempt']) {
    await enableScope(db, table, { channel: true, installation: true })
    await grantTable(db, table, 'select, insert, update, delete')
  }
}
