import { existsSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { resolveDataDirectory } from '../data-directory.ts'
import { hoursBetweenBackups, listBackups } from '../export-files.ts'
import { messageOf } from '../kernel/errors.ts'
import { keyUses } from '../master-key-rotation.ts'
import { operatorNames } from '../modules/operators/index.ts'
import { pendingMigrations } from '../platform/db/migrate.ts'
import { describeRoles } from '../platform/db/roles.ts'
import { selectLatestRuns } from '../platform/jobs/index.ts'
import { readArguments } from './arguments.ts'
import { chooseOperator, type OpenInstallation, withInstallation } from './with-installation.ts'

export const summary = 'Check this installation and say what to put right'

const USAGE = `Usage: leadline doctor

${summary}: settings, data directory, database and its roles, migrations, master keys, backups, connections
to Microsoft, last syncs, journal.
Changes nothing. Exit codes: 0 all well, 1 something is wrong.`

type Finding = { name: string; ok: boolean; words: string; remedy?: string }

export async function run(args: string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(USAGE)
    return 0
  }
  return withInstallation(USAGE, async (open) => {
    readArguments(args, {}, 0)
    const findings: Finding[] = []
    const check = async (name: string, look: () => Promise<Omit<Finding, 'name'>>) => {
      let finding: Finding
      try {
        finding = { name, ...(await look()) }
      } catch (error) {
        finding = { name, ok: false, words: messageOf(error) }
      }
      findings.push(finding)
      const { ok, words, remedy } = finding
      open.terminal.say(`${ok ? 'ok   ' : 'WRONG'}  ${name}: ${words}${remedy ? `\n       ${remedy}` : ''}`)
    }
    await check('data directory', async () => dataDirectory(open))
    await check('database', () => database(open))
    await check('roles', () => roles(open))
    await check('schema', () => schema(open))
    await check('master key', () => masterKey(open))
    await check('backups', async () => backups(open))
    for (const { operatorId, name } of await operatorNames(open.context.transact)) {
      await check(`Microsoft, ${name}`, () => connection(open, operatorId))
      await check(`syncs, ${name}`, () => syncs(open, operatorId))
      await check(`journal, ${name}`, () => journal(open, operatorId))
    }
    const wrong = findings.filter((finding) => !finding.ok).length
    open.terminal.say(wrong === 0 ? '\nAll well.' : `\n${wrong} of ${findings.length} checks found something wrong.`)
    return wrong === 0 ? 0 : 1
  })
}

function dataDirectory({ config, installation }: OpenInstallation): Omit<Finding, 'name'> {
  const path = resolveDataDirectory(config.dataDirectory)
  // On a machine of several there need be none: the database is elsewhere, and the key is in the environment.
  if (!existsSync(path)) return { ok: true, words: `none at ${path}: database and master key are configured` }
  const { bavail, bsize } = statfsSync(path)
  const freeMegabytes = Math.floor((bavail * bsize) / 1_048_576)
  const words = `${path}, ${installation?.kind ?? 'unmarked'}, ${freeMegabytes} MB free`
  const remedy = 'Free some space: below 200 MB the database may have to stop.'
  return freeMegabytes < 200 ? { ok: false, words, remedy } : { ok: true, words }
}

async function database({ context }: OpenInstallation): Promise<Omit<Finding, 'name'>> {
  const { rows } = await context.database.pool.query(
    "select current_setting('server_version') as version, current_user as login",
  )
  return { ok: true, words: `PostgreSQL ${rows[0].version}, login ${rows[0].login}` }
}

async function roles({ context, ownerUrl }: OpenInstallation): Promise<Omit<Finding, 'name'>> {
  const owner = new pg.Pool({ connectionString: ownerUrl, max: 1, connectionTimeoutMillis: 5_000 })
  try {
    const { mode, problems } = await describeRoles(context.database.pool, owner)
    return problems.length === 0 ? { ok: true, words: mode } : { ok: false, words: `${mode}. ${problems.join(' ')}` }
  } finally {
    await owner.end()
  }
}

async function schema({ ownerUrl }: OpenInstallation): Promise<Omit<Finding, 'name'>> {
  const pool = new pg.Pool({ connectionString: ownerUrl, max: 1 })
  try {
    const pending = await pendingMigrations(pool)
    if (pending.length === 0) return { ok: true, words: 'up to date' }
    const words = `${pending.length} migrations are missing`
    return { ok: false, words, remedy: 'Start Leadline once: it migrates by itself.' }
  } finally {
    await pool.end()
  }
}

async function masterKey({ context, ownerUrl }: OpenInstallation): Promise<Omit<Finding, 'name'>> {
  const pool = new pg.Pool({ connectionString: ownerUrl, max: 1 })
  try {
    const uses = await keyUses({ context, owner: pool })
    const words = uses
      .map(({ id, state, values, signatures }) => `${id} (${state}) ${values} values, ${signatures} signatures`)
      .join('; ')
    const needed = uses.filter(({ values, signatures }) => values + signatures > 0)
    if (needed.some((use) => use.state === 'unknown')) {
      const remedy = 'Put the missing key back, after the current one: see docs/operate/master-key.md'
      return { ok: false, words, remedy }
    }
    if (needed.some((use) => use.state === 'older')) return { ok: true, words, remedy: 'leadline secrets rotate' }
    return {
      ok: true,
      words,
      ...(uses.length > 1 && { remedy: 'Nothing needs the older ones: leadline secrets forget' }),
    }
  } finally {
    await pool.end()
  }
}

/** Wrong only where backups are to be made by themselves and are not. */
function backups({ config, installation }: OpenInstallation): Omit<Finding, 'name'> {
  const path = config.backups.directory ?? join(resolveDataDirectory(config.dataDirectory), 'backups')
  const hours = hoursBetweenBackups(config, installation?.kind)
  const newest = listBackups(path)[0]
  const age = newest && (Date.now() - newest.madeAt.getTime()) / 3_600_000
  const words = age === undefined ? `none in ${path}` : `the newest in ${path} is ${age.toFixed(0)} hours old`
  if (hours === 0 || (age !== undefined && age < 2 * hours)) return { ok: true, words }
  return { ok: false, words, remedy: 'Make one with: leadline backup. Why there is none: logs/backup.log' }
}

async function connection({ context }: OpenInstallation, operatorId: number): Promise<Omit<Finding, 'name'>> {
  const principal = await chooseOperator(context, String(operatorId))
  const { ok, stage, detail, remedy, secretExpiry } = await context.connections.test(
    principal,
    operatorId,
    AbortSignal.timeout(60_000),
  )
  if (!ok) return { ok, words: `fails at the stage "${stage}": ${detail}`, remedy }
  const isHighTime = secretExpiry.state === 'urgent' || secretExpiry.state === 'expired'
  return { ok: !isHighTime, words: detail, ...(remedy !== '' && { remedy }) }
}

async function syncs({ context }: OpenInstallation, operatorId: number): Promise<Omit<Finding, 'name'>> {
  const principal = await chooseOperator(context, String(operatorId))
  const names = context.registry.all.map((job) => job.name)
  const runs = await context.transact(principal, (tx) => selectLatestRuns(tx, names, operatorId))
  const failed = runs.find((run) => run.error !== null)
  if (failed?.error) return { ok: false, words: `${failed.job}: ${failed.error.message}`, remedy: failed.error.remedy }
  const last = runs.map((run) => run.finishedAt?.getTime() ?? 0).reduce((a, b) => Math.max(a, b), 0)
  return last === 0
    ? { ok: false, words: 'no run has finished yet', remedy: 'Is a worker running? leadline start' }
    : { ok: true, words: `last run finished ${Math.round((Date.now() - last) / 1_000)} s ago` }
}

async function journal({ context }: OpenInstallation, operatorId: number): Promise<Omit<Finding, 'name'>> {
  const principal = await chooseOperator(context, String(operatorId))
  const { ok, entries, firstBad } = await context.journal.verify(principal, {}, AbortSignal.timeout(120_000))
  if (ok) return { ok, words: `${entries} entries, unbroken` }
  return { ok, words: firstBad?.problem ?? 'broken', remedy: 'Compare with the signed heads in the log of the worker.' }
}
