import { Readable } from 'node:stream'
import type pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import type { Principal } from '../../kernel/principal.ts'
import { connect, discard, doubt, limited } from './connect.ts'
import { CopyRows, copyRows } from './copy-rows.ts'
import { queryCopying } from './copying-query.ts'
import type { Database } from './database.ts'
import { isReadTimeout, toAppError } from './database-error.ts'
import { currentJoint } from './joint.ts'
import { abandon, beginStatements, connectionOf } from './transaction.ts'
import { unlessSilent } from './unless-silent.ts'

/** Values for a statement without bind parameters: the statement reads each as `setting('f1')` (see `settingOf`). */
export type Settings = Record<string, string>

/**
 * Read-only work in a principal's scope, on one snapshot. Statements have no bind parameters, so that the same text serves
 * a single round trip and COPY; what a caller sent goes in through settings, never as a part of a statement.
 * Source: design/stack.md 11, "Filters for COPY without string building".
 */
export type Reader = {
  /** Runs the statements in one read-only transaction and one round trip. Returns each one's rows. */
  read(principal: Principal, statements: string[], settings?: Settings): Promise<pg.QueryResultRow[][]>
  /**
   * The values of one query of a single text column as bytes, one after the other: as `stream` gives them, but for pages
   * that are small enough to be held. What is sent on as it is need not become a string on the way.
   */
  bytes(
    principal: Principal,
    statements: string[],
    query: string,
    settings?: Settings,
  ): Promise<{ results: pg.QueryResultRow[][]; bytes: Buffer }>
  /**
   * Streams the values of one query of a single text column by COPY, one after the other and without a separator; best with
   * values of some 50 KB, since each costs a message. The statements run first on the same snapshot. Destroying the stream
   * ends the connection (an aborted COPY leaves it unusable).
   */
  stream(
    principal: Principal,
    statements: string[],
    query: string,
    settings?: Settings,
  ): Promise<{ results: pg.QueryResultRow[][]; rows: Readable }>
}

/** SQL text that reads a setting given to `read` or `stream`; null when it was not given. */
export function settingOf(name: string): string {
  if (!/^[a-z0-9_]+$/.test(name)) throw new Error(`Not a setting name: ${name}`)
  return `(select nullif(current_setting('leadline.${name}', true), ''))`
}

export function createReader(database: Database): Reader {
  const { answerLimitMs } = database
  return {
    async read(principal, statements, settings) {
      const joint = currentJoint()
      if (joint) return joint.part(principal, (tx) => readWithin(connectionOf(tx), statements, settings))
      const client = await connect(database.pool)
      try {
        const results = await readAll(client, principal, statements, settings, { commit: true })
        client.release()
        return results
      } catch (error) {
        await abandon(database.pool, client, error)
        throw toAppError(error)
      }
    },

    async bytes(principal, statements, query, settings) {
      const client = await connect(database.pool)
      try {
        const rows = new CopyRows()
        const parts: Buffer[] = []
        const copying = { text: copyText(query), onChunk: (chunk: Buffer) => parts.push(...rows.take(chunk)) }
        const results = await readAll(client, principal, statements, settings, { commit: true, copying })
        rows.end()
        client.release()
        const [only = EMPTY, ...more] = parts
        return { results, bytes: more.length === 0 ? only : Buffer.concat(parts) }
      } catch (error) {
        await abandon(database.pool, client, error)
        throw toAppError(error)
      }
    },

    async stream(principal, statements, query, settings) {
      const client = await connect(database.streams)
      let results: pg.QueryResultRow[][]
      try {
        results = await readAll(client, principal, statements, settings, { commit: false, limitMs: answerLimitMs })
      } catch (error) {
        if (isReadTimeout(error)) doubt(database.streams)
        discard(client)
        throw toAppError(error)
      }
      const copy = client.query(copyTo(copyText(query)))
      try {
        const rows = releasing(unlessSilent(copyRows(copy), answerLimitMs), client, answerLimitMs)
        return { results, rows: await startedStream(rows) }
      } catch (error) {
        throw toAppError(error)
      }
    },
  }
}

function copyText(query: string): string {
  return `copy (${query}) to stdout with (format binary)`
}

type Ending = {
  commit: boolean
  /** For each round trip, where the pool has no limit of its own. */
  limitMs?: number
  copying?: { text: string; onChunk: (chunk: Buffer) => void }
}

async function readAll(
  client: pg.PoolClient,
  principal: Principal,
  statements: string[],
  settings: Settings | undefined,
  { commit, copying, limitMs = 0 }: Ending,
): Promise<pg.QueryResultRow[][]> {
  const before = [
    ...beginStatements(principal, 'isolation level repeatable read read only'),
    ...settingStatements(settings),
  ]
  const all = [...before, ...statements, ...(copying ? [copying.text] : []), ...(commit ? ['commit'] : [])]
  const results = copying
    ? await queryCopying(client, all.join('; '), copying.onChunk)
    : await queryAll(client, limited(all.join('; '), limitMs))
  return results.slice(before.length, before.length + statements.length).map((result) => result.rows)
}

/** The same within a transaction that is open: what was written in it is seen. */
async function readWithin(
  client: pg.PoolClient,
  statements: string[],
  settings: Settings | undefined,
): Promise<pg.QueryResultRow[][]> {
  if (statements.length === 0) return []
  const before = settingStatements(settings)
  const results = await queryAll(client, [...before, ...statements].join('; '))
  return results.slice(before.length).map((result) => result.rows)
}

async function queryAll(client: pg.PoolClient, query: string | pg.QueryConfig): Promise<pg.QueryResult[]> {
  const results = (await client.query(query)) as unknown as pg.QueryResult | pg.QueryResult[]
  return Array.isArray(results) ? results : [results]
}

/**
 * Sets what a caller sent. In the text of the statement, so that all goes in one round trip, but as hex digits: whatever
 * the value is, no letter of it can be read as a part of the statement.
 */
function settingStatements(settings: Settings = {}): string[] {
  const calls = Object.entries(settings).map(([name, value]) => {
    settingOf(name)
    return `set_config('leadline.${name}', convert_from(decode('${Buffer.from(value).toString('hex')}', 'hex'), 'UTF8'), true)`
  })
  return calls.length === 0 ? [] : [`select ${calls.join(', ')}`]
}

const CHUNK_BYTES = 64 * 1024
const EMPTY = Buffer.alloc(0)

/** Gives the connection back when the last row has gone out; one that is left in the middle of COPY is ended. */
async function* releasing(
  rows: AsyncIterable<Buffer>,
  client: pg.PoolClient,
  limitMs: number,
): AsyncGenerator<Buffer, void, void> {
  let finished = false
  try {
    yield* rows
    await client.query(limited('commit', limitMs))
    finished = true
  } finally {
    if (finished) client.release()
    else discard(client)
  }
}

/** Waits for the first piece, so that an error of the statement is thrown here and not in the middle of an answer. */
async function startedStream(rows: AsyncGenerator<Buffer, void, void>): Promise<Readable> {
  const first = await rows.next()
  async function* all(): AsyncGenerator<Buffer> {
    if (first.done) return
    try {
      yield first.value
      yield* rows
    } catch (error) {
      // What fails before the first byte has gone out is still told as what it is.
      throw toAppError(error)
    }
  }
  const stream = Readable.from(all(), { objectMode: false, highWaterMark: CHUNK_BYTES })
  // Also when nobody ever read: the generator has begun, so its `finally` gives the connection back.
  stream.once('close', () => void rows.return())
  return stream
}
