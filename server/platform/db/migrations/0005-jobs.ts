import { type Kysely, sql } from 'kysely'
import { APP_ROLE, enableScope, grantTable } from '../scope.ts'

const operator = `(select coalesce(nullif(current_setting('leadline.operator_id', true), '')::integer, 0))`
const channel = `(select nullif(current_setting('leadline.channel_id', true), '')::integer)`

/** Runs (also the queue), leases with their fencing tokens, and cursors. Operator 0: a job of the installation. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table job_run (
      run_id uuid primary key,
      job text not null,
      operator_id integer not null,
      trigger text not null check (trigger in ('schedule', 'api', 'cli', 'event')),
      requested_by text not null,
      priority smallint not null default 0,
      state text not null check (state in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
      queued_at timestamptz not null default now(),
      -- Not picked up before; later than queued_at while a retry waits.
      due_at timestamptz not null default now(),
      -- The time of the retry was asked for by the other side (Retry-After): nobody may bring it forward.
      due_held boolean not null default false,
      started_at timestamptz,
      attempt_started_at timestamptz,
      finished_at timestamptz,
      attempts integer not null default 0,
      -- Attempts in a row that failed without getting further.
      failures integer not null default 0,
      phase text,
      progress json not null default '{}',
      error json,
      token bigint
    )`.execute(db)
  await sql`
    create unique index job_run_one_at_a_time on job_run (job, operator_id) where state in ('queued', 'running')`.execute(
    db,
  )
  await sql`create index job_run_due on job_run (priority desc, due_at) where state = 'queued'`.execute(db)
  await sql`create index job_run_running on job_run (job, operator_id) where state = 'running'`.execute(db)
  await sql`create index job_run_history on job_run (operator_id, job, queued_at desc, run_id desc)`.execute(db)

  await sql`
    create table job_lease (
      job text not null,
      operator_id integer not null,
      token bigint not null,
      run_id uuid,
      holder text not null,
      expires_at timestamptz not null,
      primary key (job, operator_id)
    )`.execute(db)
  await sql`
    create table job_cursor (
      job text not null,
      operator_id integer not null,
      -- json and not jsonb: a link of the other side may hold an escaped U+0000.
      cursor json not null,
      saved_at timestamptz not null default now(),
      primary key (job, operator_id)
    )`.execute(db)

  for (const table of ['job_run', 'job_lease', 'job_cursor']) {
    await enableScope(db, table, { operatorOnly: true, installation: true })
    await grantTable(db, table, 'select, insert, update, delete')
  }
  // Jobs of the installation belong to nobody's operator: people without one may see and start them.
  const platform = `operator_id = 0 and ${operator} = 0 and ${channel} is null`
  for (const table of ['job_run', 'job_lease']) {
    await sql
      .raw(`create policy ${table}_platform on ${table} to ${APP_ROLE} using (${platform}) with check (${platform})`)
      .execute(db)
  }
}
