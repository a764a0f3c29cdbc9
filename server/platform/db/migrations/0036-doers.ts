import { type Kysely, sql } from 'kysely'
import { APP_ROLE } from '../scope.ts'

/** Who has a task taken back and how much of it was, and whether a lead was made by another channel's people. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table task
      -- Who has last asked to cancel or undo it: it is taken back in his name. Null: in that of who started it.
      add column taken_back_by json,
      -- Of the items that succeeded: those that were taken back, and those that stay although the task was.
      add column items_undone integer not null default 0,
      add column items_not_undone integer not null default 0`.execute(db)
  await sql`
    update task set items_undone = c.undone, items_not_undone = c.not_undone
    from (
      select task_id, count(*) filter (where undone) as undone,
        count(*) filter (where state = 'succeeded' and not undone and code = 'not-undone') as not_undone
      from task_item where undone or code = 'not-undone' group by task_id
    ) c
    where task.task_id = c.task_id`.execute(db)

  // A channel reads what was written of a lead before it came to it, but not that it was given to another one: it may know
  // that somebody of another one has made it, and neither who nor which. Earlier versions wrote the arrival for no channel.
  await sql`
    create function lead_made_in_another_channel(lead text, request text) returns boolean
    language sql stable security definer set search_path = pg_catalog, public as $$
      select exists (
        select from public.journal_entry
        where operator_id = nullif(current_setting('leadline.operator_id', true), '')::integer
          and channel_id <> nullif(current_setting('leadline.channel_id', true), '')::integer
          and object_type = 'lead' and object_id = $1 and request_id = $2
          and action = 'lead.channel-assigned' and before = '{"channelId":null}'
      )
    $$`.execute(db)
  await sql`revoke all on function lead_made_in_another_channel(text, text) from public`.execute(db)
  await sql.raw(`grant execute on function lead_made_in_another_channel(text, text) to ${APP_ROLE}`).execute(db)
}
