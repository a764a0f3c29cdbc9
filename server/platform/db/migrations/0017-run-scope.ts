import { type Kysely, sql } from 'kysely'

const operator = `(select nullif(current_setting('leadline.operator_id', true), '')::integer)`
const channel = `(select nullif(current_setting('leadline.channel_id', true), '')::integer)`

/**
 * A channel's people reach the runs and leases of the tasks they see, and of no other's: a run tells who asked, how far it
 * is and why it failed. The inner look at the tasks is narrowed by their own policy.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const table of ['job_run', 'job_lease']) {
    const ofOwnTask = `exists (select from task where task.operator_id = ${table}.operator_id and task.task_id = ${table}.subject::uuid)`
    const rule = `operator_id = ${operator} and subject <> ''
      and case when ${channel} is null then true
               when subject ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then ${ofOwnTask}
               else false end`
    await sql.raw(`alter policy ${table}_subject on ${table} using (${rule}) with check (${rule})`).execute(db)
  }
}
