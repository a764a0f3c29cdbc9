import { type Kysely, sql } from 'kysely'
import { APP_ROLE, enableScope, grantTable } from '../scope.ts'

/** Saved views of lists, how each person has set up the portal, and the search that answers while somebody types. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createViews(db)
  await createPreferences(db)
  await findFirstLeads(db)
}

async function createViews(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table saved_view (
      operator_id integer not null references operator,
      view_id uuid not null,
      -- Null: made for the whole operator; else it is of this channel.
      channel_id integer,
      -- Whose it is: "person/<id>" or "client/<id>".
      owner text not null,
      shared boolean not null,
      list text not null check (list in ('leads', 'tenants')),
      name text not null,
      name_folded text not null,
      -- As in the address of the portal: what a filter means is the portal's business.
      query text not null,
      -- Null: the columns that each person has chosen.
      columns text[],
      version integer not null default 1,
      created_at timestamptz not null,
      created_by text not null,
      changed_at timestamptz not null,
      primary key (operator_id, view_id)
    )`.execute(db)
  await sql`
    create unique index saved_view_name on saved_view (
      operator_id, coalesce(channel_id, 0), (case when shared then '' else owner end), list, name_folded
    )`.execute(db)
  await sql`
    create trigger saved_view_enters_channel before insert on saved_view
      for each row when (new.channel_id is not null) execute function require_open_channel()`.execute(db)
  await enableScope(db, 'saved_view', { channel: true })
  await grantTable(db, 'saved_view', 'select, insert, update, delete')
}

/** Of a person, wherever he works and of any tier, as his choices of mail are: whoever sees a membership of his. */
async function createPreferences(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table person_preference (
      person_id uuid not null references person,
      -- "columns/<list>" or "default-view/<operator>/<list>".
      name text not null,
      value json not null,
      primary key (person_id, name)
    )`.execute(db)
  const nobodys = `((select nullif(current_setting('leadline.operator_id', true), '')) is null
    and (select nullif(current_setting('leadline.channel_id', true), '')) is null)`
  const rule = `${nobodys} or exists (select from membership where membership.person_id = person_preference.person_id)`
  for (const statement of [
    'alter table person_preference enable row level security',
    'alter table person_preference force row level security',
    `create policy person_preference_scope on person_preference to ${APP_ROLE} using (${rule}) with check (${rule})`,
    'create policy person_preference_owner on person_preference to current_user using (true) with check (true)',
  ]) {
    await sql.raw(statement).execute(db)
  }
  await grantTable(db, 'person_preference', 'select, insert, update, delete')
}

/**
 * Some leads whose texts match either pattern, at most `most`: it stops there, which is what makes it quick where very many
 * match. As the owner, and planned for each pattern, for the reasons given at leads_matching.
 */
async function findFirstLeads(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function leads_found_first(pattern text, other text, most integer) returns setof integer
    language plpgsql stable security definer set search_path = pg_catalog, public set plan_cache_mode = force_custom_plan
    as $$
    begin
      return query select arrival from (
        select operator_id, channel_id, arrival from lead_search where search like pattern or search like other
        union all
        select operator_id, channel_id, arrival from lead_search_recent where search like pattern or search like other
      ) found
      where operator_id = nullif(current_setting('leadline.operator_id', true), '')::integer
        and (nullif(current_setting('leadline.channel_id', true), '') is null
             or channel_id = nullif(current_setting('leadline.channel_id', true), '')::integer)
        and nullif(current_setting('leadline.tenant_id', true), '') is null
      limit most;
    end $$`.execute(db)
  await sql`revoke all on function leads_found_first(text, text, integer) from public`.execute(db)
  await sql.raw(`grant execute on function leads_found_first(text, text, integer) to ${APP_ROLE}`).execute(db)
}
