import { type Kysely, sql } from 'kysely'
import { APP_ROLE, enableScope, grantTable } from '../scope.ts'

const operator = `(select nullif(current_setting('leadline.operator_id', true), '')::integer)`

/** Pools of licenses with what is used of them, and what was used on each day. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table license_pool (
      operator_id integer not null references operator,
      -- 0: the operator as a whole.
      channel_id integer not null default 0,
      kind text not null check (kind in ('customers', 'licensed-users')),
      -- Null: without limit.
      size integer check (size >= 0),
      warning_percent integer not null default 80,
      grace_percent integer not null default 0,
      used integer not null default 0,
      -- Which threshold was told last.
      told text not null default 'ok' check (told in ('ok', 'warning', 'grace', 'exhausted')),
      primary key (operator_id, channel_id, kind)
    ) with (fillfactor = 50)`.execute(db)
  await enableScope(db, 'license_pool', { channel: true })
  // A license of a channel takes one of the operator's pool too.
  const whole = `operator_id = ${operator} and channel_id = 0`
  await sql
    .raw(`create policy license_pool_whole on license_pool to ${APP_ROLE} using (${whole}) with check (${whole})`)
    .execute(db)
  await grantTable(db, 'license_pool', 'select, insert, update')

  // A fact holds from its day until the next one of the service: days on which nothing changed have no row.
  await sql`
    create table service_usage (
      operator_id integer not null,
      service_id uuid not null,
      day date not null,
      channel_id integer,
      tenant_id uuid not null,
      license text not null,
      licensed_users integer not null,
      used_numbers integer not null,
      -- The service was there on this day; false: it was deleted.
      present boolean not null,
      recorded_at timestamptz not null default now(),
      primary key (operator_id, service_id, day)
    )`.execute(db)
  await enableScope(db, 'service_usage', { channel: true, customers: true })
  await grantTable(db, 'service_usage', 'select, insert')

  await sql`
    create table license_usage_day (
      operator_id integer not null,
      day date not null,
      -- 0: services of no channel.
      channel_id integer not null,
      license text not null,
      services integer not null,
      licensed_users integer not null,
      recorded_at timestamptz not null default now(),
      primary key (operator_id, day, channel_id, license)
    )`.execute(db)
  await enableScope(db, 'license_usage_day', { channel: true })
  await grantTable(db, 'license_usage_day', 'select, insert')
}
