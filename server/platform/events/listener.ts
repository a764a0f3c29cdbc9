import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { socketOf } from '../db/connect.ts'

export type ListenSettings = {
  /** How to connect; `pool.options` of an open pool will do. A connection of its own is made. */
  connection: pg.ClientConfig
  channels: string[]
  onMessage: (channel: string, payload: string) => void
  /** After each connect. Messages may have been missed before it: forget what was cached, look at what was queued. */
  onConnected?: () => void
  /** A connection that failed; it is made again by itself. */
  onError?: (error: Error) => void
  /** Between two checks that the connection still lives. Default 10,000. */
  checkIntervalMs?: number
}

export type Listener = {
  /** Whether messages are being heard at the moment. While false, trust no cache. */
  readonly connected: boolean
  close(): Promise<void>
}

const CHECK_TIMEOUT_MS = 5_000
const FIRST_PAUSE_MS = 200
const LONGEST_PAUSE_MS = 5_000

/**
 * Hears PostgreSQL notifications on a connection of its own, and connects again for as long as it is not closed.
 * Begins at once; `connected` tells when it is through.
 */
export function listen(settings: ListenSettings): Listener {
  const closing = new AbortController()
  const state = { connected: false }
  const done = keepListening(settings, state, closing.signal)
  return {
    get connected() {
      return state.connected
    },
    async close() {
      closing.abort()
      await done
    },
  }
}

async function keepListening(
  settings: ListenSettings,
  state: { connected: boolean },
  closed: AbortSignal,
): Promise<void> {
  let pauseMs = FIRST_PAUSE_MS
  while (!closed.aborted) {
    try {
      await listenOnce(settings, closed, () => {
        state.connected = true
        pauseMs = FIRST_PAUSE_MS
      })
    } catch (error) {
      settings.onError?.(error as Error)
    }
    state.connected = false
    await pause(pauseMs, closed)
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
  }
}

/** Until the connection breaks (rejects) or the listener is closed (resolves). */
async function listenOnce(settings: ListenSettings, closed: AbortSignal, onConnected: () => void): Promise<void> {
  const { connection, channels, onMessage, checkIntervalMs = 10_000 } = settings
  const client = new pg.Client({ ...connection, keepAlive: true, connectionTimeoutMillis: CHECK_TIMEOUT_MS })
  const broken = Promise.withResolvers<never>()
  // Looked at below; before that an early break must not be an unhandled rejection.
  broken.promise.catch(() => {})
  client.on('error', broken.reject)
  client.on('end', () => broken.reject(new Error('The connection for notifications has ended.')))
  client.on('notification', ({ channel, payload = '' }) => {
    if (!closed.aborted) onMessage(channel, payload)
  })
  try {
    await client.connect()
    for (const channel of channels) await client.query(`listen ${client.escapeIdentifier(channel)}`)
    onConnected()
    settings.onConnected?.()
    while (!closed.aborted) {
      await Promise.race([pause(checkIntervalMs, closed), broken.promise])
      if (closed.aborted) return
      // A peer that vanished without a word is noticed only by asking.
      await Promise.race([client.query('select 1'), timeOut(CHECK_TIMEOUT_MS), broken.promise])
    }
  } finally {
    client.removeAllListeners('notification')
    await Promise.race([client.end(), pause(1_000)]).catch(() => {})
    // A farewell to one that vanished has no answer, and the socket would stay.
    socketOf(client).destroy()
  }
}

async function timeOut(milliseconds: number): Promise<never> {
  await sleep(milliseconds, undefined, { ref: false })
  throw new Error('The connection for notifications does not answer.')
}

/** Shorter when the signal is aborted. */
async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, signal && { signal }).catch(() => {})
}
