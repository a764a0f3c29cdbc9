import { type Kysely, sql } from 'kysely'
import { enableScope, grantTable } from '../scope.ts'

/** SBC devices, what is ours on them, script templates with their versions, and scripts to be applied by hand. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createSbcs(db)
  await createTemplates(db)
  await createOrders(db)
  for (const table of ['sbc', 'sbc_object', 'script_template', 'script_template_version', 'script_order']) {
    await enableScope(db, table, { operatorOnly: true })
    await grantTable(db, table, 'select, insert, update, delete')
  }
}

async function createSbcs(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table sbc (
      operator_id integer not null references operator,
      -- Never given twice: tasks and the journal speak of it for ever.
      sbc_id integer not null,
      name text not null,
      name_folded text not null,
      make text not null,
      mode text not null check (mode in ('automatic', 'manual')),
      address text,
      user_name text not null default '',
      password_sealed text,
      trust json not null,
      trunk_fqdns text[] not null default '{}',
      change_window json,
      ip_groups_max integer,
      timeout_ms integer not null,
      -- What was last heard of it.
      checked_at timestamptz,
      last_contact_at timestamptz,
      facts json,
      tables json not null default '[]',
      trouble json,
      -- Whose turn it is to change it: the id of a task.
      lock_holder text,
      lock_until timestamptz,
      version integer not null default 1,
      created_at timestamptz not null,
      changed_at timestamptz not null,
      deleted_at timestamptz,
      primary key (operator_id, sbc_id)
    )`.execute(db)
  await sql`create unique index sbc_name on sbc (operator_id, name_folded) where deleted_at is null`.execute(db)
  await sql`
    create table sbc_object (
      operator_id integer not null,
      sbc_id integer not null,
      table_name text not null,
      object_name text not null,
      -- Whose it is: "service/<guid>".
      owner text not null,
      -- As it was set, without secrets.
      values json not null,
      -- Null: about to be made, or half made.
      applied_at timestamptz,
      task_id text,
      -- In the order in which they were made: removed the other way round.
      position bigint generated always as identity,
      -- How it differs from what was set, and since when; null: it does not.
      drift json,
      drift_since timestamptz,
      primary key (operator_id, sbc_id, table_name, object_name),
      foreign key (operator_id, sbc_id) references sbc (operator_id, sbc_id)
    )`.execute(db)
  await sql`create index sbc_object_owner on sbc_object (operator_id, owner)`.execute(db)
}

async function createTemplates(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table script_template (
      operator_id integer not null references operator,
      template_id integer not null,
      name text not null,
      name_folded text not null,
      purpose text not null check (purpose in ('onboarding', 'cleanup', 'number-add', 'number-remove', 'bar', 'unbar')),
      description text not null,
      make text not null,
      -- Of script and variables.
      version integer not null default 1,
      -- Of anything.
      revision integer not null default 1,
      changed_at timestamptz not null,
      changed_by text not null,
      deleted_at timestamptz,
      primary key (operator_id, template_id)
    )`.execute(db)
  await sql`
    create unique index script_template_name on script_template (operator_id, name_folded) where deleted_at is null`.execute(
    db,
  )
  await sql`
    create table script_template_version (
      operator_id integer not null,
      template_id integer not null,
      version integer not null,
      script text not null,
      variables json not null,
      created_at timestamptz not null,
      created_by text not null,
      primary key (operator_id, template_id, version),
      foreign key (operator_id, template_id) references script_template (operator_id, template_id)
    )`.execute(db)
}

async function createOrders(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table script_order (
      operator_id integer not null,
      order_id uuid not null,
      sbc_id integer not null,
      -- Null: nobody waits for it.
      task_id text,
      -- Which of the scripts of the task it is.
      key text not null,
      title text not null,
      purpose text not null,
      owner text not null,
      template_id integer not null,
      template_version integer not null,
      -- Without secrets.
      script text not null,
      state text not null check (state in ('open', 'done', 'refused', 'withdrawn')),
      created_at timestamptz not null,
      closed_at timestamptz,
      closed_by text,
      applied_by text,
      applied_at timestamptz,
      note text not null default '',
      verified boolean,
      -- The task has heard that it was refused: asked again, it wants another one.
      told boolean not null default false,
      primary key (operator_id, order_id),
      foreign key (operator_id, sbc_id) references sbc (operator_id, sbc_id)
    )`.execute(db)
  await sql`create index script_order_of_task on script_order (operator_id, task_id, key)`.execute(db)
  await sql`create index script_order_by_state on script_order (operator_id, state, created_at)`.execute(db)
  // One script of a task is wanted once, whichever worker asks for it.
  await sql`
    create unique index script_order_wanted on script_order (operator_id, task_id, key)
    where task_id is not null and not told and state in ('open', 'done')`.execute(db)
}
