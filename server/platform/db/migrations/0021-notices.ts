import { type Kysely, sql } from 'kysely'
import { enableScope, grantTable } from '../scope.ts'

/** What people are told of in the portal, how far each has read it, and when leads were first given to a channel. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // Who did it, so that nobody is told of his own doing: 'person/<id>' or 'client/<id>'; null: nobody here.
  await sql`alter table outbox_event add column actor text`.execute(db)
  await createNotices(db)
  await createHandovers(db)
}

async function createNotices(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table notice (
      operator_id integer not null,
      notice_id uuid not null,
      -- Of the event: whose lead or webhook it tells of.
      channel_id integer,
      name text not null,
      -- Events with the same one are one notice.
      group_key text not null,
      -- Null: for everybody who may see it; else for this one only, written as actors are.
      reader text,
      -- Whose doing all of it was.
      actor text,
      count integer not null,
      -- The newest first, and only some of them.
      lead_ids uuid[] not null,
      -- Of the newest event.
      details json not null,
      -- Microseconds since 1970 when it was told, never twice the same: grows with what is new.
      position bigint not null,
      first_at timestamptz not null,
      last_at timestamptz not null,
      primary key (operator_id, notice_id)
    )`.execute(db)
  await sql`create unique index notice_group on notice (operator_id, group_key)`.execute(db)
  await sql`create index notice_newest on notice (operator_id, position)`.execute(db)
  await sql`create index notice_of_channel on notice (operator_id, channel_id, position) where channel_id is not null`.execute(
    db,
  )

  // One row a reader, not one a notice: all up to a position, and some after it.
  await sql`
    create table notice_reading (
      operator_id integer not null,
      -- 0: of the whole operator.
      channel_id integer not null default 0,
      reader text not null,
      read_up_to bigint not null default 0,
      read_ahead bigint[] not null default '{}',
      primary key (operator_id, channel_id, reader)
    )`.execute(db)

  await enableScope(db, 'notice', { channel: true, installation: true })
  await enableScope(db, 'notice_reading', { channel: true })
  for (const table of ['notice', 'notice_reading']) await grantTable(db, table, 'select, insert, update, delete')
}

/** From consent to channel: of each lead and channel the first time, beside the leads, so that no list reads it. */
async function createHandovers(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table lead_handover (
      operator_id integer not null,
      lead_id uuid not null,
      channel_id integer not null,
      consented_at timestamptz not null,
      given_at timestamptz not null,
      -- No other channel had it before.
      is_first boolean not null,
      primary key (operator_id, lead_id, channel_id)
    )`.execute(db)
  await sql`
    create index lead_handover_by_consent on lead_handover (operator_id, consented_at)
      include (channel_id, given_at, is_first)`.execute(db)
  await sql`create index lead_handover_newest on lead_handover (operator_id, given_at)`.execute(db)
  await enableScope(db, 'lead_handover', { channel: true, installation: true })
  await grantTable(db, 'lead_handover', 'select, insert, update, delete')
}
