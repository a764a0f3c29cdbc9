import { type Kysely, sql } from 'kysely'
import { APP_ROLE, enableScope, grantTable } from '../scope.ts'

// Entries of the installation itself (no operator) carry operator 0, visible to principals without an operator.
const operator = `(select coalesce(nullif(current_setting('leadline.operator_id', true), '')::integer, 0))`
const channel = `(select nullif(current_setting('leadline.channel_id', true), '')::integer)`
const installation = `(select coalesce(current_setting('leadline.installation', true), '') = 'on')`

/** The journal: append-only entries, their hash chain per operator, the queue of unsealed entries, the signed heads. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table journal_entry (
      entry_id uuid primary key,
      operator_id integer not null,
      channel_id integer,
      -- Each row its own instant, so that entries of one statement keep their order.
      at timestamptz not null default clock_timestamp(),
      actor_kind text not null,
      actor_id text not null,
      actor_name text not null,
      source_ip text,
      request_id text not null,
      action text not null,
      object_type text not null,
      object_id text not null,
      object_name text,
      -- JSON kept as text: the bytes that were hashed must come back as they were.
      before text,
      after text,
      result text not null check (result in ('ok', 'failed', 'refused')),
      detail text
    )`.execute(db)
  await sql`create index journal_entry_newest on journal_entry (operator_id, at desc, entry_id desc)`.execute(db)
  await sql`
    create index journal_entry_object on journal_entry
      (operator_id, object_type, object_id, at desc, entry_id desc)`.execute(db)
  await sql`create index journal_entry_request on journal_entry (operator_id, request_id)`.execute(db)

  await sql`
    create table journal_seal (
      operator_id integer not null,
      position bigint not null check (position > 0),
      entry_id uuid not null unique,
      hash bytea not null check (octet_length(hash) = 32),
      -- On the last of each batch: brackets what was rewritten by someone who has no master key.
      signature text,
      primary key (operator_id, position)
    )`.execute(db)
  await sql`
    create table journal_unsealed (
      operator_id integer not null,
      entry_id uuid not null,
      primary key (operator_id, entry_id)
    )`.execute(db)
  await sql`
    create table journal_head (
      operator_id integer primary key,
      position bigint not null,
      hash bytea not null,
      sealed_at timestamptz not null,
      signature text not null
    )`.execute(db)

  await scopeEntries(db)
  for (const table of ['journal_seal', 'journal_unsealed', 'journal_head']) {
    await enableScope(db, table, { operatorOnly: true, installation: true })
    await allowPlatformRows(db, table)
  }
  await grantTable(db, 'journal_entry', 'select, insert')
  await grantTable(db, 'journal_seal', 'select, insert')
  await grantTable(db, 'journal_unsealed', 'select, delete')
  await grantTable(db, 'journal_head', 'select, insert, update')
  await refuseChanges(db)
  await queueForSealing(db)
}

async function scopeEntries(db: Kysely<unknown>): Promise<void> {
  const own = `operator_id = ${operator}`
  const statements = [
    `alter table journal_entry enable row level security`,
    `alter table journal_entry force row level security`,
    `create policy journal_entry_read on journal_entry for select to ${APP_ROLE}
       using ((${own} and (${channel} is null or channel_id = ${channel})) or ${installation})`,
    // A channel's principal may do what concerns the whole operator (a lead fetched but not its own): written, not read.
    `create policy journal_entry_append on journal_entry for insert to ${APP_ROLE}
       with check (${own} or ${installation})`,
    `create policy journal_entry_owner on journal_entry to current_user using (true) with check (true)`,
  ]
  for (const statement of statements) await sql.raw(statement).execute(db)
}

async function allowPlatformRows(db: Kysely<unknown>, table: string): Promise<void> {
  await sql
    .raw(
      `create policy ${table}_platform on ${table} for select to ${APP_ROLE}
         using (operator_id = 0 and ${operator} = 0 and ${channel} is null)`,
    )
    .execute(db)
}

/** Statement triggers fire for the owner too, and even where no row matches. */
async function refuseChanges(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function journal_is_append_only() returns trigger language plpgsql as $$
    begin
      raise exception 'The journal is append-only: % on % is refused.', tg_op, tg_table_name using errcode = '42501';
    end $$`.execute(db)
  for (const table of ['journal_entry', 'journal_seal']) {
    await sql
      .raw(
        `create trigger ${table}_append_only before update or delete or truncate on ${table}
           for each statement execute function journal_is_append_only()`,
      )
      .execute(db)
  }
  await sql`
    create trigger journal_head_kept before delete or truncate on journal_head
      for each statement execute function journal_is_append_only()`.execute(db)
  await sql`
    create function journal_head_only_grows() returns trigger language plpgsql as $$
    begin
      if new.operator_id <> old.operator_id or new.position < old.position then
        raise exception 'The head of the journal never goes back.' using errcode = '42501';
      end if;
      return new;
    end $$`.execute(db)
  await sql`
    create trigger journal_head_grows before update on journal_head
      for each row execute function journal_head_only_grows()`.execute(db)
}

/** Filled by trigger, as the owner: whoever appends an entry cannot leave it out of the chain. */
async function queueForSealing(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function journal_queue_for_sealing() returns trigger
      language plpgsql security definer set search_path = pg_catalog, public as $$
    begin
      insert into public.journal_unsealed (operator_id, entry_id) select operator_id, entry_id from added;
      return null;
    end $$`.execute(db)
  await sql`revoke all on function journal_queue_for_sealing() from public`.execute(db)
  await sql`
    create trigger journal_entry_queue after insert on journal_entry referencing new table as added
      for each statement execute function journal_queue_for_sealing()`.execute(db)
}
