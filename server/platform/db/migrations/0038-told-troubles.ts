import { type Kysely, sql } from 'kysely'

/** What people were told of webhooks that fail, and which of their events were given up. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table webhook
      -- Since when it is known to people that it fails; null: nobody was told.
      add column failing_told_at timestamptz,
      -- Events that were given up since people were told of it last.
      add column dead_untold integer not null default 0,
      add column dead_told_at timestamptz`.execute(db)
  // What Home counts: tests, at position 0, tell of nothing.
  await sql`
    create index webhook_delivery_dead on webhook_delivery (webhook_id, finished_at)
      where state = 'dead' and position > 0`.execute(db)
}
