import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../harness/client.ts'
import { type ProxiedLeadline, startProxiedLeadline } from './proxied-leadline.ts'

// Readers that are slow or go away keep nothing that others need. Source: design/quality.md R5.

const LEADS = 9_000
const STREAMS = 2
const PAGE = '/api/v2/oc/lead?PageSize=20000'
const EXPORT = '/api/v4/leads.csv'

let leadline: ProxiedLeadline
beforeAll(async () => {
  leadline = await startProxiedLeadline(LEADS, { LEADLINE_DATABASE_STREAM_POOL_SIZE: String(STREAMS) })
})
afterAll(() => leadline?.close())

/** Asks, reads the first bytes of the answer, and no more until `finish` or `abort`. */
async function slowReader(path: string) {
  const headers = { authorization: `Bearer ${leadline.northwind.token}`, 'accept-encoding': 'identity' }
  const asked = request(`${leadline.baseUrl}${path}`, { headers, agent: false })
  asked.on('error', () => {})
  asked.end()
  const answer = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    asked.once('response', resolve).once('error', reject)
  })
  answer.on('error', () => {})
  answer.pause()
  return {
    status: answer.statusCode,
    abort: () => asked.destroy(),
    async finish(): Promise<number> {
      let bytes = 0
      for await (const chunk of answer) bytes += chunk.length
      return bytes
    },
  }
}

/** COPYs the database has under way for us. */
async function streaming(): Promise<number> {
  const { rows } = await leadline.db.asOwner.query(
    `select count(*)::int from pg_stat_activity
     where datname = current_database() and application_name like '%streams' and state <> 'idle'`,
  )
  return rows[0].count
}

test('slow readers wait for themselves alone: small pages go on, and a further large one is told when to come back', async () => {
  const slow = await Promise.all(Array.from({ length: STREAMS }, () => slowReader(PAGE)))
  expect(slow.map(({ status }) => status)).toEqual(Array(STREAMS).fill(200))
  const small = await Promise.all(
    Array.from({ length: 20 }, () => leadline.northwind.get('/api/v2/oc/lead?PageSize=10')),
  )
  expect(new Set(small.map(({ status }) => status))).toEqual(new Set([200]))
  const { status, body, headers } = await leadline.northwind.get(PAGE)
  expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'database-unavailable', '5'])
  // Slower than the limit for statements, which does not count for readers.
  await sleep(3_000)
  const sizes = await Promise.all(slow.map((reader) => reader.finish()))
  expect(new Set(sizes).size).toBe(1)
  expect(sizes[0]).toBeGreaterThan(LEADS * 500)
  expect(await eventually(streaming, (count) => count === 0)).toBe(0)
})

test.for([PAGE, EXPORT])('clients that go away in the middle of %s leave nothing behind', async (path) => {
  for (let round = 0; round < 6; round++) {
    const readers = await Promise.all(Array.from({ length: STREAMS }, () => slowReader(path)))
    expect(readers.map(({ status }) => status)).toEqual(Array(STREAMS).fill(200))
    for (const { abort } of readers) abort()
    await eventually(streaming, (count) => count === 0)
  }
  const { pool, streams } = leadline.context.database
  expect([pool.waitingCount, streams.waitingCount]).toEqual([0, 0])
  expect(streams.totalCount).toBeLessThanOrEqual(STREAMS)
  const { status, text } = await leadline.northwind.get(path)
  expect(status).toBe(200)
  expect(text.length).toBeGreaterThan(LEADS * 50)
})

test('an export whose database goes away is a cut transfer, never a short file that looks whole', async () => {
  const whole = (await leadline.northwind.get(EXPORT)).text
  for (const delayMs of [0, 2, 5]) {
    const reader = await slowReader(EXPORT)
    await sleep(delayMs)
    leadline.toDatabase.dropAll('reset')
    const outcome = await reader.finish().catch((error: Error) => error)
    // What was in buffers already may have been all of it.
    if (typeof outcome === 'number') expect(outcome).toBe(Buffer.byteLength(whole) + 3)
    else expect(outcome).toBeInstanceOf(Error)
    await eventually(
      () => leadline.northwind.get('/api/v2/oc/lead?PageSize=10'),
      ({ status }) => status === 200,
    )
  }
})
