import { type Kysely, sql } from 'kysely'

/** A failure that says more about who asked than about the tenant: see `AddressFailure` in `lead.store.ts`. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table lead add column addresses_failed_hastily boolean not null default false`.execute(db)
}
