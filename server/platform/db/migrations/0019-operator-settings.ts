import { type Kysely, sql } from 'kysely'

/** What each operator decides for itself; 'warn' is what everybody had before. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table operator add column company_name_in_use text not null default 'warn'
      check (company_name_in_use in ('refuse', 'warn'))`.execute(db)
}
