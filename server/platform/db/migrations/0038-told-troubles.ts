import { type Kysely, sql } from 'kysely'

/** What people were told of webhooks that fail, which of their events were given up, and what was told in daily mails. */
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
  await markDigested(db)
  await hidePaths(db)
}

/** Of addresses that are shown: keys stand in paths too. As `shownUrl` of modules/webhooks does it from now on. */
async function hidePaths(db: Kysely<unknown>): Promise<void> {
  await sql`
    update webhook set url_shown = regexp_replace(regexp_replace(regexp_replace(url_shown,
      '^(https?://[^/?#]+/)(?=[^/?#]{17})[^?#]*([^?#]{4})', '\\1…\\2'),
      '^(https?://[^/?#…]+/[^/?#…]{0,16}/)[^?#…]{8,}([^?#…]{4})', '\\1…\\2'),
      '^(https?://[^/?#…]+/[^/?#…]{0,16}/)[^?#…]{1,11}(?=$|[?#])', '\\1…')`.execute(db)
}

/** Each by itself: what happened before a daily mail may be taken in after it. */
async function markDigested(db: Kysely<unknown>): Promise<void> {
  await sql`alter table mail_notice add column digested_at timestamptz`.execute(db)
  await sql`
    update mail_notice n set digested_at = s.digest_at from mail_settings s
    where s.operator_id = n.operator_id and n.at <= s.digest_at`.execute(db)
  await sql`create index mail_notice_undigested on mail_notice (operator_id, at) where digested_at is null`.execute(db)
}
