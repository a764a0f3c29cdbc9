import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { APP_ROLE } from '../../server/platform/db/scope.ts'
import { type FreshDatabase, freshDatabase } from '../harness/database.ts'

// What PostgreSQL itself says of who may read what: from its catalogue, after all migrations. A new table, view or function
// that would be a hole fails here without a line of its own. Source: design/quality.md S1 and known traps.

/** Tables without row security, each with the reason. */
const SHARED: Record<string, string> = {
  installation: 'one row that speaks of no operator: kind and version',
  kysely_migration: 'names of migrations',
  kysely_migration_lock: 'one row for the migrator',
}

/** Functions that work as the owner, past row security, each with the reason why it tells nobody more than he may know. */
const DEFINERS: Record<string, string> = {
  leads_matching: 'LIKE is not leakproof and could not use its index; filters by the settings that the policies read',
  leads_with_reference: 'as leads_matching, by own references; filters by the settings that the policies read',
  leads_found_first: 'as leads_matching, but stops where it has enough; filters by the settings that the policies read',
  settle_lead_search: 'only the owner of an index may tidy it; takes and tells nothing',
  membership_channel_name: 'the installation may not read channels; names one that a visible membership names',
  person_reaches_beyond: 'says yes or no about a person who is visible; nothing of where else',
  require_open_channel: 'trigger: whether the channel that a row names is there, deleted ones too; says nothing else',
  leads_in_channels_named:
    'as leads_matching, by the name of the channel; filters by the settings that the policies read',
  leads_with_service:
    'as leads_matching, by the short name of the service; filters by the settings that the policies read',
  lead_made_in_another_channel: 'says yes or no of a lead and a request that the reader knows; nothing of who or which',
  journal_queue_for_sealing: 'trigger: an entry cannot be kept out of the chain by whoever writes it',
}

let db: FreshDatabase
let asOwner: pg.Pool

beforeAll(async () => {
  db = await freshDatabase()
  asOwner = db.asOwner
})
afterAll(() => db?.close())

async function rows<T extends pg.QueryResultRow>(sql: string, parameters: unknown[] = []): Promise<T[]> {
  return (await asOwner.query<T>(sql, parameters)).rows
}
const names = async (sql: string, parameters: unknown[] = []) =>
  (await rows<{ name: string }>(sql, parameters)).map(({ name }) => name)

const OURS = `join pg_namespace n on n.oid = c.relnamespace and n.nspname not in ('pg_catalog', 'information_schema')
  and n.nspname not like 'pg_%'`

test('every table has row security that holds for its owner too, or a reason why not', async () => {
  const open = await names(
    `select relname as name from pg_class c ${OURS} where relkind in ('r', 'p') and not (relrowsecurity and relforcerowsecurity)`,
  )
  expect(open.sort()).toEqual(Object.keys(SHARED).sort())
  const all = await names(`select relname as name from pg_class c ${OURS} where relkind in ('r', 'p')`)
  expect(all.length).toBeGreaterThan(20)
})

test('every right the application has on a table is narrowed by a policy of its own', async () => {
  const unnarrowed = await names(
    `select c.relname || ': ' || g.privilege_type as name
     from pg_class c ${OURS} cross join lateral aclexplode(c.relacl) g
     where c.relkind in ('r', 'p') and g.grantee = $1::regrole and not c.relname = any($2)
       and g.privilege_type in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
       and not exists (
         select from pg_policy p where p.polrelid = c.oid and $1::regrole = any(p.polroles)
           and p.polcmd in ('*', case g.privilege_type when 'SELECT' then 'r' when 'INSERT' then 'a' when 'UPDATE' then 'w' else 'd' end::"char"))`,
    [APP_ROLE, Object.keys(SHARED)],
  )
  expect(unnarrowed).toEqual([])
  const beyond = await names(
    `select c.relname || ': ' || g.privilege_type as name
     from pg_class c ${OURS} cross join lateral aclexplode(c.relacl) g
     where g.grantee = $1::regrole and g.privilege_type not in ('SELECT', 'INSERT', 'UPDATE', 'DELETE', 'USAGE')`,
    [APP_ROLE],
  )
  expect(beyond, 'TRUNCATE, TRIGGER and REFERENCES go past row security').toEqual([])
})

test('every policy of the application asks for the scope, and none is for everybody', async () => {
  const policies = await rows<{ name: string; using: string | null; check: string | null; public: boolean }>(
    `select c.relname || ' ' || p.polname as name, pg_get_expr(polqual, polrelid) as using,
       pg_get_expr(polwithcheck, polrelid) as check, 0 = any(polroles) as public
     from pg_policy p join pg_class c on c.oid = p.polrelid
     where $1::regrole = any(polroles) or 0 = any(polroles)`,
    [APP_ROLE],
  )
  expect(policies.length).toBeGreaterThan(20)
  expect(policies.filter((policy) => policy.public)).toEqual([])
  const asksScope = (rule: string | null) => rule === null || /leadline\.|membership|^false$/.test(rule)
  const careless = policies.filter(
    ({ using, check }) => (using === null && check === null) || !asksScope(using) || !asksScope(check),
  )
  expect(careless).toEqual([])
})

test('tables with rows of an operator compare the operator, and those of a channel the channel', async () => {
  const columns = await rows<{ table: string; rules: string; hasChannel: boolean }>(
    `select c.relname as table, string_agg(coalesce(pg_get_expr(p.polqual, p.polrelid), '') || coalesce(pg_get_expr(p.polwithcheck, p.polrelid), ''), ' ') as rules,
       exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'channel_id') as "hasChannel"
     from pg_class c ${OURS} join pg_policy p on p.polrelid = c.oid and $1::regrole = any(p.polroles)
     where exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'operator_id')
     group by c.oid, c.relname`,
    [APP_ROLE],
  )
  expect(columns.length).toBeGreaterThan(15)
  expect(columns.filter(({ rules }) => !/leadline\.operator_id/.test(rules)).map((one) => one.table)).toEqual([])
  // Only the dispatcher reads the outbox: whoever decides something writes it, for his own operator.
  const unread = ['outbox_event']
  const channelless = columns.filter(
    ({ table, rules, hasChannel }) => hasChannel && !unread.includes(table) && !/leadline\.channel_id/.test(rules),
  )
  expect(channelless.map((one) => one.table)).toEqual([])
})

test('the application role owns nothing, is nobody special and belongs to no other role', async () => {
  const [role] = await rows(
    `select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication from pg_roles where rolname = $1`,
    [APP_ROLE],
  )
  expect(role).toEqual({
    rolsuper: false,
    rolbypassrls: false,
    rolcreaterole: false,
    rolcreatedb: false,
    rolreplication: false,
  })
  expect(
    await names(`select roleid::regrole::text as name from pg_auth_members where member = $1::regrole`, [APP_ROLE]),
  ).toEqual([])
  const owned = await names(
    `select 'relation ' || relname as name from pg_class where relowner = $1::regrole and relpersistence <> 't'
     union all select 'function ' || proname from pg_proc where proowner = $1::regrole
     union all select 'schema ' || nspname from pg_namespace where nspowner = $1::regrole
     union all select 'type ' || typname from pg_type where typowner = $1::regrole and typrelid = 0
     union all select 'database ' || datname from pg_database where datdba = $1::regrole`,
    [APP_ROLE],
  )
  expect(owned).toEqual([])
  expect(
    await names(
      `select nspname as name from pg_namespace where has_schema_privilege($1, oid, 'create') and nspname not like 'pg_temp%' and nspname not like 'pg_toast_temp%'`,
      [APP_ROLE],
    ),
  ).toEqual([])
  const [owner] = await rows(`select rolsuper, rolbypassrls from pg_roles where rolname = current_user`)
  expect(owner).toEqual({ rolsuper: false, rolbypassrls: false })
})

test('every view reads with the rights of whoever asks', async () => {
  const views = await rows<{ name: string; options: string[] | null }>(
    `select relname as name, reloptions as options from pg_class c ${OURS} where relkind = 'v'`,
  )
  expect(views.length).toBeGreaterThan(0)
  expect(views.filter(({ options }) => !options?.some((one) => /^security_invoker=(true|on|1)$/.test(one)))).toEqual([])
  // A materialized view, a foreign table and a rule know no row security.
  expect(await names(`select relname as name from pg_class c ${OURS} where relkind in ('m', 'f')`)).toEqual([])
  expect(await names(`select rulename as name from pg_rules where schemaname = 'public'`)).toEqual([])
})

test('only the known functions work as the owner, with a search path of their own', async () => {
  const definers = await rows<{ name: string; config: string[] | null; forAll: boolean }>(
    `select proname as name, proconfig as config,
       exists (select from aclexplode(coalesce(proacl, acldefault('f', proowner))) g where g.grantee = 0) as "forAll"
     from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     where prosecdef and n.nspname not in ('pg_catalog', 'information_schema')`,
  )
  expect(definers.length).toBeGreaterThan(3)
  expect(definers.map(({ name }) => name).filter((name) => !(name in DEFINERS))).toEqual([])
  for (const { name, config, forAll } of definers) {
    expect(
      config?.find((one) => one.startsWith('search_path=')),
      name,
    ).toBe('search_path=pg_catalog, public')
    expect(forAll, `${name} may be called by everybody`).toBe(false)
  }
})

test('nothing is granted to everybody', async () => {
  const granted = await names(
    `select relname || ': ' || g.privilege_type as name from pg_class c ${OURS} cross join lateral aclexplode(c.relacl) g where g.grantee = 0
     union all select relname || '.' || attname from pg_attribute a join pg_class c on c.oid = a.attrelid ${OURS}
       cross join lateral aclexplode(a.attacl) g where g.grantee = 0
     union all select 'schema ' || nspname || ': ' || g.privilege_type from pg_namespace n cross join lateral aclexplode(n.nspacl) g
       where g.grantee = 0 and nspname not in ('pg_catalog', 'information_schema') and g.privilege_type <> 'USAGE'
     union all select 'by default' from pg_default_acl d cross join lateral aclexplode(d.defaclacl) g where g.grantee = 0`,
  )
  expect(granted).toEqual([])
  expect(await names(`select extname as name from pg_extension where extname not in ('plpgsql', 'pg_trgm')`)).toEqual(
    [],
  )
})
