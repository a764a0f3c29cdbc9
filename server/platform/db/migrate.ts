import { Kysely, PostgresDialect, sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import pg from 'pg'
import { AppError } from '../../kernel/errors.ts'
import { migrations } from './migrations/index.ts'
import { APP_ROLE } from './scope.ts'

/** Names of the migrations that this program knows and the database has not had yet; empty = up to date. */
export type MigrationOutcome = { applied: string[] }

/**
 * Brings the database to this program's schema, as its owner. Safe to call from several instances at once (advisory lock).
 * Refuses a database that a newer program has migrated. `upTo`: no further than this migration, on a new database.
 */
export async function migrateDatabase(ownerUrl: string, { upTo }: { upTo?: string } = {}): Promise<MigrationOutcome> {
  const pool = new pg.Pool({ connectionString: ownerUrl, max: 2, connectionTimeoutMillis: 5_000 })
  // A restart of the database in the middle shows in the failing statement; the pool's own event would end the process.
  pool.on('error', () => {})
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  try {
    await refuseOldServer(db)
    await ensureAppRole(db, ownerUrl)
    await refuseNewerDatabase(db)
    const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
    const { error, results } = await (upTo ? migrator.migrateTo(upTo) : migrator.migrateToLatest())
    if (error) throw error
    return { applied: (results ?? []).filter((r) => r.status === 'Success').map((r) => r.migrationName) }
  } finally {
    await db.destroy()
  }
}

async function refuseOldServer(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ version: number }>`select current_setting('server_version_num')::int as version`.execute(
    db,
  )
  const version = rows[0]?.version ?? 0
  if (version >= 150_000) return
  throw new AppError({
    code: 'database-too-old',
    status: 503,
    detail: `The database server is PostgreSQL ${Math.floor(version / 10_000)}. Leadline needs 15 or newer: point DATABASE_URL at a newer server.`,
  })
}

/** The embedded server has the role from initdb; elsewhere the owner makes it, or asks for it in words. */
async function ensureAppRole(db: Kysely<unknown>, ownerUrl: string): Promise<void> {
  const { rows } = await sql<{ found: boolean }>`
    select exists (select from pg_roles where rolname = ${APP_ROLE}) as found`.execute(db)
  try {
    if (!rows[0]?.found) await createAppRole(db)
    if (!(await maySetRole(ownerUrl))) await sql.raw(`grant ${APP_ROLE} to current_user`).execute(db)
    await sql.raw(`grant usage on schema public to ${APP_ROLE}`).execute(db)
  } catch (cause) {
    throw new AppError({
      code: 'database-role-missing',
      status: 503,
      detail: `The database login may not use the role ${APP_ROLE}. As a superuser run: create role ${APP_ROLE}; grant ${APP_ROLE} to <the login of DATABASE_URL>;`,
      cause,
    })
  }
}

async function createAppRole(db: Kysely<unknown>): Promise<void> {
  try {
    await sql.raw(`create role ${APP_ROLE} nologin`).execute(db)
  } catch (error) {
    // Two instances may start at once on an empty server: the loser finds the role made.
    const code = (error as { code?: string }).code
    if (code !== '42710' && code !== '23505') throw error
  }
}

// Asked by trying: since PostgreSQL 16 a membership may exist without the right to set the role. On a connection of its
// own, since a role set in the pool would stay on its connection.
async function maySetRole(ownerUrl: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: 5_000 })
  // As above: found by npm run crash, which ended the database here and got a stack trace in place of words.
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query(`set role ${APP_ROLE}`)
    return true
  } catch (error) {
    if ((error as { code?: string }).code === '42501') return false
    throw error
  } finally {
    await client.end()
  }
}

async function refuseNewerDatabase(db: Kysely<unknown>): Promise<void> {
  const { rows: tables } = await sql<{
    found: boolean
  }>`select to_regclass('kysely_migration') is not null as found`.execute(db)
  if (!tables[0]?.found) return
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db)
  const unknown = rows.map((row) => row.name).filter((name) => !(name in migrations))
  if (unknown.length === 0) return
  throw new AppError({
    code: 'database-newer',
    status: 503,
    detail: `The database was migrated by a newer Leadline (it has ${unknown.join(', ')}). Start that version, or restore an export made with this one.`,
  })
}

/**
 * What this program makes of a schema that has had these migrations: `known` can be made here, by the same ones in the same
 * order; `newer` has one that is not known here; `other` is none that this program ever had.
 */
export function judgeSchema(names: readonly string[]): 'known' | 'newer' | 'other' {
  const ours = Object.keys(migrations)
  if (names.some((name) => !ours.includes(name))) return 'newer'
  return names.length > 0 && names.every((name, index) => name === ours[index]) ? 'known' : 'other'
}

/** Names of migrations that the database has not had yet; asked as the owner. */
export async function pendingMigrations(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>('select name from kysely_migration')
  const done = new Set(rows.map((row) => row.name))
  return Object.keys(migrations).filter((name) => !done.has(name))
}
