import { type Kysely, sql } from 'kysely'
import { APP_ROLE, enableScope, grantTable } from '../scope.ts'

const operator = `(select nullif(current_setting('leadline.operator_id', true), '')::integer)`

/** Services with their SIP connections, a version with counters per scope, and secrets of connections. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createServices(db)
  await createConnections(db)
}

async function createServices(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table service (
      operator_id integer not null references operator,
      service_id uuid not null,
      -- In the order in which they came; grows, with gaps where one was deleted.
      arrival integer not null,
      tenant_id uuid not null,
      -- That of the lead, and moves with it.
      channel_id integer,
      lead_id uuid not null,
      lc_customer_id integer,
      short_name text not null,
      short_name_folded text not null,
      full_name text not null,
      license text not null check (license in ('OC Essential', 'OC Essentials Plus', 'OC Pro')),
      licensed_users integer,
      model text not null check (model in ('tenant', 'ip-group')),
      state text not null check (state in ('Creating', 'Active', 'Deleting')),
      origin text not null check (origin in ('licensed', 'adopted')),
      calling_profile_id text,
      barred_since timestamptz,
      bar_reason text,
      -- Of its SIP connections: how many, and how the worst of them stands.
      connections integer not null default 0,
      deployment text not null default 'None' check (deployment in
        ('None', 'Pending', 'Waiting', 'Deployed', 'Failed', 'Removing')),
      health text not null default 'unknown' check (health in ('ok', 'warning', 'error', 'unknown')),
      checked_at timestamptz,
      check_results json,
      -- By code: when and by whom a test call was ticked off.
      test_calls json not null default '{}',
      -- The task that is at work on it, as callers know it.
      task_id text,
      version integer not null default 1,
      created_at timestamptz not null default now(),
      changed_at timestamptz not null default now(),
      -- What it can be found by, in lower case.
      search text not null default '',
      primary key (operator_id, service_id),
      foreign key (operator_id, channel_id) references channel (operator_id, channel_id),
      foreign key (operator_id, lc_customer_id) references lc_customer (operator_id, customer_id)
    )`.execute(db)
  await sql`
    create unique index service_by_arrival on service (operator_id, arrival) include (
      channel_id, license, state, deployment, health, model, lc_customer_id
    )`.execute(db)
  await sql`create unique index service_short_name on service (operator_id, short_name_folded)`.execute(db)
  // One service of a tenant, however many consents it has given.
  await sql`create unique index service_tenant on service (operator_id, tenant_id)`.execute(db)
  await sql`create unique index service_lead on service (operator_id, lead_id)`.execute(db)
  await sql`create index service_by_full_name on service (operator_id, full_name, arrival)`.execute(db)
  await sql`create index service_by_short_name on service (operator_id, short_name, arrival)`.execute(db)
  await sql`create index service_channel on service (operator_id, channel_id, arrival) where channel_id is not null`.execute(
    db,
  )
  await sql`create index service_customer on service (operator_id, lc_customer_id) where lc_customer_id is not null`.execute(
    db,
  )
  for (const [name, when, condition] of [
    ['enters_channel', 'insert', 'new.channel_id is not null'],
    [
      'moves_to_channel',
      'update of channel_id',
      'new.channel_id is not null and new.channel_id is distinct from old.channel_id',
    ],
  ]) {
    await sql
      .raw(
        `create trigger service_${name} before ${when} on service for each row when (${condition}) execute function require_open_channel()`,
      )
      .execute(db)
  }
  await enableScope(db, 'service', { channel: true, customers: true })
  await grantTable(db, 'service', 'select, insert, update, delete')

  await sql`
    create table service_scope (
      operator_id integer not null,
      channel_id integer not null default 0,
      version bigint not null default 0,
      total integer not null default 0,
      last_arrival integer not null default 0,
      primary key (operator_id, channel_id)
    ) with (fillfactor = 50)`.execute(db)
  await enableScope(db, 'service_scope', { channel: true })
  // Whoever changes a service of his channel moves the version of the operator's whole list too.
  const whole = `operator_id = ${operator} and channel_id = 0`
  await sql
    .raw(`create policy service_scope_whole on service_scope to ${APP_ROLE} using (${whole}) with check (${whole})`)
    .execute(db)
  await grantTable(db, 'service_scope', 'select, insert, update')
}

async function createConnections(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table sip_connection (
      operator_id integer not null,
      connection_id uuid not null,
      service_id uuid not null,
      channel_id integer,
      tenant_id uuid not null,
      -- 1 is the one that came with the license.
      position integer not null,
      name text not null,
      model text not null check (model in ('tenant', 'ip-group')),
      sbc_id integer,
      deployment text not null check (deployment in ('None', 'Pending', 'Waiting', 'Deployed', 'Failed', 'Removing')),
      deployment_detail text,
      cac_profile text,
      proxy_set text,
      carrier_host_name text,
      carrier_user_name text,
      carrier_main_line text,
      onboarding_script integer,
      cleanup_script integer,
      add_numbers_script integer,
      remove_numbers_script integer,
      -- Further variables of the scripts that are no secrets.
      variables json not null default '{}',
      created_at timestamptz not null default now(),
      changed_at timestamptz not null default now(),
      primary key (operator_id, connection_id),
      unique (operator_id, service_id, position),
      foreign key (operator_id, service_id) references service (operator_id, service_id) on delete cascade
    )`.execute(db)
  await enableScope(db, 'sip_connection', { channel: true, customers: true })
  await grantTable(db, 'sip_connection', 'select, insert, update, delete')

  // Apart, so that it outlives a connection whose task was taken back and is retried.
  await sql`
    create table sip_secret (
      operator_id integer not null,
      connection_id uuid not null,
      channel_id integer,
      password_sealed text not null,
      created_at timestamptz not null default now(),
      primary key (operator_id, connection_id)
    )`.execute(db)
  await enableScope(db, 'sip_secret', { channel: true })
  await grantTable(db, 'sip_secret', 'select, insert, update, delete')
}
