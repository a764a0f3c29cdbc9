import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { ask, eventually, type Reply } from '../harness/client.ts'
import { fairLimit } from '../harness/fair-limit.ts'
import { runNow, SYNC_LEADS, settled } from '../harness/runs.ts'
import { type ProxiedLeadline, startProxiedLeadline } from './proxied-leadline.ts'

// The database goes away in every way it can, and comes back: callers get a clear 503, connections do not leak, and
// nobody has to restart anything. Source: design/quality.md R5.

const LEADS = 1_500
const LIST = '/api/v2/oc/lead?PageSize=10'
/** Statement limit of the harness (2 s) and margin (2 s), with some more for a machine that has other things to do. */
const ANSWER_SECONDS = 10
/** Both pools, runner, listeners: of web and worker. */
const CONNECTIONS_MAX = 2 * (10 + 8) + 2 + 4

let leadline: ProxiedLeadline
beforeAll(async () => {
  leadline = await startProxiedLeadline(LEADS)
})
afterAll(() => leadline?.close())
afterEach(async () => {
  leadline.toDatabase.set('pass')
  await works()
})

const list = () => leadline.northwind.get(LIST)

function expectUnavailable({ status, headers, body }: Reply): void {
  expect([status, body.code], JSON.stringify(body)).toEqual([503, 'database-unavailable'])
  expect(headers.get('content-type')).toContain('application/problem+json')
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
}

/** Reading, writing and jobs are as before. */
async function works(): Promise<void> {
  await eventually(list, ({ status }) => status === 200, 30)
  const run = await runNow(leadline.northwind, SYNC_LEADS, 60)
  expect(run.state, JSON.stringify(run.error)).toBe('succeeded')
}

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; seconds: number }> {
  const startedAt = performance.now()
  const result = await work()
  return { result, seconds: (performance.now() - startedAt) / 1_000 }
}

describe('gone and back', () => {
  test.for(['reset', 'close'] as const)('after its connections ended by %s', async (how) => {
    leadline.toDatabase.set('refuse')
    leadline.toDatabase.dropAll(how)
    for (let i = 0; i < 3; i++) expectUnavailable(await list())
    expectUnavailable(await leadline.northwind.send('POST', `/api/v4/jobs/${SYNC_LEADS}/runs`))
    expect((await ask(`${leadline.baseUrl}/health/ready`)).status).toBe(503)
    expect((await ask(`${leadline.baseUrl}/health/live`)).status).toBe(200)
    leadline.toDatabase.set('pass')
    const { seconds } = await timed(() => eventually(list, ({ status }) => status === 200))
    expect(seconds).toBeLessThan(fairLimit(10))
  })

  test('in the middle of a run, which goes on by itself', async () => {
    await leadline.outside.control('POST', '/touch', { operator: 'northwind', percent: 50, seed: 1 })
    leadline.toDatabase.set('delay', { delayMs: 15 })
    const { body } = await leadline.northwind.send('POST', `/api/v4/jobs/${SYNC_LEADS}/runs`)
    await sleep(250)
    leadline.toDatabase.set('refuse')
    leadline.toDatabase.dropAll('reset')
    await sleep(1_500)
    leadline.toDatabase.set('pass')
    const { result, seconds } = await timed(() => settled(leadline.northwind, body.id, 60))
    expect(result.state).toBe('succeeded')
    expect(seconds).toBeLessThan(fairLimit(30))
  })
})

describe('half open', () => {
  test('a connection that a firewall forgot while it was idle costs a moment, and no request', async () => {
    await list()
    await sleep(2_500)
    // New connections get through, those of before are dead without a word.
    leadline.toDatabase.set('hole')
    leadline.toDatabase.set('pass')
    const { result, seconds } = await timed(list)
    expect(result.status).toBe(200)
    expect(seconds).toBeLessThan(fairLimit(ANSWER_SECONDS))
    const again = await timed(() => Promise.all(Array.from({ length: 10 }, list)))
    expect(again.result.map(({ status }) => status)).toEqual(Array(10).fill(200))
    expect(again.seconds).toBeLessThan(fairLimit(2))
  })

  test('one that falls silent in the middle of a statement ends in a clear error after the limit', async () => {
    await list()
    leadline.toDatabase.set('delay', { delayMs: 400 })
    const silent = timed(list)
    await sleep(150)
    leadline.toDatabase.set('hole')
    leadline.toDatabase.set('pass')
    const { result, seconds } = await silent
    expectUnavailable(result)
    expect(seconds).toBeLessThan(fairLimit(ANSWER_SECONDS))
    const { result: after, seconds: quick } = await timed(list)
    expect(after.status).toBe(200)
    expect(quick).toBeLessThan(fairLimit(5))
  })

  test('while nothing gets through, nobody waits for long, and everything returns', async () => {
    leadline.toDatabase.set('hole')
    const { result, seconds } = await timed(() => Promise.all(Array.from({ length: 30 }, list)))
    for (const reply of result) expectUnavailable(reply)
    expect(seconds).toBeLessThan(fairLimit(2 * ANSWER_SECONDS))
  })

  test('a large page that falls silent is cut, never a short one that looks whole', async () => {
    leadline.toDatabase.set('delay', { delayMs: 40 })
    const page = fetch(`${leadline.baseUrl}/api/v2/oc/lead?PageSize=20000`, {
      headers: { authorization: `Bearer ${leadline.northwind.token}`, 'accept-encoding': 'identity' },
      signal: AbortSignal.timeout(60_000),
    })
    const answer = await page
    leadline.toDatabase.set('hole')
    leadline.toDatabase.set('pass')
    const text = await answer.text().catch((error: Error) => error)
    if (typeof text === 'string') expect([answer.status, JSON.parse(text).length]).toEqual([200, LEADS])
    else expect(text).toBeInstanceOf(Error)
  })
})

test('connections do not leak', async () => {
  leadline.toDatabase.dropAll('reset')
  await works()
  await Promise.all(Array.from({ length: 60 }, list))
  const settledCount = await eventually(leadline.connections, (count) => count <= CONNECTIONS_MAX)
  expect(settledCount).toBeLessThanOrEqual(CONNECTIONS_MAX)
  const { totalCount, waitingCount } = leadline.context.database.pool
  expect(totalCount).toBeLessThanOrEqual(10)
  expect(waitingCount).toBe(0)
})
