import { randomBytes } from 'node:crypto'
import { chmod, chown, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { BOOTSTRAP_SQL, CLUSTER_ACCESS, clusterSettings, SUPER_ROLE } from './cluster-settings.ts'
import type { DatabaseUser } from './database-user.ts'
import { explainFailure, PostgresError } from './postgres-error.ts'
import { isProcessAlive } from './process-table.ts'
import { runProgram } from './run-program.ts'

export type ClusterOptions = {
  binaries: string
  major: number
  directory: string
  user: DatabaseUser
  durable: boolean
  logDirectory: string | null
}

/**
 * Makes the cluster with its roles and database when there is none, and refuses one this version cannot read. It is
 * made aside and renamed into place, so a cluster that exists is complete: one interrupted at any point is made anew.
 */
export async function prepareCluster(options: ClusterOptions): Promise<void> {
  const version = await readFile(join(options.directory, 'PG_VERSION'), 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return null
    throw explainFailure(String(error), options.directory, error) ?? error
  })
  if (version === null) await createCluster(options)
  else refuseOtherMajor(version.trim(), options)
}

/** Writes the configuration; only while no server runs on the cluster. */
export async function writeClusterFiles(options: ClusterOptions): Promise<void> {
  await replaceFile(join(options.directory, 'postgresql.conf'), clusterSettings(options), options.user)
  await replaceFile(join(options.directory, 'pg_hba.conf'), CLUSTER_ACCESS, options.user)
}

function refuseOtherMajor(version: string, { major, directory }: ClusterOptions): void {
  if (Number(version) === major) return
  throw new PostgresError(
    'other-major',
    `The database in ${directory} was written by PostgreSQL ${version}; this version of Leadline brings ${major}.`,
    `Start the version of Leadline that wrote it, make an export there, and import it into a new data directory.`,
  )
}

async function createCluster(options: ClusterOptions): Promise<void> {
  const { directory, user } = options
  await sweepUnfinished(directory)
  const staging = `${directory}.new-${process.pid}-${randomBytes(4).toString('hex')}`
  try {
    await makeOwnedFolder(staging, user, 0o700)
    await initialise({ ...options, directory: staging })
    await rename(staging, directory)
    await syncFolder(dirname(directory))
  } catch (error) {
    await rm(staging, { recursive: true, force: true, maxRetries: 3 })
    // ENOTEMPTY, EEXIST: another instance has made the cluster meanwhile, and a cluster in place is complete.
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return
    throw error instanceof PostgresError ? error : (explainFailure(String(error), dirname(directory), error) ?? error)
  }
}

async function initialise(options: ClusterOptions): Promise<void> {
  const { binaries, directory, user, durable, major } = options
  // The built-in provider sorts alike on every machine; before 17 the C library's C.UTF-8 is the nearest.
  const locale = major >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : ['--lc-ctype=C.UTF-8']
  const programs: { program: string[]; input?: string }[] = [
    {
      program: [
        ...[join(binaries, 'initdb'), '-D', directory, '-U', SUPER_ROLE, '-E', 'UTF8', '--locale=C', ...locale],
        ...['--auth-local=trust', '--auth-host=reject', ...(durable ? [] : ['--no-sync'])],
      ],
    },
    {
      program: [join(binaries, 'postgres'), '--single', '-D', directory, ...(durable ? [] : ['-F']), 'postgres'],
      input: BOOTSTRAP_SQL,
    },
  ]
  for (const { program, input = '' } of programs) {
    const { code, signal, output } = await runProgram(program, user, { input, timeoutSeconds: 120 })
    // In single-user mode a failed statement is only a line of output.
    if (code === 0 && !/\b(ERROR|FATAL|PANIC):/.test(output)) continue
    const name = basename(program[0] ?? '')
    throw (
      explainFailure(output, directory) ??
      new PostgresError(
        'start-failed',
        `The database could not be made (${name} ended with ${signal ?? code}):\n${output.trim()}`,
        'The lines above say why. Nothing was left behind: the next start tries again.',
      )
    )
  }
  await writeClusterFiles(options)
}

/** Leftovers of starts that were killed; one of a start that still runs is left alone. */
async function sweepUnfinished(directory: string): Promise<void> {
  const parent = dirname(directory)
  for (const name of await readdir(parent)) {
    if (!name.startsWith(`${basename(directory)}.new-`)) continue
    const pid = Number(name.slice(basename(directory).length + 5).split('-')[0])
    if (!isProcessAlive(pid)) await rm(join(parent, name), { recursive: true, force: true, maxRetries: 3 })
  }
}

/** Makes a folder for the database user with exactly this mode, or takes an existing one. */
export async function makeOwnedFolder(path: string, user: DatabaseUser, mode: number): Promise<void> {
  await mkdir(path, { recursive: true })
  if (user.dropped) await chown(path, user.uid, user.gid)
  await chmod(path, mode)
}

// By rename, so that neither a crash nor a link planted in the folder can spoil it.
async function replaceFile(path: string, text: string, user: DatabaseUser): Promise<void> {
  const staging = `${path}.${randomBytes(6).toString('hex')}.new`
  const file = await open(staging, 'wx', 0o600)
  try {
    await file.writeFile(text)
    if (user.dropped) await file.chown(user.uid, user.gid)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(staging, path)
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path)
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
