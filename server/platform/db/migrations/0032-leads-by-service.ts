import { type Kysely, sql } from 'kysely'
import { APP_ROLE } from '../scope.ts'

/** Leads are found by the short name of their service too. Source: issue 3, 3; portal.md 2. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // Services come one by one: none of them waits in a list that every search reads as a whole.
  await sql`
    create index service_short_name_trigrams on service using gin (short_name_folded gin_trgm_ops)
    with (fastupdate = off)`.execute(db)
  // By the scope of the lead, as what is found is a lead; planned for each pattern, as leads_matching is.
  await sql`
    create function leads_with_service(pattern text) returns setof integer
    language plpgsql stable security definer set search_path = pg_catalog, public set plan_cache_mode = force_custom_plan
    as $$
    begin
      return query select lead.arrival from service join lead using (operator_id, lead_id)
      where service.short_name_folded like pattern
        and lead.operator_id = nullif(current_setting('leadline.operator_id', true), '')::integer
        and (nullif(current_setting('leadline.channel_id', true), '') is null
             or lead.channel_id = nullif(current_setting('leadline.channel_id', true), '')::integer)
        and nullif(current_setting('leadline.tenant_id', true), '') is null;
    end $$`.execute(db)
  await sql`revoke all on function leads_with_service(text) from public`.execute(db)
  await sql.raw(`grant execute on function leads_with_service(text) to ${APP_ROLE}`).execute(db)
}
