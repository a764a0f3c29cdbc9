import { type Kysely, sql } from 'kysely'
import { APP_ROLE, grantTable, hideFromCustomers, showCustomersTheirOwn } from '../scope.ts'

const operator = `(select coalesce(nullif(current_setting('leadline.operator_id', true), '')::integer, 0))`
const channel = `(select nullif(current_setting('leadline.channel_id', true), '')::integer)`

const WRITTEN_BY_CUSTOMERS = new Set(['journal_entry', 'outbox_event'])

/**
 * What operators look after: secrets that expire, runs they stop, events that could not be delivered, findings that go
 * away, the order in which addresses are fetched; and people of the customer tier, who see their own company only.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  // The state of the secret that was last told, so that each is told once: soon, urgent, expired.
  await sql`alter table connection add column expiry_told text check (expiry_told in ('soon', 'urgent', 'expired'))`.execute(
    db,
  )
  // In place of a secret; its private key is sealed where the secret would be.
  await sql`alter table connection add column certificate text`.execute(db)
  await sql`alter table job_run add column cancel_requested_at timestamptz, add column cancelled_by text`.execute(db)

  await showDeadLetters(db)
  await indexAddressesDue(db)

  // Keys of the unreadable records of each page: what no page holds any more is gone. All pages are read once more.
  await sql`alter table listing_page add column malformed_keys text[] not null default '{}'`.execute(db)
  await sql`update listing_page set fingerprint = ''`.execute(db)

  await addCustomerTier(db)
}

/** An operator sees what could not be delivered of its own events, and gives it a new life. */
async function showDeadLetters(db: Kysely<unknown>): Promise<void> {
  const own = `operator_id = ${operator} and ${channel} is null`
  const statements = [
    `create policy outbox_event_read on outbox_event for select to ${APP_ROLE} using (${own})`,
    `create policy outbox_delivery_revive on outbox_delivery for update to ${APP_ROLE}
       using (${own} and state = 'dead') with check (${own} and state = 'pending')`,
  ]
  for (const statement of statements) await sql.raw(statement).execute(db)
}

/** In the order of the job: never asked (licensed before the others, by arrival), then the oldest answer. */
async function indexAddressesDue(db: Kysely<unknown>): Promise<void> {
  await sql`
    create index lead_addresses_due on lead
      (operator_id, addresses_asked_at nulls first, (ump_customer_guid is null), arrival)
    where status = 'Active'`.execute(db)
}

/** A customer is a Microsoft tenant: whatever will be a customer's carries its id (leads, services, numbers). */
async function addCustomerTier(db: Kysely<unknown>): Promise<void> {
  for (const table of ['membership', 'invitation']) {
    const statements = [
      `alter table ${table} add column tenant_id uuid`,
      `alter table ${table} drop constraint ${table}_tier_check`,
      `alter table ${table} add constraint ${table}_tier_check check (tier in ('platform', 'operator', 'channel', 'customer'))`,
      `alter table ${table} add constraint ${table}_customer check (tier is null or (tier = 'customer') = (tenant_id is not null))`,
    ]
    for (const statement of statements) await sql.raw(statement).execute(db)
    await showCustomersTheirOwn(db, table)
  }
  // The columns of a view are those its table had when it was made.
  await sql`drop view named_membership`.execute(db)
  await sql`
    create view named_membership with (security_invoker = true) as
      select membership.*, operator.name as operator_name,
        case when channel_id is not null then membership_channel_name(operator_id, channel_id) end as channel_name
      from membership left join operator using (operator_id)`.execute(db)
  await grantTable(db, 'named_membership', 'select')

  // People and sessions follow their membership; all the rest is the carrier's. What customers do is written down, not read.
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class
    where relrowsecurity and relnamespace = 'public'::regnamespace
      -- Searched by the owner's function, to whom a restrictive policy would hold too: their scope keeps customers out.
      and relname not in ('membership', 'invitation', 'person', 'session', 'lead_search', 'lead_search_recent')
      and not exists (
        select from pg_policy where polrelid = pg_class.oid
          -- Tables that a definer function searches keep customers out by the policy of their scope.
          and (polname = relname || '_customer' or pg_get_expr(polqual, polrelid) like '%leadline.tenant_id%')
      )`.execute(db)
  for (const { name } of rows) await hideFromCustomers(db, name, WRITTEN_BY_CUSTOMERS.has(name) ? 'select' : 'all')
  // A restrictive policy holds for the owner too, who is a member of the role: its trigger queues what customers do.
  await sql`drop policy journal_unsealed_customer on journal_unsealed`.execute(db)
  await hideFromCustomers(db, 'journal_unsealed', 'select')
}
