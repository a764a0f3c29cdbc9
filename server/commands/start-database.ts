import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Config } from '../config.ts'
import { messageOf } from '../kernel/errors.ts'
import {
  type PostgresLogger,
  type RunningPostgres,
  startEmbeddedPostgres,
} from '../platform/embedded-postgres/index.ts'
import type { Terminal } from './start-terminal.ts'

/** The database as the other processes need it. `ownerUrl` is `null` where DATABASE_URL is the only login. */
export type LaunchedDatabase = { appUrl: string; ownerUrl: string | null; words: string; stop(): Promise<void> }

export type DatabaseOptions = {
  config: Config
  dataDirectory: string
  terminal: Terminal
  logger: PostgresLogger
  signal: AbortSignal
}

/** A database that cannot be used: what it said, and what to do. */
export class DatabaseError extends Error {
  readonly remedy: string

  constructor(message: string, remedy: string, cause: unknown) {
    super(message, { cause })
    this.name = 'DatabaseError'
    this.remedy = remedy
  }
}

const SERVER_WAIT_SECONDS = 30
const RESTART_PAUSE_SECONDS_MAX = 30

/** Waits for the configured database, or starts (or joins) the built-in one and brings it back when it ends. */
export async function launchDatabase(options: DatabaseOptions): Promise<LaunchedDatabase> {
  const { url, ownerUrl } = options.config.database
  if (!url) return launchEmbedded(options)
  options.terminal.progress('Connecting to the database')
  for (const address of ownerUrl ? [url, ownerUrl] : [url]) await waitForServer(address.reveal(), options)
  return {
    appUrl: url.reveal(),
    ownerUrl: ownerUrl?.reveal() ?? null,
    words: 'database of DATABASE_URL',
    stop: async () => {},
  }
}

async function launchEmbedded(options: DatabaseOptions): Promise<LaunchedDatabase> {
  const { dataDirectory, terminal, logger } = options
  terminal.progress('Starting the database')
  let server = await startEmbeddedPostgres({ dataDirectory, logger })
  let stopping = false
  let returning: Promise<void> = Promise.resolve()
  const watch = (watched: RunningPostgres) => {
    void watched.exited.then(({ code, signal }) => {
      if (stopping) return
      logger.warn({ code, signal }, 'database ended')
      returning = bringBack(watched)
    })
  }
  const bringBack = async (ended: RunningPostgres) => {
    await ended.stop()
    for (let attempt = 0; !stopping; attempt += 1) {
      try {
        server = await startEmbeddedPostgres({ dataDirectory, logger })
        terminal.say('The database had ended and was started again.')
        watch(server)
        return
      } catch (error) {
        if (attempt === 0)
          terminal.complain(`The database ended and does not start: ${messageOf(error)}`, 'Trying again.')
        logger.warn({ err: error, attempt }, 'database does not start')
        await sleep(Math.min(RESTART_PAUSE_SECONDS_MAX, 2 ** attempt) * 1_000, undefined, { ref: false })
      }
    }
  }
  watch(server)
  return {
    ...{ appUrl: server.appUrl, ownerUrl: server.ownerUrl, words: `built-in PostgreSQL ${server.major}` },
    stop: async () => {
      stopping = true
      await returning
      await server.stop()
    },
  }
}

/** A server that is still starting (a whole machine booting) gets half a minute; a refusal that waiting cannot cure none. */
async function waitForServer(url: string, { terminal, signal }: DatabaseOptions): Promise<void> {
  const deadline = Date.now() + SERVER_WAIT_SECONDS * 1_000
  for (;;) {
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: 5_000,
      application_name: 'leadline launcher',
    })
    client.on('error', () => {})
    try {
      await client.connect()
      await client.end()
      return
    } catch (error) {
      await client.end().catch(() => {})
      const known = inWords(error)
      if (signal.aborted || !known.mayPass || Date.now() > deadline) throw known.error
      terminal.progress('Waiting for the database', known.error.message)
      await sleep(500, undefined, { signal }).catch(() => {})
    }
  }
}

const REFUSALS: Record<string, { problem: string; remedy: string; mayPass?: boolean }> = {
  '28P01': {
    problem: 'The database refuses the password of DATABASE_URL.',
    remedy: 'Put the right one into DATABASE_URL.',
  },
  '28000': {
    problem: 'The database refuses the login of DATABASE_URL.',
    remedy: "Check the login and the server's pg_hba.conf.",
  },
  '3D000': {
    problem: 'The database that DATABASE_URL names does not exist.',
    remedy: 'Create it: create database <name> owner <login>;',
  },
  '57P03': { problem: 'The database server is starting up.', remedy: 'Wait for it, then start again.', mayPass: true },
  '53300': {
    problem: 'The database server has no free connection.',
    remedy: 'Raise its max_connections, or end other clients.',
    mayPass: true,
  },
}

function inWords(error: unknown): { error: DatabaseError; mayPass: boolean } {
  const known = REFUSALS[(error as { code?: string }).code ?? '']
  if (known) return { error: new DatabaseError(known.problem, known.remedy, error), mayPass: known.mayPass === true }
  // A refused connection to a name with several addresses comes as a list of errors without a message of its own.
  const told = messageOf(error) || String((error as { code?: string }).code)
  const problem = `The database of DATABASE_URL cannot be reached: ${told}`
  return {
    error: new DatabaseError(
      problem,
      'Start it, or correct host and port in DATABASE_URL (or LEADLINE_DATABASE_OWNER_URL).',
      error,
    ),
    mayPass: true,
  }
}
