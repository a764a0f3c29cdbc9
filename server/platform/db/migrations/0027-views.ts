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
 * Some leads for what was typed so far, some of them twice: with a text that begins with it and, where `anywhere`, that holds
 * it. The `newest` leads of the scope are read first: of what very many hold, enough are among them, where the trigram index
 * would go through all of them for a second or more. Only what is rare there, and is looked for `anywhere`, is looked for in
 * the index, which is quick then; a scope that is no larger needs no index. As the owner, and planned for each pattern, for the
 * reasons given at leads_matching.
 */
async function findFirstLeads(db: Kysely<unknown>): Promise<void> {
  const matches = '(search like any_text or search like first_text)'
  const inScope = 'operator_id = own_operator and (own_channel is null or channel_id = own_channel)'
  await sql
    .raw(`
    create function leads_found_first(key text, anywhere boolean, most integer, newest integer) returns setof integer
    language plpgsql stable security definer set search_path = pg_catalog, public set plan_cache_mode = force_custom_plan
    -- What comes to the index is rare, whatever the planner takes it for.
    set enable_seqscan = off
    as $$
    declare
      own_operator integer := nullif(current_setting('leadline.operator_id', true), '')::integer;
      own_channel integer := nullif(current_setting('leadline.channel_id', true), '')::integer;
      leads_of_scope integer;
      any_text text;
      first_text text;
      told integer;
      enough integer := 0;
      looks_everywhere boolean;
      is_anywhere boolean;
    begin
      if own_operator is null or nullif(current_setting('leadline.tenant_id', true), '') is not null then
        return;
      end if;
      select total into leads_of_scope from lead_scope
        where operator_id = own_operator and channel_id = coalesce(own_channel, 0);
      foreach looks_everywhere in array array[false, true] loop
        foreach is_anywhere in array array[false, true] loop
          continue when enough >= most or (is_anywhere and not anywhere);
          continue when looks_everywhere and (not anywhere or coalesce(leads_of_scope, 0) <= newest);
          any_text := case when is_anywhere then '%' || key || '%' else '%|' || key || '%' end;
          first_text := key || '%';
          if looks_everywhere then
            -- By no other index than that of trigrams.
            return query
              select arrival from lead_search
              where ${matches} and operator_id + 0 = own_operator and (own_channel is null or channel_id = own_channel)
              limit most;
          elsif own_channel is null then
            return query
              select arrival from lead_search_recent where ${matches} and ${inScope}
              union all
              select n.arrival from (
                select arrival, search from lead_search where operator_id = own_operator order by arrival desc limit newest
              ) n where ${matches}
              limit most;
          else
            return query
              select arrival from lead_search_recent where ${matches} and ${inScope}
              union all
              select n.arrival from (
                select l.arrival, (
                  select s.search from lead_search s where s.operator_id = own_operator and s.arrival = l.arrival
                ) as search
                from lead l where l.operator_id = own_operator and l.channel_id = own_channel
                order by l.arrival desc limit newest
              ) n where ${matches}
              limit most;
          end if;
          get diagnostics told = row_count;
          enough := enough + told;
        end loop;
      end loop;
    end $$`)
    .execute(db)
  await sql`revoke all on function leads_found_first(text, boolean, integer, integer) from public`.execute(db)
  await sql
    .raw(`grant execute on function leads_found_first(text, boolean, integer, integer) to ${APP_ROLE}`)
    .execute(db)
}
