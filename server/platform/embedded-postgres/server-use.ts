import type pg from 'pg'
import { connectAsSuper } from './connection.ts'

// Any fixed number: "leadline" on a telephone's keys.
const LOCK_KEY = 53_235_463

/**
 * Counts who uses one server: each program that started or joined it holds a shared advisory lock for as long as it
 * lives. The server itself forgets a user that was killed, so no file can go stale.
 */
export type ServerUse = {
  /** True when we were the last user. Then no other can join before the server is gone, and the caller must stop it. */
  release(): Promise<boolean>
  /** Closes the connection, after the server has ended or was left. */
  end(): Promise<void>
}

/** Joins the users of the server. Fails when it is just being stopped by its last user: try again after that. */
export async function beginUse(socketDirectory: string): Promise<ServerUse> {
  const client = await connectAsSuper(socketDirectory)
  try {
    await client.query('set idle_session_timeout = 0')
    await client.query('select pg_advisory_lock_shared($1)', [LOCK_KEY])
  } catch (error) {
    await client.end().catch(() => {})
    throw error
  }
  let current = client
  return {
    release: async () => {
      try {
        await current.query('select pg_advisory_unlock_shared($1)', [LOCK_KEY])
        return await isLast(current)
      } catch {
        // The connection was lost (the server was restarted under us): ask on a new one.
        current = await connectAsSuper(socketDirectory)
        return isLast(current)
      }
    },
    end: () => current.end().catch(() => {}),
  }
}

/** Holds the exclusive lock from then on, if it could be had: no other program joins a server that is about to stop. */
async function isLast(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ last: boolean }>('select pg_try_advisory_lock($1) as last', [LOCK_KEY])
  return rows[0]?.last === true
}
