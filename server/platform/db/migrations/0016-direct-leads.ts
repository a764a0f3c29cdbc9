import { type Kysely, sql } from 'kysely'
import { enableScope, grantTable } from '../scope.ts'

/** Direct leads on their way: see `lead-intent.store.ts`. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table lead_intent (
      operator_id integer not null,
      tenant_id uuid not null,
      kind text not null check (kind in ('create', 'delete')),
      company_name text not null,
      channel_id integer,
      asked_by text not null,
      asked_at timestamptz not null default now(),
      primary key (operator_id, tenant_id)
    )`.execute(db)
  await enableScope(db, 'lead_intent', { operatorOnly: true })
  await grantTable(db, 'lead_intent', 'select, insert, update, delete')
}
