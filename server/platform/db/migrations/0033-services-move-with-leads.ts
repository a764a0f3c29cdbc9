import { type Kysely, sql } from 'kysely'

/** Services are moved together with their leads now: nobody listens any more to what told of it. Source: decision 0022. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`delete from outbox_delivery where subscriber = 'licensing.services-follow-leads'`.execute(db)
}
