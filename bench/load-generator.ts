import { setTimeout as sleep } from 'node:timers/promises'
import { type Dispatcher, Pool } from 'undici'
import { answerQuestions } from './child.ts'

// The client of every HTTP figure, in a process of its own. Each answer is checked: status, length, and the JSON of the
// first one of each address; one wrong answer fails the figure.

/** One page, drained. `stopAfterMs` leaves in the middle; `bytesPerSecond` reads slowly. */
export type FetchQuestion = {
  kind: 'fetch'
  origin: string
  path: string
  headers: Record<string, string>
  /** So many at once. */
  copies: number
  bytesPerSecond?: number
  stopAfterMs?: number
  /** Records that the answer must hold when it is plain JSON and read to its end. */
  records?: number
}
export type FetchAnswer = { milliseconds: number; firstByteMs: number; bytes: number; etag: string | null }

/**
 * Closed loop: each client asks the next path as soon as it has its answer. With `perSecond` requests begin at their times
 * instead, whatever became of those before, and each is timed from when it was due.
 */
export type LoadQuestion = {
  kind: 'load'
  origin: string
  paths: string[]
  headers: Record<string, string>
  clients: number
  perSecond?: number
  durationMs: number
  expectStatus: number
  /** The answers change meanwhile, so they need not be as long as before. */
  changing?: boolean
}
export type LoadAnswer = { perSecond: number; count: number; p50Ms: number; p99Ms: number }

const pools = new Map<string, Pool>()
const lengths = new Map<string, number>()
const TIMEOUT_MS = 120_000

answerQuestions<FetchQuestion | LoadQuestion>((question) =>
  question.kind === 'fetch' ? fetchPages(question) : load(question),
)

function poolOf(origin: string): Pool {
  let pool = pools.get(origin)
  if (!pool) {
    pool = new Pool(origin, { connections: 32, headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS })
    pools.set(origin, pool)
  }
  return pool
}

async function fetchPages(question: FetchQuestion): Promise<FetchAnswer> {
  const started = performance.now()
  const all = await Promise.all(Array.from({ length: question.copies }, () => fetchPage(question, started)))
  return {
    milliseconds: performance.now() - started,
    firstByteMs: Math.max(...all.map((one) => one.firstByteMs)),
    bytes: all.reduce((sum, one) => sum + one.bytes, 0),
    etag: all[0]?.etag ?? null,
  }
}

async function fetchPage(question: FetchQuestion, started: number): Promise<Omit<FetchAnswer, 'milliseconds'>> {
  const { path, headers, bytesPerSecond, stopAfterMs, records } = question
  const answer = await poolOf(question.origin).request({ path, method: 'GET', headers })
  if (answer.statusCode !== 200) throw new Error(`${path} answered ${answer.statusCode}: ${await answer.body.text()}`)
  const etag = answer.headers.etag
  let firstByteMs = 0
  let bytes = 0
  const parts: Buffer[] | null = records !== undefined && !lengths.has(keyOf(question)) ? [] : null
  for await (const part of answer.body as AsyncIterable<Buffer>) {
    if (bytes === 0) firstByteMs = performance.now() - started
    bytes += part.length
    parts?.push(part)
    if (stopAfterMs !== undefined && performance.now() - started > stopAfterMs) {
      answer.body.destroy()
      return { firstByteMs, bytes, etag: null }
    }
    const aheadMs = bytesPerSecond === undefined ? 0 : (bytes / bytesPerSecond) * 1_000 - (performance.now() - started)
    if (aheadMs > 5) await sleep(aheadMs)
  }
  if (parts) checkRecords(path, Buffer.concat(parts), records ?? 0)
  checkLength(keyOf(question), bytes, answer.headers['content-encoding'] === undefined ? 0 : 0.01)
  return { firstByteMs, bytes, etag: typeof etag === 'string' ? etag : null }
}

function keyOf({ origin, path, headers }: FetchQuestion): string {
  return `${origin}${path} ${headers['accept-encoding'] ?? ''}`
}

async function load(question: LoadQuestion): Promise<LoadAnswer> {
  const started = performance.now()
  const times = await (question.perSecond === undefined ? inTurn(question) : atTheirTimes(question, question.perSecond))
  const seconds = (performance.now() - started) / 1_000
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.floor((times.length - 1) * share)] ?? Number.NaN
  return { perSecond: times.length / seconds, count: times.length, p50Ms: at(0.5), p99Ms: at(0.99) }
}

async function inTurn(question: LoadQuestion): Promise<number[]> {
  const { origin, paths, clients, durationMs } = question
  const pool = poolOf(origin)
  const times: number[] = []
  const until = performance.now() + durationMs
  let next = 0
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (performance.now() < until) {
        const begun = performance.now()
        await checkedRequest(pool, question, paths[next++ % paths.length] ?? '/')
        times.push(performance.now() - begun)
      }
    }),
  )
  return times
}

function atTheirTimes(question: LoadQuestion, perSecond: number): Promise<number[]> {
  const { origin, paths, durationMs } = question
  const pool = poolOf(origin)
  const started = performance.now()
  const count = Math.max(1, Math.round((durationMs / 1_000) * perSecond))
  return Promise.all(
    Array.from({ length: count }, async (_, number) => {
      const due = started + (number * 1_000) / perSecond
      await sleep(Math.max(0, due - performance.now()))
      await checkedRequest(pool, question, paths[number % paths.length] ?? '/')
      return performance.now() - due
    }),
  )
}

/** Without streams or promises per chunk: on two cores the generator must leave the server its share. */
function checkedRequest(
  pool: Pool,
  { origin, headers, expectStatus, changing }: LoadQuestion,
  path: string,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let status = 0
    let bytes = 0
    const parts: Buffer[] | null = changing || lengths.has(`${origin}${path}`) || expectStatus !== 200 ? null : []
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart() {},
      onResponseStart(_controller, statusCode) {
        status = statusCode
      },
      onResponseData(_controller, part) {
        bytes += part.length
        parts?.push(part)
      },
      onResponseEnd() {
        try {
          if (status !== expectStatus) throw new Error(`${path} answered ${status}, not ${expectStatus}`)
          if (parts) checkRecords(path, Buffer.concat(parts), null)
          if (!changing) checkLength(`${origin}${path}`, bytes)
          resolve()
        } catch (error) {
          reject(error)
        }
      },
      onResponseError(_controller, error) {
        reject(error)
      },
    }
    pool.dispatch({ path, method: 'GET', headers }, handler)
  })
}

function checkRecords(path: string, body: Buffer, records: number | null): void {
  const read: unknown = JSON.parse(body.toString())
  if (!Array.isArray(read)) throw new Error(`${path} answered no list`)
  if (records !== null && read.length !== records)
    throw new Error(`${path} answered ${read.length} records, not ${records}`)
}

/** `tolerance` as a share: what compressors make depends a little on how the bytes came. */
function checkLength(key: string, bytes: number, tolerance = 0): void {
  const known = lengths.get(key)
  if (known === undefined) lengths.set(key, bytes)
  else if (Math.abs(known - bytes) > known * tolerance)
    throw new Error(`${key} answered ${bytes} bytes, and ${known} before`)
}
