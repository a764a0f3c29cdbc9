import { type Kysely, sql } from 'kysely'
import { enableScope, grantTable } from '../scope.ts'

/** Mail: how an operator sends it, what is on its way, what is still to be told to whom, and what each person has chosen. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table mail_settings (
      operator_id integer primary key references operator,
      enabled boolean not null,
      host text not null,
      port integer not null check (port between 1 and 65535),
      tls text not null check (tls in ('none', 'starttls', 'tls')),
      user_name text,
      password_sealed text,
      sender_name text not null,
      sender_address text not null,
      -- How it goes with the server itself: connection, TLS, sign-in, sender.
      failing_since timestamptz,
      last_error text,
      last_sent_at timestamptz,
      -- Until when what happened was told in the daily mail.
      digest_at timestamptz,
      changed_at timestamptz not null,
      changed_by text not null
    )`.execute(db)

  await sql`
    create table mail (
      operator_id integer not null,
      mail_id uuid not null,
      purpose text not null,
      person_id uuid,
      lead_id uuid,
      recipient_name text not null,
      recipient_address text not null,
      subject text not null,
      text_body text not null,
      html_body text not null,
      message_id text not null,
      state text not null default 'waiting' check (state in ('waiting', 'sent', 'bounced', 'given-up')),
      attempts integer not null default 0,
      due_at timestamptz not null,
      claim uuid,
      claimed_until timestamptz,
      last_stage text,
      last_code integer,
      -- In the words of the server.
      last_reply text,
      created_at timestamptz not null,
      created_by text not null,
      finished_at timestamptz,
      primary key (operator_id, mail_id)
    )`.execute(db)
  await sql`create index mail_due on mail (operator_id, due_at, mail_id) where state = 'waiting'`.execute(db)

  await sql`
    create table mail_notice (
      operator_id integer not null,
      event_id uuid not null,
      -- Of the event: whose lead or webhook it tells of.
      channel_id integer,
      name text not null,
      payload json not null,
      at timestamptz not null,
      -- Null: those who want it at once have not got it yet.
      told_at timestamptz,
      primary key (operator_id, event_id)
    )`.execute(db)
  await sql`create index mail_notice_new on mail_notice (operator_id, at) where told_at is null`.execute(db)
  await sql`create index mail_notice_by_time on mail_notice (operator_id, at)`.execute(db)

  for (const table of ['mail_settings', 'mail', 'mail_notice']) {
    await enableScope(db, table, { operatorOnly: true, installation: true })
    await grantTable(db, table, 'select, insert, update, delete')
  }
  await createChoices(db)
}

/** Of a person, wherever he works and of any tier, as his sessions are: whoever sees a membership of his. No row: what holds unless somebody chooses. */
async function createChoices(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table mail_choice (
      person_id uuid not null references person,
      kind text not null,
      delivery text not null check (delivery in ('at-once', 'digest', 'never')),
      primary key (person_id, kind)
    )`.execute(db)
  const nobodys = `((select nullif(current_setting('leadline.operator_id', true), '')) is null
    and (select nullif(current_setting('leadline.channel_id', true), '')) is null)`
  const rule = `${nobodys} or exists (select from membership where membership.person_id = mail_choice.person_id)`
  for (const statement of [
    'alter table mail_choice enable row level security',
    'alter table mail_choice force row level security',
    `create policy mail_choice_scope on mail_choice to leadline_app using (${rule}) with check (${rule})`,
    'create policy mail_choice_owner on mail_choice to current_user using (true) with check (true)',
  ]) {
    await sql.raw(statement).execute(db)
  }
  await grantTable(db, 'mail_choice', 'select, insert, update, delete')
}
