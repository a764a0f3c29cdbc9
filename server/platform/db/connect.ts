import type pg from 'pg'
import { databaseUnavailable } from './database-error.ts'

/** A connection that was not used for so long is asked whether it still lives before it is used. */
const UNHEARD_MS = 2_000
/** The whole of the question and its answer. */
const ANSWER_MS = 3_000

/** When each connection was last known to live, and since when those of a pool are not to be believed. */
const heardAt = new WeakMap<pg.PoolClient, number>()
const doubtedSince = new WeakMap<pg.Pool, number>()

/** Notes when the pool's connections were last of use; called once for each pool. */
export function watchConnections(pool: pg.Pool): void {
  pool.on('connect', (client) => heardAt.set(client, performance.now()))
  pool.on('release', (_error: Error, client: pg.PoolClient) => heardAt.set(client, performance.now()))
}

/**
 * Takes a connection that answers. One that was silent for a while may be half open: the other side, or a firewall on the
 * way, has forgotten it without a word, and a statement would wait for its whole time limit. So it is asked first; the
 * first that fails takes all others of its time with it. Throws `database-unavailable`.
 */
export async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  for (;;) {
    let client: pg.PoolClient
    try {
      client = await pool.connect()
    } catch (cause) {
      throw databaseUnavailable(cause)
    }
    const heard = heardAt.get(client) ?? 0
    if (heard > (doubtedSince.get(pool) ?? 0)) {
      if (performance.now() - heard < UNHEARD_MS || (await answers(client))) return client
      doubt(pool)
    }
    discard(client)
  }
}

/** A statement got no answer in its time: the pool's other connections lead the same way. */
export function doubt(pool: pg.Pool): void {
  doubtedSince.set(pool, performance.now())
}

/**
 * Ends a connection that nothing more can be asked on. Its socket is closed at once: a farewell would wait for an answer
 * that may never come, and keep the place in the pool.
 */
export function discard(client: pg.PoolClient): void {
  socketOf(client).destroy()
  client.release(true)
}

export function socketOf(client: pg.ClientBase): { destroy(): void } {
  return (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream
}

/** The driver knows a limit for one query; its typings do not. */
export function limited(text: string, milliseconds: number): pg.QueryConfig {
  return { text, query_timeout: milliseconds } as pg.QueryConfig
}

async function answers(client: pg.PoolClient): Promise<boolean> {
  try {
    await client.query(limited('select', ANSWER_MS))
    return true
  } catch {
    // Why it fails is of no interest: the next connection says so where it matters.
    return false
  }
}
