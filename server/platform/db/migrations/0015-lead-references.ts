import { type Kysely, sql } from 'kysely'
import { APP_ROLE, enableScope, grantTable } from '../scope.ts'

/**
 * What leads are called in the systems of those who work with them. Beside the lead, of which few have any: lists and
 * syncs never look at it. `channel_id` is that of the lead, and moves with it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table lead_reference (
      operator_id integer not null,
      lead_id uuid not null,
      arrival integer not null,
      channel_id integer,
      crm_id text,
      order_id text,
      billing_account text,
      search text not null,
      primary key (operator_id, lead_id),
      foreign key (operator_id, lead_id) references lead on delete cascade
    )`.execute(db)
  await sql`create index lead_reference_trigrams on lead_reference using gin (search gin_trgm_ops)`.execute(db)
  await enableScope(db, 'lead_reference', { channel: true, definerSearch: true })
  await grantTable(db, 'lead_reference', 'select, insert, update, delete')

  // Asked for beside leads_matching, and as the owner for the reason given there.
  await sql`
    create function leads_with_reference(pattern text) returns setof integer
    language plpgsql stable security definer set search_path = pg_catalog, public set plan_cache_mode = force_custom_plan
    as $$
    begin
      return query select arrival from lead_reference
      where search like pattern
        and operator_id = nullif(current_setting('leadline.operator_id', true), '')::integer
        and (nullif(current_setting('leadline.channel_id', true), '') is null
             or channel_id = nullif(current_setting('leadline.channel_id', true), '')::integer)
        and nullif(current_setting('leadline.tenant_id', true), '') is null;
    end $$`.execute(db)
  await sql`revoke all on function leads_with_reference(text) from public`.execute(db)
  await sql.raw(`grant execute on function leads_with_reference(text) to ${APP_ROLE}`).execute(db)

  // Which tasks had to do with a lead is asked by its status.
  await sql`create index task_item_of_object on task_item (operator_id, object_id)`.execute(db)
}
