import { chmodSync } from 'node:fs'
import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findPostgresPackage, majorOf } from './binaries.ts'
import { prepareCluster, writeClusterFiles } from './cluster.ts'
import { databaseUser } from './database-user.ts'
import { ensurePostmaster, stopPostmaster } from './postmaster.ts'
import { isProcessAlive } from './process-table.ts'
import { installRuntime } from './runtime.ts'
import { beginUse } from './server-use.ts'
import { makeSocketDirectory } from './socket-directory.ts'
import { type RunningPostgres, running } from './start-embedded-postgres.ts'

const PREFIX = 'leadline-postgres-'

/**
 * A server for tests in a folder of its own, which `stop` removes. It ends when this process ends in any way.
 * `binaries`: programs of an installed server (major 15 or newer); without it the one that comes from npm.
 * `durable: false` (the default) leaves out every wait for the disk.
 */
export async function startTemporaryPostgres({
  binaries,
  durable = false,
}: {
  binaries?: string
  durable?: boolean
} = {}): Promise<RunningPostgres> {
  await sweepAbandoned()
  const root = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`))
  chmodSync(root, 0o711)
  const user = databaseUser()
  const directory = join(root, 'postgres')
  try {
    const source = binaries ? null : findPostgresPackage()
    const programs = source ? await installRuntime(source, root) : (binaries ?? '')
    const major = source?.major ?? majorOf(programs)
    const cluster = { binaries: programs, major, directory, user, durable, logDirectory: null }
    await prepareCluster(cluster)
    const socketDirectory = await makeSocketDirectory(root, user)
    const outputFile = join(root, 'postgres.log')
    const launch = { binaries: programs, directory, socketDirectory, user, outputFile, dieWithParent: true }
    const postmaster = await ensurePostmaster(launch, () => writeClusterFiles(cluster))
    const use = await beginUse(socketDirectory)
    const handle = running(postmaster, directory, major, use)
    return {
      ...handle,
      stop: async () => {
        await stopPostmaster(postmaster, directory, 'immediate')
        await use.end()
        await rm(root, { recursive: true, force: true, maxRetries: 3 })
        return { stopped: true }
      },
    }
  } catch (error) {
    await rm(root, { recursive: true, force: true, maxRetries: 3 })
    throw error
  }
}

/** Folders of test runs that were killed: the server ended with them, the files stayed. */
async function sweepAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(/^leadline-postgres-(\d+)-/.exec(name)?.[1])
    if (!(pid > 0) || isProcessAlive(pid)) continue
    const path = join(tmpdir(), name)
    const stat = await lstat(path).catch(() => null)
    if (!stat?.isDirectory() || stat.uid !== process.getuid?.()) continue
    await rm(path, { recursive: true, force: true, maxRetries: 3 })
  }
}
