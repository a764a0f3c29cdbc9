import { join } from 'node:path'
import pg from 'pg'
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import type { Installation } from './data-directory.ts'
import { backupDirectory, exportFileName, exportToFile, listUpgradeExports, removeOlder } from './export-files.ts'
import { openMasterKeys } from './master-key-file.ts'
import { migrateDatabase, pendingMigrations } from './platform/db/migrate.ts'

export type UpgradeSettings = {
  config: Config
  ownerUrl: string
  dataDirectory: string
  /** Of this program. */
  version: string
  logger: Logger
  installation: Installation | null
}

/** Exports from before upgrades that stay: the way back from this one, and from the one before. */
const UPGRADE_EXPORTS_KEPT = 2

/**
 * Brings the database to this version's schema; what is in it is exported before, since migrations only go forward. Several
 * machines may do this at once: one exports and migrates, the others find nothing left to do.
 */
export async function upgradeDatabase(settings: UpgradeSettings): Promise<void> {
  const { ownerUrl, config } = settings
  if (!config.backups.beforeUpgrade || !(await isDue(ownerUrl))) {
    await migrateDatabase(ownerUrl)
    return
  }
  await inTurn(ownerUrl, async () => {
    // Whoever was before us may have done it.
    if (await isDue(ownerUrl)) await exportBefore(settings)
    await migrateDatabase(ownerUrl)
  })
}

async function exportBefore(settings: UpgradeSettings): Promise<void> {
  const { ownerUrl, config, dataDirectory, version, logger, installation } = settings
  const directory = backupDirectory(config.backups.directory, dataDirectory)
  const masterKeys = openMasterKeys(dataDirectory, config.secrets.masterKeys)
  const path = join(directory, exportFileName(new Date(), `before-${version}`))
  logger.info({ path }, 'exporting before the upgrade')
  const { rows, fileBytes } = await exportToFile(path, { ownerUrl, masterKeys, installation, version })
  removeOlder(listUpgradeExports(directory), UPGRADE_EXPORTS_KEPT)
  logger.info({ path, rows, fileBytes }, 'exported before the upgrade')
}

/** Whether there is something to lose: a database in use that lacks a migration. */
async function isDue(ownerUrl: string): Promise<boolean> {
  const pool = new pg.Pool({ connectionString: ownerUrl, max: 1, connectionTimeoutMillis: 5_000 })
  // A restart of the database shows in the statement that fails; the pool's own event would end the process.
  pool.on('error', () => {})
  try {
    const { rows } = await pool.query<{ found: boolean }>(
      `select to_regclass('public.kysely_migration') is not null and to_regclass('public.installation') is not null as found`,
    )
    if (!rows[0]?.found) return false
    const { rows: marks } = await pool.query('select from installation')
    return marks.length > 0 && (await pendingMigrations(pool)).length > 0
  } finally {
    await pool.end()
  }
}

/** The lock ends with its connection, whatever becomes of us. */
async function inTurn(ownerUrl: string, work: () => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: 5_000 })
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query(`select pg_advisory_lock(hashtextextended('leadline upgrade', 0))`)
    await work()
  } finally {
    await client.end()
  }
}
