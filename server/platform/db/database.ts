import pg from 'pg'

export type DatabaseSettings = {
  /** Connection string of the application's login; `postgres://role@/name?host=<socket directory>` for the embedded one. */
  url: string
  /** Connections for ordinary transactions, per process. */
  poolSize: number
  /** Connections for streamed pages: kept apart, since a slow reader holds one for as long as it reads. */
  streamPoolSize: number
  applicationName: string
  onError: (error: Error) => void
}

/** The connections of one process. `pool` for transactions, `streams` for COPY and cursors. */
export type Database = { pool: pg.Pool; streams: pg.Pool; close(): Promise<void> }

// int8 is only used for counters and positions here, all far below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

/** Opens the pools lazily: a database that is down shows at the first transaction, as `database-unavailable`. */
export function openDatabase(settings: DatabaseSettings): Database {
  const open = (max: number, name: string) => {
    const pool = new pg.Pool({
      connectionString: settings.url,
      max,
      application_name: `${settings.applicationName} ${name}`,
      connectionTimeoutMillis: 5_000,
      idleTimeoutMillis: 30_000,
      keepAlive: true,
    })
    // An idle connection that breaks (database restarted) is replaced by the pool; without a listener it would end the process.
    pool.on('error', settings.onError)
    // The same for a connection in use: the statement that was under way fails by itself, and tells its caller.
    pool.on('connect', (client) => client.on('error', settings.onError))
    return pool
  }
  const pool = open(settings.poolSize, 'work')
  const streams = open(settings.streamPoolSize, 'streams')
  return {
    pool,
    streams,
    close: async () => {
      await Promise.all([pool.end(), streams.end()])
    },
  }
}
