import { type Kysely, sql } from 'kysely'
import { enableScope, grantTable } from '../scope.ts'

/** Leads, each with its ready wire text, and a version with counters per scope. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // Rows stay in one piece up to 8 kB: a compressed or out-of-line body would have to be unpacked for every page.
  await sql`
    create table lead (
      operator_id integer not null,
      lead_id uuid not null,
      arrival integer not null,
      tenant_id uuid not null,
      channel_id integer,
      is_direct boolean not null,
      status text not null,
      company_name text not null,
      -- Lower bound of the size Microsoft names; -1 where there is none.
      company_size integer not null,
      consented_at timestamptz not null,
      modified_at timestamptz not null,
      countries text[] not null,
      remote_hash bytea not null,
      -- What Microsoft sent beyond the documented fields, JSON; all the rest of what it said is in body.
      extras text,
      civic_addresses text,
      addresses_asked_at timestamptz,
      addresses_failed_at timestamptz,
      addresses_failure text,
      ump_customer_guid uuid,
      license text check (license in ('OC Essential', 'OC Essentials Plus', 'OC Pro')),
      processing text check (processing in ('Updating', 'Success', 'Failed')),
      is_not_active boolean,
      comments text,
      missing_since timestamptz,
      first_seen_at timestamptz not null default now(),
      changed_at timestamptz not null default now(),
      -- The beginning of the lead's line of CSV, ready as the body is.
      contact_cells text not null default '',
      body text not null,
      primary key (operator_id, lead_id),
      foreign key (operator_id, channel_id) references channel (operator_id, channel_id)
    ) with (toast_tuple_target = 8160)`.execute(db)
  // With all that filters, facets and the commonest orders look at, so that choosing and counting leave the texts alone:
  // a tenth of a millisecond for each hundred leads, a tenth of what reading the leads takes.
  await sql`
    create unique index lead_by_arrival on lead (operator_id, arrival) include (
      channel_id, is_direct, status, consented_at, modified_at, countries, ump_customer_guid, license, processing
    )`.execute(db)
  await sql`create index lead_by_tenant on lead (operator_id, tenant_id)`.execute(db)
  await sql`create index lead_by_consent on lead (operator_id, consented_at, arrival)`.execute(db)
  await sql`create index lead_by_change on lead (operator_id, modified_at, arrival)`.execute(db)
  await sql`create index lead_by_channel on lead (operator_id, channel_id, arrival) where channel_id is not null`.execute(
    db,
  )
  await sql`create index lead_missing on lead (operator_id) where missing_since is not null`.execute(db)
  await sql`
    create index lead_direct_unaddressed on lead (operator_id, arrival)
    where is_direct and status <> 'Removed' and coalesce(civic_addresses, '[]') = '[]'`.execute(db)
  await enableScope(db, 'lead', { channel: true })
  await grantTable(db, 'lead', 'select, insert, update, delete')

  await sql`
    create table lead_scope (
      operator_id integer not null,
      channel_id integer not null default 0,
      version bigint not null default 0,
      total integer not null default 0,
      last_arrival integer not null default 0,
      primary key (operator_id, channel_id)
    ) with (fillfactor = 50)`.execute(db)
  await enableScope(db, 'lead_scope', { channel: true })
  await grantTable(db, 'lead_scope', 'select, insert, update')

  await searchTables(db)

  // A cell of CSV: quoted, on one line, and never a formula (design/quality.md, Known traps).
  await sql`
    create function csv_cell(value text) returns text language sql immutable parallel safe as $$
      select '"' || replace(
        case when value ~ '^[-=+@\\t\\r\\n]' then '''' else '' end
        || translate(coalesce(value, ''), e'\\r\\n\\t', '   '), '"', '""') || '"'
    $$`.execute(db)
  await sql`grant execute on function csv_cell(text) to leadline_app`.execute(db)
}

/**
 * What leads can be found by, apart from the leads: keeping the trigram index costs four times as much as storing the
 * lead. So a lead that is written is found in `lead_search_recent`, which is read as a whole, until the sync moves it,
 * many at once, into `lead_search`, which has the index.
 */
async function searchTables(db: Kysely<unknown>): Promise<void> {
  for (const table of ['lead_search', 'lead_search_recent']) {
    await sql`
      create table ${sql.table(table)} (
        operator_id integer not null,
        arrival integer not null,
        channel_id integer,
        search text not null,
        primary key (operator_id, arrival)
      )`.execute(db)
    await enableScope(db, table, { channel: true, definerSearch: true })
    await grantTable(db, table, 'select, insert, update, delete')
  }
  await sql`create index lead_search_trigrams on lead_search using gin (search gin_trgm_ops)`.execute(db)

  // LIKE is not leakproof, so under row security it cannot use the trigram index. The owner's function can, and filters
  // the scope itself, by the same settings the policies read. It is planned for each pattern: without it the plan would
  // walk the whole index for a pattern of two letters, which has no trigram, and takes the table ten times as long.
  await sql`
    create function leads_matching(pattern text) returns setof integer
    language plpgsql stable security definer set search_path = pg_catalog, public set plan_cache_mode = force_custom_plan
    as $$
    begin
      return query select arrival from (
        select operator_id, channel_id, arrival from lead_search where search like pattern
        union all
        select operator_id, channel_id, arrival from lead_search_recent where search like pattern
      ) found
      where operator_id = nullif(current_setting('leadline.operator_id', true), '')::integer
        and (nullif(current_setting('leadline.channel_id', true), '') is null
             or channel_id = nullif(current_setting('leadline.channel_id', true), '')::integer)
        and nullif(current_setting('leadline.tenant_id', true), '') is null;
    end $$`.execute(db)
  await sql`revoke all on function leads_matching(text) from public`.execute(db)
  // What came into the index lately waits in a list that every search reads as a whole, until somebody puts it in its place:
  // autovacuum would, in its own time.
  await sql`
    create function settle_lead_search() returns void
    language sql security definer set search_path = pg_catalog, public
    as $$ select gin_clean_pending_list('lead_search_trigrams') $$`.execute(db)
  await sql`revoke all on function settle_lead_search() from public`.execute(db)
  await sql`grant execute on function settle_lead_search() to leadline_app`.execute(db)
  await sql`grant execute on function leads_matching(text) to leadline_app`.execute(db)
}
