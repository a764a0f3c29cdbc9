import { type Kysely, sql } from 'kysely'
import { enableScope, grantTable } from '../scope.ts'

/** Each operator's connection to Microsoft; the secret is sealed to its cell. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table connection (
      operator_id integer primary key references operator,
      ms_operator_id text,
      base_url text not null,
      paths jsonb not null,
      casing text not null check (casing in ('pascal', 'camel')),
      authority text not null,
      directory_id text not null,
      client_id text not null,
      sealed_secret text not null,
      secret_expires_on date,
      token_version text not null check (token_version in ('v1.0', 'v2.0')),
      resource text not null,
      request_timeout_ms integer not null,
      version integer not null default 1,
      updated_at timestamptz not null default now()
    )`.execute(db)
  await enableScope(db, 'connection', { operatorOnly: true, installation: true })
  await grantTable(db, 'connection', 'select, insert, update, delete')
}
