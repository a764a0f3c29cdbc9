import { type Kysely, sql } from 'kysely'
import { enableScope, grantTable } from '../scope.ts'

/** What the syncs with Microsoft remember between runs. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table sync_state (
      operator_id integer primary key,
      baseline_at timestamptz,
      listed_at timestamptz,
      absence_pending boolean not null default false,
      shrunk_since timestamptz
    )`.execute(db)
  await enableScope(db, 'sync_state', { installation: true })
  await grantTable(db, 'sync_state', 'select, insert, update')

  await sql`
    create table listing_page (
      operator_id integer not null,
      skip integer not null,
      fingerprint text not null,
      lead_ids bytea not null,
      -- SHA-1 of each of its records; zeros where a record could not be read.
      record_hashes bytea not null,
      primary key (operator_id, skip)
    )`.execute(db)
  await enableScope(db, 'listing_page', { operatorOnly: true })
  await grantTable(db, 'listing_page', 'select, insert, update, delete')

  await sql`
    create table sync_finding (
      operator_id integer not null,
      kind text not null check (kind in ('malformed', 'surprise')),
      key text not null,
      detail text not null,
      raw text,
      times integer not null default 1,
      first_seen_at timestamptz not null default now(),
      last_seen_at timestamptz not null default now(),
      primary key (operator_id, kind, key)
    )`.execute(db)
  await enableScope(db, 'sync_finding', { operatorOnly: true })
  await grantTable(db, 'sync_finding', 'select, insert, update, delete')
}
