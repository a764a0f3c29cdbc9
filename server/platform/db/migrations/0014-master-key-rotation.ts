import { type Kysely, sql } from 'kysely'
import { APP_ROLE, enableScope, grantTable } from '../scope.ts'

const operator = `(select coalesce(nullif(current_setting('leadline.operator_id', true), '')::integer, 0))`
const channel = `(select nullif(current_setting('leadline.channel_id', true), '')::integer)`

/** Signatures that a later master key puts on checkpoints of the journal, whose seals themselves never change. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table journal_countersignature (
      operator_id integer not null,
      position bigint not null,
      signature text not null,
      primary key (operator_id, position)
    )`.execute(db)
  await enableScope(db, 'journal_countersignature', { operatorOnly: true, installation: true })
  // As for the other tables of the chain: those without an operator see what belongs to none.
  await sql
    .raw(
      `create policy journal_countersignature_platform on journal_countersignature for select to ${APP_ROLE}
         using (operator_id = 0 and ${operator} = 0 and ${channel} is null)`,
    )
    .execute(db)
  await grantTable(db, 'journal_countersignature', 'select, insert, update')
  // One row in 5,000, or one per batch where little happens.
  await sql`create index journal_seal_checkpoint on journal_seal (operator_id, position) where signature is not null`.execute(
    db,
  )
}
