import { type Kysely, sql } from 'kysely'

/** Variables of scripts that a template calls secret are sealed beside the password, which need not be there. Source: issue 7, 2. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table sip_secret add column variables_sealed text, alter column password_sealed drop not null`.execute(
    db,
  )
}
