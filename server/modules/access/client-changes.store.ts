import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { socketOf } from '../../platform/db/connect.ts'

/** Word from the database that an API client changed, on whichever instance. */
export type ClientChanges = {
  /** Whether changes are being heard right now; while not, nothing may be remembered. */
  isLive(): boolean
  close(): Promise<void>
}

export type ClientChangesOptions = {
  databaseUrl: string
  channel: string
  /** With an id: that client changed. With null: changes may have been missed, or will be from now on. */
  onChange: (clientId: string | null) => void
  onError: (error: Error) => void
}

const HEARTBEAT_MILLISECONDS = 5_000
const STATEMENT_TIMEOUT_MILLISECONDS = 3_000
const RETRY_MILLISECONDS = 1_000
const FAREWELL_MILLISECONDS = 1_000

/**
 * Listens on a connection of its own and connects again for as long as it takes. A heartbeat finds a connection that died
 * without a word within 8 seconds.
 */
export function listenForClientChanges({
  databaseUrl,
  channel,
  onChange,
  onError,
}: ClientChangesOptions): ClientChanges {
  let client: pg.Client | undefined
  let timer: NodeJS.Timeout | undefined
  let live = false
  let closed = false

  async function connect(): Promise<void> {
    const next = new pg.Client({
      connectionString: databaseUrl,
      application_name: 'leadline client changes',
      connectionTimeoutMillis: 5_000,
      query_timeout: STATEMENT_TIMEOUT_MILLISECONDS,
      keepAlive: true,
    })
    client = next
    next.on('error', (error) => lose(next, error))
    next.on('end', () => lose(next, new Error('The connection ended.')))
    next.on('notification', ({ payload }) => onChange(payload ?? null))
    try {
      await next.connect()
      await next.query(`listen ${next.escapeIdentifier(channel)}`)
    } catch (error) {
      lose(next, error as Error)
      return
    }
    if (closed || client !== next) return
    onChange(null)
    live = true
    beat(next)
  }

  function beat(current: pg.Client): void {
    timer = setTimeout(async () => {
      try {
        await current.query('select 1')
        if (client === current && !closed) beat(current)
      } catch (error) {
        lose(current, error as Error)
      }
    }, HEARTBEAT_MILLISECONDS)
    timer.unref()
  }

  function lose(lost: pg.Client, error: Error): void {
    if (client !== lost || closed) return
    client = undefined
    live = false
    clearTimeout(timer)
    onChange(null)
    onError(error)
    socketOf(lost).destroy()
    timer = setTimeout(() => void connect(), RETRY_MILLISECONDS)
    timer.unref()
  }

  void connect()
  return {
    isLive: () => live,
    close: async () => {
      closed = true
      live = false
      clearTimeout(timer)
      const last = client
      client = undefined
      if (!last) return
      await Promise.race([last.end(), sleep(FAREWELL_MILLISECONDS, undefined, { ref: false })])
      socketOf(last).destroy()
    },
  }
}
