import { type Kysely, sql } from 'kysely'
import { APP_ROLE, enableScope, grantTable } from '../scope.ts'

/** API clients and the keys that sign their tokens. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table api_client (
      client_id text primary key,
      operator_id integer not null references operator,
      channel_id integer,
      name text not null,
      permissions text[] not null,
      secret_hash bytea not null check (octet_length(secret_hash) = 32),
      previous_secret_hash bytea check (octet_length(previous_secret_hash) = 32),
      previous_secret_expires_at timestamptz,
      external_issuer text,
      external_tenant text,
      external_app_id text,
      created_at timestamptz not null,
      last_used_at timestamptz,
      revoked_at timestamptz,
      foreign key (operator_id, channel_id) references channel (operator_id, channel_id),
      check ((previous_secret_hash is null) = (previous_secret_expires_at is null)),
      check (num_nulls(external_issuer, external_tenant, external_app_id) in (0, 3))
    )`.execute(db)
  await sql`create index api_client_newest on api_client (operator_id, created_at desc, client_id)`.execute(db)
  // One outside identity acts for one operator: a revoked client frees it for a new one.
  await sql`
    create unique index api_client_external on api_client (external_issuer, external_tenant, external_app_id)
      where revoked_at is null`.execute(db)
  await enableScope(db, 'api_client', { channel: true, installation: true })
  await grantTable(db, 'api_client', 'select, insert, update')

  await sql`
    create table signing_key (
      kid text primary key,
      public_jwk text not null,
      private_key_sealed text not null,
      created_at timestamptz not null
    )`.execute(db)
  await ofTheInstallation(db, 'signing_key')
  await grantTable(db, 'signing_key', 'select, insert')
}

/** Belongs to no operator: only the installation itself reads and writes it. */
async function ofTheInstallation(db: Kysely<unknown>, table: string): Promise<void> {
  const rule = `(select coalesce(current_setting('leadline.installation', true), '') = 'on')`
  const statements = [
    `alter table ${table} enable row level security`,
    `alter table ${table} force row level security`,
    `create policy ${table}_scope on ${table} to ${APP_ROLE} using (${rule}) with check (${rule})`,
    `create policy ${table}_owner on ${table} to current_user using (true) with check (true)`,
  ]
  for (const statement of statements) await sql.raw(statement).execute(db)
}
