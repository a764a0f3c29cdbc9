import pg from 'pg'
import { messageOf } from '../../kernel/errors.ts'
import { ArchiveError } from './archive-error.ts'

const CONNECT_MS = 10_000

/** How values are written as text, whatever the server or the database would prefer. */
const TEXT_FORMS = [
  `set local client_encoding = 'UTF8'`,
  `set local datestyle = 'ISO, YMD'`,
  `set local intervalstyle = 'postgres'`,
  `set local timezone = 'UTC'`,
  `set local bytea_output = 'hex'`,
  `set local extra_float_digits = 1`,
  // A table of a million rows takes its time; how long nothing comes at all is watched by the one who waits.
  `set local statement_timeout = 0`,
  `set local idle_in_transaction_session_timeout = 0`,
].join('; ')

/** A connection of its own as the owner of the tables, in a transaction of this kind. End it with `leave`. */
export async function enterTransaction(ownerUrl: string, characteristics: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: ownerUrl,
    application_name: 'leadline archive',
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
  })
  // What breaks shows in the statement under way; without a listener it would end the process.
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query(`begin ${characteristics}; ${TEXT_FORMS}`)
    return client
  } catch (cause) {
    leave(client)
    throw databaseFailed(cause)
  }
}

/** Closes the socket at once: the server rolls back what was not committed. */
export function leave(client: pg.Client): void {
  const { stream } = (client as unknown as { connection: { stream: { destroy(): void } } }).connection
  stream.destroy()
}

export function databaseFailed(cause: unknown): ArchiveError {
  return new ArchiveError(
    'database',
    `The database failed: ${messageOf(cause) || String((cause as { code?: string }).code)}`,
    'Look at the database (leadline doctor), then try again.',
    cause,
  )
}
