import { type Kysely, sql } from 'kysely'
import { APP_ROLE, enableScope, grantTable } from '../scope.ts'

const operator = `(select nullif(current_setting('leadline.operator_id', true), '')::integer)`

/** Tasks with their steps, items and messages; runs of the job queue that belong to one object; answers of repeated writes. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await tasks(db)
  await runsOfSubjects(db)
  await keptAnswers(db)
  // Removed leads that nobody wants to see any more; the documented API keeps returning them.
  await sql`alter table lead add column archived_at timestamptz`.execute(db)
  // Whoever changes a lead of his channel moves the version of the operator's whole list too, and queues up at its counter.
  const whole = `operator_id = ${operator} and channel_id = 0`
  await sql
    .raw(`create policy lead_scope_whole on lead_scope to ${APP_ROLE} using (${whole}) with check (${whole})`)
    .execute(db)
  await sql`create index lead_archived on lead (operator_id, channel_id) where archived_at is not null`.execute(db)
  // Whoever may start a task could never look at it. New roles get the permission by themselves.
  await sql`
    update api_client set permissions = array_append(permissions, 'tasks.read')
    where permissions && array['leads.write', 'channels.manage', 'services.write', 'numbers.write']
      and not 'tasks.read' = any(permissions)`.execute(db)
}

async function tasks(db: Kysely<unknown>): Promise<void> {
  await sql`create sequence task_number start 100001`.execute(db)
  await sql.raw(`grant usage on sequence task_number to ${APP_ROLE}`).execute(db)
  await sql`
    create table task (
      operator_id integer not null,
      -- Of who started it: he and his channel see it, and its work sees no more than that channel.
      channel_id integer,
      task_id uuid primary key,
      -- As callers know it: wst_<uuid>, tsk_<number>, tsk_msjob_<uuid> (rest-api.md 1.7).
      wire_id text not null unique,
      kind text not null,
      title text not null,
      object_type text,
      object_id text,
      object_name text,
      input json not null,
      output json not null default '{}',
      state text not null check (state in
        ('queued', 'running', 'waiting', 'undoing', 'succeeded', 'partial', 'failed', 'cancelled', 'stuck')),
      -- Why it is being, or was, undone.
      undo_reason text check (undo_reason in ('failure', 'cancel', 'asked')),
      waiting json,
      -- Sent from outside to steps that wait: name to value.
      signals json not null default '{}',
      -- Grows with each cancel, retry and signal, so that none is missed by a step that is about to wait.
      wakes integer not null default 0,
      cancel_requested_at timestamptz,
      error json,
      items_total integer not null default 0,
      items_succeeded integer not null default 0,
      items_failed integer not null default 0,
      items_skipped integer not null default 0,
      actor_kind text not null,
      actor_id text not null,
      actor_name text not null,
      source_ip text,
      request_id text not null,
      created_at timestamptz not null default now(),
      started_at timestamptz,
      finished_at timestamptz
    )`.execute(db)
  await sql`create index task_newest on task (operator_id, created_at desc, task_id desc)`.execute(db)
  await sql`create index task_of_object on task (operator_id, object_type, object_id, created_at desc)
    where object_id is not null`.execute(db)
  await sql`create index task_open on task (operator_id, kind)
    where state in ('queued', 'running', 'waiting', 'undoing')`.execute(db)

  await sql`
    create table task_step (
      operator_id integer not null,
      channel_id integer,
      task_id uuid not null references task on delete cascade,
      position integer not null,
      name text not null,
      title text not null,
      state text not null default 'pending' check (state in
        ('pending', 'running', 'waiting', 'succeeded', 'failed', 'undoing', 'undone', 'undo-failed')),
      -- Times it was begun; undoing counts for itself.
      attempts integer not null default 0,
      -- In a row.
      failures integer not null default 0,
      -- Workers lost in a row while at it.
      lost integer not null default 0,
      started_at timestamptz,
      finished_at timestamptz,
      undo_started_at timestamptz,
      undo_finished_at timestamptz,
      -- What it is to know when it is begun again, kept by itself.
      memory json,
      error json,
      primary key (task_id, position)
    )`.execute(db)

  await sql`
    create table task_item (
      operator_id integer not null,
      channel_id integer,
      task_id uuid not null references task on delete cascade,
      position integer not null,
      object_id text not null,
      object_name text,
      state text not null default 'pending' check (state in ('pending', 'succeeded', 'failed', 'skipped')),
      code text,
      message text,
      attempts integer not null default 0,
      finished_at timestamptz,
      -- Taken back by the undo of its step.
      undone boolean not null default false,
      data json,
      primary key (task_id, position)
    )`.execute(db)
  await sql`create index task_item_pending on task_item (task_id, position) where state = 'pending'`.execute(db)
  await sql`create index task_item_failed on task_item (task_id, position) where state = 'failed'`.execute(db)

  await sql`
    create table task_message (
      operator_id integer not null,
      channel_id integer,
      task_id uuid not null references task on delete cascade,
      position bigint generated always as identity,
      at timestamptz not null default clock_timestamp(),
      level text not null check (level in ('Information', 'Warning', 'Error')),
      step text,
      message text not null,
      primary key (task_id, position)
    )`.execute(db)

  for (const table of ['task', 'task_step', 'task_item', 'task_message']) {
    await enableScope(db, table, { channel: true, installation: true })
    await grantTable(db, table, 'select, insert, update, delete')
  }
}

/** A run may belong to one object, as a task's does: one at a time of each, any number side by side. */
async function runsOfSubjects(db: Kysely<unknown>): Promise<void> {
  for (const table of ['job_run', 'job_lease', 'job_cursor']) {
    await sql`alter table ${sql.table(table)} add column subject text not null default ''`.execute(db)
  }
  await sql`alter table job_lease drop constraint job_lease_pkey`.execute(db)
  await sql`alter table job_lease add primary key (job, operator_id, subject)`.execute(db)
  await sql`alter table job_cursor drop constraint job_cursor_pkey`.execute(db)
  await sql`alter table job_cursor add primary key (job, operator_id, subject)`.execute(db)
  await sql`drop index job_run_one_at_a_time`.execute(db)
  await sql`
    create unique index job_run_one_at_a_time on job_run (job, operator_id, subject)
    where state in ('queued', 'running')`.execute(db)
  await sql`create index job_run_of_subject on job_run (subject) where subject <> ''`.execute(db)
  // A channel's people start tasks too, and their work holds the lease within their channel's scope.
  for (const table of ['job_run', 'job_lease']) {
    const rule = `operator_id = ${operator} and subject <> ''`
    await sql
      .raw(`create policy ${table}_subject on ${table} to ${APP_ROLE} using (${rule}) with check (${rule})`)
      .execute(db)
  }
}

/** Idempotency-Key: what a write answered, kept in the transaction of its effect. */
async function keptAnswers(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table kept_answer (
      operator_id integer not null,
      -- The company of somebody of the customer tier.
      tenant_id uuid default nullif(current_setting('leadline.tenant_id', true), '')::uuid,
      -- Hash of who asked and of his key.
      key_hash text not null,
      -- The request's digest and its answer, sealed: answers may hold secrets that are shown once. Null while at work.
      answer text,
      -- Until when a worker that has not answered counts as being at work.
      busy_until timestamptz not null,
      expires_at timestamptz not null,
      primary key (operator_id, key_hash)
    )`.execute(db)
  await sql`create index kept_answer_expiry on kept_answer (expires_at)`.execute(db)
  await enableScope(db, 'kept_answer', { installation: true, customers: true })
  await grantTable(db, 'kept_answer', 'select, insert, update, delete')
}
