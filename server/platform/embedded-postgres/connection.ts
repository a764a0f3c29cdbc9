import pg from 'pg'
import { APP_ROLE, DATABASE_NAME, databaseGrants, OWNER_ROLE, SUPER_ROLE } from './cluster-settings.ts'

export type DatabaseUrls = { ownerUrl: string; appUrl: string; superUrl: string }

// Named in every address, or the driver would take PGPORT from the environment.
const PORT = 5432

/** Connection strings of one database of the server, one per role. The host is the folder of its socket. */
export function urlsFor(socketDirectory: string, database: string = DATABASE_NAME): DatabaseUrls {
  const url = (role: string) =>
    `postgres://${role}@/${encodeURIComponent(database)}?host=${encodeURIComponent(socketDirectory)}&port=${PORT}`
  return { ownerUrl: url(OWNER_ROLE), appUrl: url(APP_ROLE), superUrl: url(SUPER_ROLE) }
}

/** A superuser's connection for set-up work. The caller ends it. */
export async function connectAsSuper(socketDirectory: string, database = 'postgres'): Promise<pg.Client> {
  const client = new pg.Client({
    host: socketDirectory,
    port: PORT,
    user: SUPER_ROLE,
    database,
    ssl: false,
    application_name: 'leadline launcher',
    connectionTimeoutMillis: 5_000,
  })
  // A server that goes away ends the connection; whoever uses it sees the failing call, or asks `exited`.
  client.on('error', () => {})
  await client.connect()
  return client
}

/** Whether a server answers on this socket. */
export async function answersOn(socketDirectory: string): Promise<boolean> {
  try {
    const client = await connectAsSuper(socketDirectory)
    await client.end()
    return true
  } catch {
    return false
  }
}

/** A new database of the owner's, empty or a copy of `template` (which nobody may be connected to). */
export async function createDatabase(
  socketDirectory: string,
  name: string,
  { template = 'template1' }: { template?: string } = {},
): Promise<void> {
  await withSuper(socketDirectory, async (client) => {
    const quoted = pg.escapeIdentifier(name)
    await client.query(`create database ${quoted} owner ${OWNER_ROLE} template ${pg.escapeIdentifier(template)}`)
    for (const grant of databaseGrants(quoted)) await client.query(grant)
  })
}

/** Drops a database, ending its connections. No error when it does not exist. */
export async function dropDatabase(socketDirectory: string, name: string): Promise<void> {
  await withSuper(socketDirectory, (client) =>
    client.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`),
  )
}

async function withSuper(socketDirectory: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = await connectAsSuper(socketDirectory)
  try {
    await work(client)
  } finally {
    await client.end()
  }
}
