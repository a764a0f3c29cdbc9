import { type Kysely, sql } from 'kysely'
import { APP_ROLE, grantTable } from '../scope.ts'

const operator = `(select coalesce(nullif(current_setting('leadline.operator_id', true), '')::integer, 0))`
const channel = `(select nullif(current_setting('leadline.channel_id', true), '')::integer)`
const installation = `(select coalesce(current_setting('leadline.installation', true), '') = 'on')`

/** The outbox: events as they were decided, and what each subscriber still has to hear of them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table outbox_event (
      position bigint generated always as identity primary key,
      event_id uuid not null unique,
      -- 0: the installation itself.
      operator_id integer not null,
      channel_id integer,
      name text not null,
      -- Events of one key are heard in their order.
      key text not null,
      payload json not null,
      at timestamptz not null default now(),
      routed_at timestamptz
    )`.execute(db)
  await sql`create index outbox_event_unrouted on outbox_event (position) where routed_at is null`.execute(db)
  await sql`create index outbox_event_routed on outbox_event (routed_at) where routed_at is not null`.execute(db)

  await sql`
    create table outbox_delivery (
      subscriber text not null,
      position bigint not null references outbox_event,
      key text not null,
      operator_id integer not null,
      state text not null default 'pending' check (state in ('pending', 'dead')),
      attempts integer not null default 0,
      due_at timestamptz not null default now(),
      -- Of the worker that is delivering it now; another one may take it when the time is over.
      claim uuid,
      claimed_until timestamptz,
      error text,
      dead_at timestamptz,
      primary key (subscriber, position)
    )`.execute(db)
  await sql`
    create index outbox_delivery_order on outbox_delivery (subscriber, key, position) where state = 'pending'`.execute(
    db,
  )
  await sql`create index outbox_delivery_due on outbox_delivery (due_at, position) where state = 'pending'`.execute(db)
  await sql`create index outbox_delivery_dead on outbox_delivery (operator_id, dead_at desc) where state = 'dead'`.execute(
    db,
  )
  await sql`create index outbox_delivery_event on outbox_delivery (position)`.execute(db)

  for (const table of ['outbox_event', 'outbox_delivery']) {
    const statements = [
      `alter table ${table} enable row level security`,
      `alter table ${table} force row level security`,
      `create policy ${table}_work on ${table} to ${APP_ROLE} using (${installation}) with check (${installation})`,
      `create policy ${table}_owner on ${table} to current_user using (true) with check (true)`,
    ]
    for (const statement of statements) await sql.raw(statement).execute(db)
  }
  // Whoever decides something may say so, in its own operator's name; only the dispatcher reads.
  await sql
    .raw(
      `create policy outbox_event_emit on outbox_event for insert to ${APP_ROLE} with check (operator_id = ${operator})`,
    )
    .execute(db)
  // A subscriber may mark a delivery as done in the transaction of its effect, which is one of the operator.
  await sql
    .raw(
      `create policy outbox_delivery_settle on outbox_delivery to ${APP_ROLE}
         using (operator_id = ${operator} and ${channel} is null) with check (false)`,
    )
    .execute(db)
  await grantTable(db, 'outbox_event', 'select, insert, update, delete')
  await grantTable(db, 'outbox_delivery', 'select, insert, update, delete')
  await wakeDispatchers(db)
}

async function wakeDispatchers(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function outbox_wake() returns trigger language plpgsql as $$
    begin
      perform pg_notify('leadline_outbox', '');
      return null;
    end $$`.execute(db)
  await sql`
    create trigger outbox_event_wake after insert on outbox_event
      for each statement execute function outbox_wake()`.execute(db)
}
