import { type Kysely, sql } from 'kysely'
import { enableScope, grantTable } from '../scope.ts'

/** What is to be known of leads beyond what they are: which direct leads were deleted here. Source: decision 0014. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createTraces(db)
}

/** Outlives the lead, so it refers to none: a deletion must be known for longer than a listing can take. */
async function createTraces(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table direct_lead_trace (
      operator_id integer not null,
      lead_id uuid not null,
      tenant_id uuid not null,
      deleted_at timestamptz,
      -- Microsoft has told of it after that.
      is_told boolean not null default false,
      primary key (operator_id, lead_id)
    )`.execute(db)
  await sql`
    create index direct_lead_trace_deleted on direct_lead_trace (operator_id, deleted_at) where deleted_at is not null`.execute(
    db,
  )
  await enableScope(db, 'direct_lead_trace', { operatorOnly: true })
  await grantTable(db, 'direct_lead_trace', 'select, insert, update, delete')
}
