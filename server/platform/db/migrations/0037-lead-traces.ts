import { type Kysely, sql } from 'kysely'
import { enableScope, grantTable } from '../scope.ts'

/**
 * What is to be known of leads beyond what they are: which direct leads channels made, by which Idempotency-Key they were made
 * and which were deleted here, and which leads a rule is still owed to; and who is telling Microsoft what of a relation. Source: decisions 0014 and 0018. The documented assignments of the last minute
 * are counted one by one: decision 0013.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createTraces(db)
  await traceLeadsOfChannels(db)
  await createOwedRules(db)
  await logAssignCalls(db)
  await createRelationshipIntents(db)
}

/** Outlives the lead, so it refers to none: a deletion must be known for longer than a listing can take. */
async function createTraces(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table direct_lead_trace (
      operator_id integer not null,
      lead_id uuid not null,
      tenant_id uuid not null,
      -- The channel that it was made for; null: nobody's.
      made_for_channel integer,
      -- Of the Idempotency-Key it was made with, and when.
      key_hash text,
      keyed_at timestamptz,
      deleted_at timestamptz,
      -- Microsoft has told of it after that.
      is_told boolean not null default false,
      primary key (operator_id, lead_id)
    )`.execute(db)
  await sql`
    create index direct_lead_trace_deleted on direct_lead_trace (operator_id, deleted_at) where deleted_at is not null`.execute(
    db,
  )
  await sql`
    create index direct_lead_trace_by_key on direct_lead_trace (operator_id, key_hash) where key_hash is not null`.execute(
    db,
  )
  await sql`alter table lead_intent add key_hash text`.execute(db)
  await enableScope(db, 'direct_lead_trace', { operatorOnly: true })
  await grantTable(db, 'direct_lead_trace', 'select, insert, update, delete')
}

/** Until now only the journal said so: a channel that got a lead by making it has an entry of this form. */
async function traceLeadsOfChannels(db: Kysely<unknown>): Promise<void> {
  await sql`
    insert into direct_lead_trace (operator_id, lead_id, tenant_id, made_for_channel)
    select distinct on (l.operator_id, l.lead_id) l.operator_id, l.lead_id, l.tenant_id, j.channel_id
    from lead l join journal_entry j on j.operator_id = l.operator_id and j.object_type = 'lead'
      and j.object_id = l.lead_id::text and j.action = 'lead.channel-assigned' and j.before = '{"channelId":null}'
    where l.is_direct
    order by l.operator_id, l.lead_id, j.at`.execute(db)
}

/** Leads that were not Active when they came, so that a rule for a channel that fits them had to wait. */
async function createOwedRules(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table lead_rule_owed (
      operator_id integer not null,
      lead_id uuid not null,
      primary key (operator_id, lead_id),
      foreign key (operator_id, lead_id) references lead on delete cascade
    )`.execute(db)
  await enableScope(db, 'lead_rule_owed', { operatorOnly: true })
  await grantTable(db, 'lead_rule_owed', 'select, insert, update, delete')
}

/** Buckets let twice as much through in their first minute. Machines that are not restarted yet go on filling theirs. */
async function logAssignCalls(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table assign_call_allowance
      alter tokens set default 0, alter refilled_at set default now(),
      -- Those of the last minute that were let through.
      add calls timestamptz[] not null default '{}',
      add asked_at timestamptz not null default now()`.execute(db)
}

/** Changes of a relation on their way to Microsoft: see `relationship-intent.store.ts`. `channel_id` is that of who asked. */
async function createRelationshipIntents(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table relationship_intent (
      operator_id integer not null,
      intent_id uuid not null,
      lead_id uuid not null,
      status text not null,
      comment text not null,
      channel_id integer,
      actor_kind text not null,
      actor_id text not null,
      actor_name text not null,
      request_id text not null,
      source_ip text,
      asked_at timestamptz not null default now(),
      primary key (operator_id, intent_id),
      foreign key (operator_id, lead_id) references lead on delete cascade
    )`.execute(db)
  await sql`create index relationship_intent_by_lead on relationship_intent (operator_id, lead_id, asked_at)`.execute(
    db,
  )
  await enableScope(db, 'relationship_intent', { operatorOnly: true })
  await grantTable(db, 'relationship_intent', 'select, insert, update, delete')
}
