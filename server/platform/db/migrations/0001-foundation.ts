import { type Kysely, sql } from 'kysely'
import { enableScope, grantTable } from '../scope.ts'

/** Extensions, the installation, operators and channels. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create extension if not exists pg_trgm`.execute(db)

  await sql`
    create table installation (
      only_one boolean primary key default true check (only_one),
      id uuid not null,
      kind text not null check (kind in ('sandbox', 'production')),
      version text not null,
      sandbox_facts_at timestamptz,
      created_at timestamptz not null default now()
    )`.execute(db)
  await grantTable(db, 'installation', 'select, insert, update')

  await sql`
    create table operator (
      operator_id integer primary key,
      name text not null,
      created_at timestamptz not null default now()
    )`.execute(db)
  await enableScope(db, 'operator', { installation: true })
  await grantTable(db, 'operator', 'select, insert, update')

  await sql`
    create table channel (
      operator_id integer not null references operator,
      channel_id integer not null,
      name text not null,
      created_at timestamptz not null default now(),
      primary key (operator_id, channel_id)
    )`.execute(db)
  await enableScope(db, 'channel', { channel: true })
  await grantTable(db, 'channel', 'select, insert, update, delete')
}
