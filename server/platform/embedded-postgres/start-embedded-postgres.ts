import { readdir, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { findPostgresPackage } from './binaries.ts'
import { makeOwnedFolder, prepareCluster, writeClusterFiles } from './cluster.ts'
import { createDatabase, type DatabaseUrls, dropDatabase, urlsFor } from './connection.ts'
import { type DatabaseUser, databaseUser, firstImpassableFolder } from './database-user.ts'
import { explainFailure, PostgresError } from './postgres-error.ts'
import { ensurePostmaster, isPostmasterAlive, type Postmaster, type ServerExit, stopPostmaster } from './postmaster.ts'
import { installRuntime, removeOtherRuntimes } from './runtime.ts'
import { beginUse, type ServerUse } from './server-use.ts'
import { makeSocketDirectory } from './socket-directory.ts'

/** The part of a pino logger that the launcher needs. */
export type PostgresLogger = {
  info(details: object, message: string): void
  warn(details: object, message: string): void
}

/** A running server with its database `leadline`. */
export type RunningPostgres = DatabaseUrls & {
  socketDirectory: string
  pid: number
  major: number
  /** True when the server was already running: another instance's, or one that outlived its launcher. */
  adopted: boolean
  /** Settles when the server has ended, for whatever reason. Starting again is the caller's decision. */
  exited: Promise<ServerExit>
  /** Connection strings of another database of the same server. */
  urlsFor(database: string): DatabaseUrls
  createDatabase(name: string, options?: { template?: string }): Promise<void>
  dropDatabase(name: string): Promise<void>
  /** Leaves the server. It ends only when no other program uses it; `stopped` says which. `immediate` does not wait for a checkpoint. */
  stop(mode?: 'fast' | 'immediate'): Promise<{ stopped: boolean }>
}

export type EmbeddedPostgresOptions = {
  /** Existing folder that the database user can pass through; cluster, programs, socket and logs are made below it. */
  dataDirectory: string
  logger: PostgresLogger
  /** End the server when this process ends in any way. For tests: otherwise an orphan is adopted by the next start. */
  pdeathsig?: boolean
}

const LOG_FILES_MAX = 5

/**
 * Starts or joins the PostgreSQL of this data directory: durable, on a local socket, as an unprivileged user.
 * Safe to call from several programs at once. Throws `PostgresError` with words and remedy.
 * Source: stack.md 2.3 and 11; the design is in docs/decisions/.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<RunningPostgres> {
  try {
    return await start(options)
  } catch (error) {
    if (error instanceof PostgresError) throw error
    throw explainFailure(String(error), options.dataDirectory, error) ?? error
  }
}

async function start({ dataDirectory, logger, pdeathsig = false }: EmbeddedPostgresOptions): Promise<RunningPostgres> {
  const startedAt = Date.now()
  const root = await realpath(dataDirectory)
  const directory = join(root, 'postgres')
  const user = databaseUser(directory)
  refuseUnreachable(root, user)
  const source = findPostgresPackage()
  const binaries = await installRuntime(source, root)
  const logDirectory = join(root, 'logs/postgres')
  await makeOwnedFolder(logDirectory, user, 0o750)
  const cluster = { binaries, major: source.major, directory, user, durable: true, logDirectory }
  await prepareCluster(cluster)
  const socketDirectory = await makeSocketDirectory(root, user)
  const launch = {
    ...{ binaries, directory, socketDirectory, user },
    outputFile: join(root, 'logs/postgres-start.log'),
    dieWithParent: pdeathsig,
  }
  const { postmaster, use } = await joinServer(() =>
    ensurePostmaster(launch, async () => {
      await writeClusterFiles(cluster)
      await removeOtherRuntimes(binaries)
      await removeOldLogs(logDirectory)
    }),
  )
  const { pid, adopted } = postmaster
  logger.info(
    { postgresPid: pid, adopted, durationMs: Date.now() - startedAt },
    adopted ? 'database joined' : 'database started',
  )
  return running(postmaster, directory, source.major, use)
}

/** A server that is being stopped by its last user refuses us, or ends under our hands: the next round starts a new one. */
async function joinServer(ensure: () => Promise<Postmaster>): Promise<{ postmaster: Postmaster; use: ServerUse }> {
  for (let attempt = 1; ; attempt += 1) {
    const postmaster = await ensure()
    try {
      return { postmaster, use: await beginUse(postmaster.socketDirectory) }
    } catch (error) {
      if (attempt === 5) throw error
    }
  }
}

/** The handle on a server in use. */
export function running(postmaster: Postmaster, directory: string, major: number, use: ServerUse): RunningPostgres {
  const { socketDirectory } = postmaster
  return {
    ...urlsFor(socketDirectory),
    ...{ socketDirectory, major, pid: postmaster.pid, adopted: postmaster.adopted, exited: postmaster.exited },
    urlsFor: (database) => urlsFor(socketDirectory, database),
    createDatabase: (name, options) => createDatabase(socketDirectory, name, options),
    dropDatabase: (name) => dropDatabase(socketDirectory, name),
    stop: async (mode = 'fast') => {
      try {
        const alive = isPostmasterAlive(postmaster.pid, directory)
        if (alive && !(await use.release())) return { stopped: false }
        if (alive) await stopPostmaster(postmaster, directory, mode)
        return { stopped: true }
      } finally {
        await use.end()
      }
    },
  }
}

function refuseUnreachable(root: string, user: DatabaseUser): void {
  const folder = firstImpassableFolder(root, user)
  if (folder === null) return
  throw new PostgresError(
    'unreachable',
    `The database runs as user ${user.uid}, who may not pass through ${folder} on the way to ${root}.`,
    `Set LEADLINE_DATA_DIR to a folder that user can reach (such as one below /var/lib), or run: chmod o+x ${folder}`,
  )
}

/** The server opens a new log file every 10 MB; the newest few are kept. */
async function removeOldLogs(logDirectory: string): Promise<void> {
  const names = (await readdir(logDirectory)).filter((name) => /^postgres-.*\.log$/.test(name)).toSorted()
  for (const name of names.slice(0, -LOG_FILES_MAX)) await rm(join(logDirectory, name), { force: true })
}
