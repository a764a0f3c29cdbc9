import { type Kysely, sql } from 'kysely'
import { APP_ROLE, enableScope, grantTable } from '../scope.ts'

const channel = `(select nullif(current_setting('leadline.channel_id', true), '')::integer)`
const installation = `(select coalesce(current_setting('leadline.installation', true), '') = 'on')`

/** Channels with all that is known of them, LC customers, leads by service, and who sees what of a lead's journal. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await widenChannel(db)
  await createCustomers(db)
  await refuseDeletedChannels(db)
  await findLeadsByChannelName(db)
  await sql`
    create index lead_by_service on lead (operator_id, ump_customer_guid) include (channel_id)
    where ump_customer_guid is not null`.execute(db)
  await sql`create index lead_of_channel_by_consent on lead (operator_id, channel_id, consented_at, arrival)
    where channel_id is not null`.execute(db)
  await sql`create index lead_of_channel_by_change on lead (operator_id, channel_id, modified_at, arrival)
    where channel_id is not null`.execute(db)
  await countAssignCalls(db)
  await showHistoryToChannel(db)
}

/** Ids of channels and LC customers are of one series per operator and never given twice: the journal speaks of them for ever. */
async function widenChannel(db: Kysely<unknown>): Promise<void> {
  await sql`alter table operator add column last_topology_id integer not null default 1000`.execute(db)
  await sql`
    alter table channel
      -- As search compares names; null: lower(name) will do.
      add column name_folded text,
      add column description text not null default '',
      add column ms_tenant_id uuid,
      -- JSON: email, phone, secondaryEmail, secondaryPhone, generalInfo.
      add column contacts text not null default '{}',
      add column logo bytea,
      add column logo_type text,
      -- 0: no limit.
      add column max_customers integer not null default 0 check (max_customers >= 0),
      add column operator_connect boolean not null default true,
      add column account_id uuid not null default gen_random_uuid(),
      add column version integer not null default 1,
      add column changed_at timestamptz not null default now(),
      -- The row stays: clients, memberships of the past and the journal name it.
      add column deleted_at timestamptz`.execute(db)
  await sql`
    create unique index channel_name on channel (operator_id, (coalesce(name_folded, lower(name))))
    where deleted_at is null`.execute(db)
}

async function createCustomers(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table lc_customer (
      operator_id integer not null references operator,
      customer_id integer not null,
      channel_id integer,
      name text not null,
      name_folded text not null,
      full_name text,
      description text not null default '',
      ms_tenant_id uuid,
      contacts text not null default '{}',
      logo bytea,
      logo_type text,
      account_id uuid not null default gen_random_uuid(),
      version integer not null default 1,
      created_at timestamptz not null default now(),
      changed_at timestamptz not null default now(),
      primary key (operator_id, customer_id),
      foreign key (operator_id, channel_id) references channel (operator_id, channel_id)
    )`.execute(db)
  // A channel learns nothing of another's names by having its own refused.
  await sql`create unique index lc_customer_name on lc_customer (operator_id, coalesce(channel_id, 0), name_folded)`.execute(
    db,
  )
  await sql`create index lc_customer_channel on lc_customer (operator_id, channel_id)`.execute(db)
  await enableScope(db, 'lc_customer', { channel: true })
  await grantTable(db, 'lc_customer', 'select, insert, update, delete')
}

/**
 * To whoever names it, a deleted channel is one that does not exist. The lock holds a deletion up until what names the
 * channel is committed, and is then seen by it.
 */
async function refuseDeletedChannels(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function require_open_channel() returns trigger
      language plpgsql security definer set search_path = pg_catalog, public as $$
    begin
      perform from public.channel
        where operator_id = new.operator_id and channel_id = new.channel_id and deleted_at is null for share;
      if not found then
        raise exception 'There is no channel % of operator %.', new.channel_id, new.operator_id using errcode = '23503';
      end if;
      return new;
    end $$`.execute(db)
  await sql`revoke all on function require_open_channel() from public`.execute(db)
  await sql.raw(`grant execute on function require_open_channel() to ${APP_ROLE}`).execute(db)
  for (const table of ['lead', 'lc_customer', 'api_client', 'membership', 'invitation']) {
    await sql
      .raw(
        `create trigger ${table}_enters_channel before insert on ${table}
           for each row when (new.channel_id is not null) execute function require_open_channel()`,
      )
      .execute(db)
    await sql
      .raw(
        `create trigger ${table}_moves_to_channel before update of channel_id on ${table}
           for each row when (new.channel_id is not null and new.channel_id is distinct from old.channel_id)
           execute function require_open_channel()`,
      )
      .execute(db)
  }
}

/**
 * Leads of the channels whose name matches: asked for beside `leads_matching`, so that a channel can be renamed without
 * rewriting what its leads are found by. As the owner, for the reason given there.
 */
async function findLeadsByChannelName(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function leads_in_channels_named(pattern text) returns setof integer
    language sql stable security definer set search_path = pg_catalog, public as $$
      select lead.arrival from channel join lead using (operator_id, channel_id)
      where coalesce(channel.name_folded, lower(channel.name)) like pattern
        and channel.operator_id = nullif(current_setting('leadline.operator_id', true), '')::integer
        and (nullif(current_setting('leadline.channel_id', true), '') is null
             or channel.channel_id = nullif(current_setting('leadline.channel_id', true), '')::integer)
    $$`.execute(db)
  await sql`revoke all on function leads_in_channels_named(text) from public`.execute(db)
  await sql.raw(`grant execute on function leads_in_channels_named(text) to ${APP_ROLE}`).execute(db)
}

/** How many calls of the documented assignment are left, of the operator as a whole ('') and of each caller. */
async function countAssignCalls(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table assign_call_allowance (
      operator_id integer not null references operator,
      caller text not null,
      tokens double precision not null,
      refilled_at timestamptz not null,
      primary key (operator_id, caller)
    )`.execute(db)
  await enableScope(db, 'assign_call_allowance', { operatorOnly: true })
  await grantTable(db, 'assign_call_allowance', 'select, insert, update, delete')
}

/**
 * A channel sees what was written for it, and, of each lead that is its own now, what was written before it came; but
 * never from or to which channel it went.
 */
async function showHistoryToChannel(db: Kysely<unknown>): Promise<void> {
  const uuid = `object_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'`
  const ofOwnLead = `case when object_type = 'lead' and action not like 'lead.channel-%' and ${uuid}
    then exists (select from lead where lead.operator_id = journal_entry.operator_id and lead.lead_id = object_id::uuid)
    else false end`
  await sql
    .raw(
      `alter policy journal_entry_read on journal_entry using (
         (operator_id = (select coalesce(nullif(current_setting('leadline.operator_id', true), '')::integer, 0))
           and (case when ${channel} is null then true when channel_id = ${channel} then true else ${ofOwnLead} end))
         or ${installation})`,
    )
    .execute(db)
  await sql`
    create index journal_entry_channel on journal_entry (operator_id, channel_id, at desc, entry_id desc)
    where channel_id is not null`.execute(db)
}
