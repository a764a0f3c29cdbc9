import { type Kysely, sql } from 'kysely'
import { APP_ROLE, enableScope, grantTable } from '../scope.ts'

/** Mail to customers, from their leads: what each operator decides for it, its templates, and how much it wrote. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table mail
      -- Null: answers go to the sender.
      add column reply_to text,
      add column template_name text,
      -- The channel of whoever wrote it; null: the carrier did.
      add column author_channel_id integer`.execute(db)
  await sql`create index mail_of_lead on mail (operator_id, lead_id, mail_id) where lead_id is not null`.execute(db)
  await followLeads(db)

  await sql`
    alter table mail_settings
      -- Null: answers to a mail to a customer go to the person who wrote it.
      add column reply_to text,
      add column channels_may_send boolean not null default false,
      add column customers_per_minute integer not null default 60 check (customers_per_minute between 1 and 1000),
      add column customers_per_day integer not null default 1000 check (customers_per_day between 1 and 100000)`.execute(
    db,
  )

  await sql`
    create table mail_template (
      operator_id integer not null,
      -- Of one that Leadline brings along its word, else a UUID.
      template_id text not null,
      name text not null,
      subject text not null,
      body text not null,
      language text not null,
      -- One that Leadline brings along and this operator does not want.
      is_removed boolean not null default false,
      changed_at timestamptz not null,
      changed_by text not null,
      primary key (operator_id, template_id)
    )`.execute(db)
  await enableScope(db, 'mail_template', { operatorOnly: true })
  await grantTable(db, 'mail_template', 'select, insert, update, delete')

  // Of the minute and of the day that were written in last; channels write in the operator's.
  await sql`
    create table customer_mail_count (
      operator_id integer primary key,
      minute timestamptz not null,
      minute_count integer not null,
      day date not null,
      day_count integer not null
    )`.execute(db)
  await enableScope(db, 'customer_mail_count')
  await grantTable(db, 'customer_mail_count', 'select, insert, update')
}

/** A channel sees the mails of the leads it sees, and no others: the policy of leads does the narrowing, also after a move. */
async function followLeads(db: Kysely<unknown>): Promise<void> {
  const operator = `(select nullif(current_setting('leadline.operator_id', true), '')::integer)`
  const channel = `(select nullif(current_setting('leadline.channel_id', true), '')::integer)`
  const installation = `(select coalesce(current_setting('leadline.installation', true), '') = 'on')`
  const ofLead = `lead_id is not null and exists (
    select from lead where lead.operator_id = mail.operator_id and lead.lead_id = mail.lead_id)`
  const rule = `(operator_id = ${operator} and case when ${channel} is null then true else ${ofLead} end) or ${installation}`
  await sql.raw('drop policy mail_scope on mail').execute(db)
  await sql.raw(`create policy mail_scope on mail to ${APP_ROLE} using (${rule}) with check (${rule})`).execute(db)
}
