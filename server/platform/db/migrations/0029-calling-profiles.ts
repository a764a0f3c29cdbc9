import { type Kysely, sql } from 'kysely'
import { enableScope, grantTable } from '../scope.ts'

/** Calling profiles of Microsoft with their trunks, as they were last listed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table calling_profile (
      operator_id integer not null references operator,
      profile_id uuid not null,
      name text not null,
      -- As it was read; what this version does not know is kept.
      profile json not null,
      trunk_fqdns text[] not null,
      -- Of the record as Microsoft sent it: the same again changes nothing.
      fingerprint text not null,
      first_seen_at timestamptz not null,
      changed_at timestamptz not null,
      -- Microsoft does not list it any more; it stays, as services name it.
      removed_at timestamptz,
      primary key (operator_id, profile_id)
    )`.execute(db)
  await sql`
    create table calling_profile_sync (
      operator_id integer primary key references operator,
      synced_at timestamptz not null
    )`.execute(db)
  for (const table of ['calling_profile', 'calling_profile_sync']) {
    await enableScope(db, table, { operatorOnly: true })
    await grantTable(db, table, 'select, insert, update, delete')
  }
}
