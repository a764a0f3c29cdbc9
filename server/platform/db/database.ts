import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { socketOf, watchConnections } from './connect.ts'

export type DatabaseSettings = {
  /** Connection string of the application's login; `postgres://role@/name?host=<socket directory>` for the embedded one. */
  url: string
  /** Connections for ordinary transactions, per process. */
  poolSize: number
  /** Connections for streamed pages: kept apart, since a slow reader holds one for as long as it reads. */
  streamPoolSize: number
  applicationName: string
  /** The database stops a statement after this; default 60 s. Streams have no such limit: see `Reader.stream`. */
  statementTimeoutMs?: number
  onError: (error: Error) => void
}

/** The connections of one process. `pool` for transactions, `streams` for COPY and cursors. */
export type Database = {
  pool: pg.Pool
  streams: pg.Pool
  /** The other side counts as gone when it has not answered for this long. */
  answerLimitMs: number
  /** Waits for transactions under way; connections that do not end within 3 s are cut. */
  close(): Promise<void>
}

const STATEMENT_TIMEOUT_MS = 60_000
/** For the database to say that it has stopped a statement. */
const ANSWER_MARGIN_MS = 2_000
/** Of a process that froze in the middle of a transaction; its locks would hold up all others. */
const IDLE_TRANSACTION_MS = 60_000
const FAREWELL_MS = 3_000

/**
 * How the server finds out that we are gone, when no farewell came: after about 25 s, where its own setting is two hours.
 * Our own side is `keepAlive` with ten probes a second apart. Neither means anything on a local socket.
 */
const SERVER_KEEPALIVE = [
  ...['-c tcp_keepalives_idle=10', '-c tcp_keepalives_interval=5', '-c tcp_keepalives_count=3'],
  '-c tcp_user_timeout=25000',
].join(' ')
const KEEPALIVE_DELAY_MS = 10_000

// int8 is only used for counters and positions here, all far below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

/** Opens the pools lazily: a database that is down shows at the first transaction, as `database-unavailable`. */
export function openDatabase(settings: DatabaseSettings): Database {
  const { statementTimeoutMs = STATEMENT_TIMEOUT_MS } = settings
  const answerLimitMs = statementTimeoutMs + ANSWER_MARGIN_MS
  const limits = { statement_timeout: statementTimeoutMs, query_timeout: answerLimitMs }
  const work = openPool(settings, { ...limits, max: settings.poolSize }, 'work')
  const streams = openPool(settings, { max: settings.streamPoolSize }, 'streams')
  return {
    pool: work.pool,
    streams: streams.pool,
    answerLimitMs,
    close: async () => {
      await Promise.all([work.close(), streams.close()])
    },
  }
}

function openPool(settings: DatabaseSettings, limits: pg.PoolConfig, name: string) {
  const pool = new pg.Pool({
    connectionString: settings.url,
    application_name: `${settings.applicationName} ${name}`,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEPALIVE_DELAY_MS,
    idle_in_transaction_session_timeout: IDLE_TRANSACTION_MS,
    options: SERVER_KEEPALIVE,
    ...limits,
  })
  const open = new Set<pg.PoolClient>()
  watchConnections(pool)
  // An idle connection that breaks (database restarted) is replaced by the pool; without a listener it would end the process.
  pool.on('error', settings.onError)
  pool.on('connect', (client) => {
    open.add(client)
    // The same for a connection in use: the statement that was under way fails by itself, and tells its caller.
    client.on('error', settings.onError)
  })
  pool.on('remove', (client) => open.delete(client))
  return {
    pool,
    close: async () => {
      const ended = pool.end()
      const late = await Promise.race([ended.then(() => false), sleep(FAREWELL_MS, true, { ref: false })])
      if (late) for (const client of open) socketOf(client).destroy()
      await ended
    },
  }
}
