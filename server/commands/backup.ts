import { join } from 'node:path'
import pg from 'pg'
import { resolveDataDirectory } from '../data-directory.ts'
import {
  backupDirectory,
  exportFileName,
  exportToFile,
  listBackups,
  removeAbandoned,
  removeOlder,
} from '../export-files.ts'
import { readArguments } from './arguments.ts'
import { exportSettings, megabytes, record } from './export.ts'
import { type OpenInstallation, withInstallation } from './with-installation.ts'

export const summary = 'Export into the folder of backups and remove the oldest'

const USAGE = `Usage: leadline backup [--list]

${summary}: LEADLINE_BACKUP_DIR (backups in the data directory), of which the
newest LEADLINE_BACKUP_KEEP (7) stay. leadline start does it by itself every LEADLINE_BACKUP_EVERY_HOURS; where it is not
used, call this from cron or a systemd timer.

--list  says which backups there are

Exit codes: 0 done, 1 failed, 2 wrong arguments.`

export async function run(args: string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(USAGE)
    return 0
  }
  return withInstallation(USAGE, async (open) => {
    const { values } = readArguments(args, { list: { type: 'boolean' } }, 0)
    const { backups, dataDirectory } = open.config
    const directory = backupDirectory(backups.directory, resolveDataDirectory(dataDirectory))
    if (values.list) return list(open, directory)
    return await alone(open, () => backUp(open, directory))
  })
}

async function backUp(open: OpenInstallation, directory: string): Promise<number> {
  const { terminal, config } = open
  removeAbandoned(directory, new Date())
  const path = join(directory, exportFileName(new Date()))
  const written = await exportToFile(path, {
    ...exportSettings(open),
    onProgress: ({ table, bytes }) => terminal.progress('Backing up', `${megabytes(bytes)} MB, ${table}`),
  })
  await record(open, written, path)
  // Only now: what could not be written must not cost an older one.
  const removed = removeOlder(listBackups(directory), config.backups.keep)
  terminal.say(`${path}: ${written.rows} rows, ${megabytes(written.fileBytes)} MB.`)
  if (removed.length > 0) terminal.say(`Removed: ${removed.join(', ')}.`)
  return 0
}

function list({ terminal }: OpenInstallation, directory: string): number {
  const backups = listBackups(directory)
  if (backups.length === 0) terminal.say(`There are no backups in ${directory}.`)
  for (const { path, madeAt, bytes } of backups)
    terminal.say(`${madeAt.toISOString().slice(0, 19)}Z  ${megabytes(bytes).padStart(10)} MB  ${path}`)
  return 0
}

/** One at a time for a database: the schedule of one machine and the hand of a person may meet. */
async function alone(open: OpenInstallation, work: () => Promise<number>): Promise<number> {
  const client = new pg.Client({ connectionString: open.ownerUrl, connectionTimeoutMillis: 5_000 })
  client.on('error', () => {})
  await client.connect()
  try {
    const { rows } = await client.query<{ locked: boolean }>(
      `select pg_try_advisory_lock(hashtextextended('leadline backup', 0)) as locked`,
    )
    if (rows[0]?.locked) return await work()
    open.terminal.complain('Somebody else is making a backup of this database.', 'Wait for it.')
    return 1
  } finally {
    await client.end()
  }
}
