import { type Kysely, sql } from 'kysely'
import { APP_ROLE, grantTable } from '../scope.ts'

const operator = `(select nullif(current_setting('leadline.operator_id', true), '')::integer)`
const channel = `(select nullif(current_setting('leadline.channel_id', true), '')::integer)`
const installation = `(select coalesce(current_setting('leadline.installation', true), '') = 'on')`
// A person belongs to no operator: what no operator's transaction does (signing in, the platform tier) sees all people.
const nobodys = `(${operator} is null and ${channel} is null)`
const inScope = `(operator_id = ${operator} and (${channel} is null or channel_id = ${channel}))`

/** People, what each is for which operator, their sessions and invitations, and what failed sign-ins cost. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createPeople(db)
  await createSessions(db)
  await createInvitations(db)
  // Only digests as keys: what somebody types into the field of the mail address may be a password.
  await sql`
    create table sign_in_throttle (
      key text primary key,
      failures integer not null,
      last_failed_at timestamptz not null
    )`.execute(db)
  await sql`create index sign_in_throttle_oldest on sign_in_throttle (last_failed_at)`.execute(db)

  // Whoever has a membership in scope is in scope, and so are his sessions: the inner policy does the narrowing.
  await protect(db, 'membership', `${inScope} or ${nobodys}`)
  await protect(
    db,
    'person',
    `${nobodys} or exists (select from membership where membership.person_id = person.person_id)`,
  )
  await protect(
    db,
    'session',
    `${nobodys} or exists (select from membership where membership.person_id = session.person_id)`,
  )
  await protect(db, 'invitation', `${inScope} or ${nobodys}`)
  await protect(db, 'sign_in_throttle', nobodys)
  await grantTable(db, 'person', 'select, insert, update')
  await grantTable(db, 'membership', 'select, insert, update, delete')
  await grantTable(db, 'session', 'select, insert, update, delete')
  await grantTable(db, 'invitation', 'select, insert, update')
  await grantTable(db, 'sign_in_throttle', 'select, insert, update, delete')
  await nameMemberships(db)
  await tellWhoReachesBeyond(db)
}

async function createPeople(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table person (
      person_id uuid primary key,
      email text not null,
      name text not null,
      state text not null default 'active' check (state in ('active', 'suspended')),
      -- PHC text of argon2id; null: signs in through OpenID Connect only.
      password_hash text,
      -- "<issuer> <sub>" of the first sign-in through OpenID Connect: an address that changes hands is not the same person.
      open_id_subject text,
      second_factor_sealed text,
      second_factor_pending text,
      -- Of RFC 6238: a code works once.
      second_factor_step bigint,
      recovery_hashes bytea[] not null default '{}',
      is_sample boolean not null default false,
      created_at timestamptz not null,
      last_sign_in_at timestamptz,
      last_seen_at timestamptz,
      previous_visit_at timestamptz
    )`.execute(db)
  await sql`create unique index person_email on person (lower(email))`.execute(db)
  await sql`
    create table membership (
      membership_id uuid primary key,
      -- Deferred: in an operator's transaction a person is visible, and may be made, only once he belongs to it.
      person_id uuid not null references person deferrable initially deferred,
      tier text not null check (tier in ('platform', 'operator', 'channel')),
      level text not null check (level in ('administrator', 'operator', 'monitor')),
      operator_id integer references operator,
      channel_id integer,
      created_at timestamptz not null,
      foreign key (operator_id, channel_id) references channel (operator_id, channel_id),
      check ((tier = 'platform') = (operator_id is null)),
      check ((tier = 'channel') = (channel_id is not null)),
      constraint membership_one_role unique nulls not distinct (person_id, operator_id)
    )`.execute(db)
  await sql`create index membership_operator on membership (operator_id, channel_id)`.execute(db)
}

async function createSessions(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table session (
      session_id uuid primary key,
      token_hash bytea not null unique check (octet_length(token_hash) = 32),
      person_id uuid not null references person,
      method text not null check (method in ('password', 'openid-connect', 'invitation')),
      created_at timestamptz not null,
      last_seen_at timestamptz not null,
      expires_at timestamptz not null,
      source_ip text not null,
      user_agent text not null,
      revoked_at timestamptz
    )`.execute(db)
  await sql`create index session_person on session (person_id, created_at desc)`.execute(db)
}

async function createInvitations(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table invitation (
      invitation_id uuid primary key,
      purpose text not null check (purpose in ('invitation', 'new-password')),
      token_hash bytea not null unique check (octet_length(token_hash) = 32),
      -- null: the first administrator says his own.
      email text,
      name text not null,
      person_id uuid references person,
      tier text check (tier in ('platform', 'operator', 'channel')),
      level text check (level in ('administrator', 'operator', 'monitor')),
      operator_id integer references operator,
      channel_id integer,
      invited_by text not null,
      created_at timestamptz not null,
      expires_at timestamptz not null,
      used_at timestamptz,
      revoked_at timestamptz,
      foreign key (operator_id, channel_id) references channel (operator_id, channel_id),
      check ((purpose = 'invitation') = (tier is not null and level is not null and person_id is null)),
      check ((purpose = 'new-password') = (person_id is not null))
    )`.execute(db)
  await sql`
    create index invitation_open on invitation (operator_id, created_at desc)
      where used_at is null and revoked_at is null`.execute(db)
  await sql`create index invitation_email on invitation (lower(email)) where used_at is null and revoked_at is null`.execute(
    db,
  )
  await sql`create index invitation_person on invitation (person_id) where person_id is not null`.execute(db)
}

async function protect(db: Kysely<unknown>, table: string, rule: string): Promise<void> {
  const statements = [
    `alter table ${table} enable row level security`,
    `alter table ${table} force row level security`,
    `create policy ${table}_scope on ${table} to ${APP_ROLE} using (${rule}) with check (${rule})`,
    `create policy ${table}_owner on ${table} to current_user using (true) with check (true)`,
  ]
  for (const statement of statements) await sql.raw(statement).execute(db)
}

/** Memberships with the names of operator and channel, as far as the reader may see the membership. */
async function nameMemberships(db: Kysely<unknown>): Promise<void> {
  // Channels are hidden from the installation: as the owner it learns the names of these few, one by one.
  await sql
    .raw(`
    create function membership_channel_name(operator integer, channel integer) returns text
      language sql stable security definer set search_path = pg_catalog, public as $$
      select name from public.channel
      where channel.operator_id = $1 and channel.channel_id = $2 and (${installation}
        or (channel.operator_id = ${operator} and (${channel} is null or channel.channel_id = ${channel})))
    $$`)
    .execute(db)
  await sql`revoke all on function membership_channel_name(integer, integer) from public`.execute(db)
  await sql.raw(`grant execute on function membership_channel_name(integer, integer) to ${APP_ROLE}`).execute(db)
  await sql`
    create view named_membership with (security_invoker = true) as
      select membership.*, operator.name as operator_name,
        case when channel_id is not null then membership_channel_name(operator_id, channel_id) end as channel_name
      from membership left join operator using (operator_id)`.execute(db)
  await grantTable(db, 'named_membership', 'select')
}

/**
 * Whether somebody in scope belongs to more than the transaction can see. Who resets his password could act there too,
 * so that needs the platform tier. As the owner, since row security hides exactly those rows. Nothing is said of who is not
 * in scope: yes would tell that he exists.
 */
async function tellWhoReachesBeyond(db: Kysely<unknown>): Promise<void> {
  const isInScope = `operator_id is not distinct from ${operator} and (${channel} is null or channel_id is not distinct from ${channel})`
  await sql
    .raw(`
    create function person_reaches_beyond(whom uuid) returns boolean
      language sql stable security definer set search_path = pg_catalog, public as $$
      select exists (select from public.membership where person_id = whom and ${isInScope})
        and exists (select from public.membership where person_id = whom and not (${isInScope}))
    $$`)
    .execute(db)
  await sql`revoke all on function person_reaches_beyond(uuid) from public`.execute(db)
  await sql.raw(`grant execute on function person_reaches_beyond(uuid) to ${APP_ROLE}`).execute(db)
}
