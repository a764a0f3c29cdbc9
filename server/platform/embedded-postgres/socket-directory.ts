import { createHash } from 'node:crypto'
import { lstat, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeOwnedFolder } from './cluster.ts'
import type { DatabaseUser } from './database-user.ts'
import { PostgresError } from './postgres-error.ts'

// The kernel's limit for the path of a socket, without the closing zero; the name is `.s.PGSQL.5432`.
const SOCKET_PATH_BYTES_MAX = 107
const SOCKET_NAME_BYTES = '/.s.PGSQL.5432'.length

/** Makes the folder of the server's socket: in the data directory where the path is short enough, else in a run directory. */
export async function makeSocketDirectory(dataDirectory: string, user: DatabaseUser): Promise<string> {
  const inside = join(dataDirectory, 'run')
  const path = fits(inside) ? inside : fallbackDirectory(dataDirectory, user)
  await mkdir(path, { recursive: true, mode: 0o700 })
  const stat = await lstat(path)
  // In a shared folder such as the temporary one, somebody else may have made it first.
  const trusted = stat.isDirectory() && [process.getuid?.(), user.uid].includes(stat.uid)
  if (!trusted || !fits(path))
    throw new PostgresError(
      'not-writable',
      `${path} cannot hold the database's socket: it belongs to somebody else, or its path is too long.`,
      'Set LEADLINE_DATA_DIR to a folder with a shorter path.',
    )
  await makeOwnedFolder(path, user, 0o700)
  return path
}

function fits(directory: string): boolean {
  return Buffer.byteLength(directory) + SOCKET_NAME_BYTES <= SOCKET_PATH_BYTES_MAX
}

function fallbackDirectory(dataDirectory: string, user: DatabaseUser): string {
  const name = `leadline-${createHash('sha256').update(dataDirectory).digest('hex').slice(0, 12)}`
  if (user.dropped) return join('/run', name)
  const runtime = process.env.XDG_RUNTIME_DIR
  return runtime ? join(runtime, name) : join(tmpdir(), name)
}
