import { type Kysely, sql } from 'kysely'
import { enableScope, grantTable } from '../scope.ts'

/** Who sees to a lead until when, what new leads are given to whom by, and how long an operator gives itself to judge one. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createDuties(db)
  await createRules(db)
}

/**
 * Beside the lead, where it has an owner or a due date: syncs and the documented list never look here. `channel_id` is that
 * of the lead, and moves with it.
 */
async function createDuties(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table lead_duty (
      operator_id integer not null,
      lead_id uuid not null,
      arrival integer not null,
      channel_id integer,
      owner_id uuid,
      -- As he was called when he got it: whoever has left cannot be looked up any more.
      owner_name text,
      -- The channel the owner works for; null: the operator. Kept with left_name too.
      owner_channel_id integer,
      owned_since timestamptz,
      -- Who had it until he left.
      left_name text,
      due_at timestamptz,
      -- Judged in time or not: the due date asks for nothing any more.
      met_at timestamptz,
      -- When it was told that the due date has passed.
      told_at timestamptz,
      primary key (operator_id, lead_id),
      foreign key (operator_id, lead_id) references lead on delete cascade,
      check (owner_id is null or left_name is null)
    )`.execute(db)
  // As leads are counted and chosen by their arrival, without their texts.
  await sql`
    create unique index lead_duty_by_arrival on lead_duty (operator_id, arrival) include (
      channel_id, owner_id, owner_channel_id, due_at, met_at
    )`.execute(db)
  await sql`
    create index lead_duty_by_owner on lead_duty (operator_id, owner_id, arrival) include (channel_id, owner_channel_id)
    where owner_id is not null`.execute(db)
  await sql`
    create index lead_duty_open on lead_duty (operator_id, due_at) include (arrival, channel_id)
    where due_at is not null and met_at is null`.execute(db)
  await sql`create index lead_duty_left on lead_duty (operator_id) where left_name is not null`.execute(db)
  await enableScope(db, 'lead_duty', { channel: true })
  await grantTable(db, 'lead_duty', 'select, insert, update, delete')
}

async function createRules(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table lead_rule (
      operator_id integer not null references operator,
      rule_id uuid not null,
      place integer not null,
      name text not null,
      enabled boolean not null,
      -- JSON: contract/lead-rules.ts.
      conditions text not null,
      -- Null: to people, those of lead_rule_person.
      channel_id integer,
      given integer not null default 0,
      last_given_at timestamptz,
      -- JSON: who or what of it cannot be given leads any more.
      attention text not null default '[]',
      attention_since timestamptz,
      created_at timestamptz not null,
      changed_at timestamptz not null,
      primary key (operator_id, rule_id)
    )`.execute(db)
  await sql`
    create table lead_rule_person (
      operator_id integer not null,
      rule_id uuid not null,
      person_id uuid not null,
      place integer not null,
      name text not null,
      -- The one with the smallest is next; taken in the transaction that gives the lead.
      turn bigint not null default 0,
      primary key (operator_id, rule_id, person_id),
      foreign key (operator_id, rule_id) references lead_rule on delete cascade
    )`.execute(db)
  await sql`
    create table lead_due_rule (
      operator_id integer primary key references operator,
      -- Null: new leads get no due date.
      amount integer check (amount > 0),
      unit text not null check (unit in ('hours', 'days')),
      -- ISO: 1 is Monday.
      days integer[] not null,
      from_minute integer not null check (from_minute between 0 and 1439),
      to_minute integer not null check (to_minute between 1 and 1440),
      time_zone text not null,
      changed_at timestamptz not null,
      check (from_minute < to_minute)
    )`.execute(db)
  for (const table of ['lead_rule', 'lead_rule_person', 'lead_due_rule']) {
    await enableScope(db, table, { operatorOnly: true })
    await grantTable(db, table, 'select, insert, update, delete')
  }
}
