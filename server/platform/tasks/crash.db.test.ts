import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../../test/harness/database.ts'
import { jobPrincipal } from '../../kernel/principal.ts'
import { cancelTask, createTaskRegistry, findTask, startTask } from './index.ts'
import { batchTask, EFFECT_TABLE, fixtureTasks, sagaTask } from './tasks.fixture.ts'

// kill -9 and SIGSTOP of workers between and within the steps of a task. Source: design/quality.md R1, R2.
// LEADLINE_TEST_CRASH_ROUNDS=50 for more.

const ROUNDS = Number(process.env.LEADLINE_TEST_CRASH_ROUNDS ?? 4)
const timings = { leaseMs: 700, heartbeatMs: 150, pollMs: 30, tickMs: 1_000, graceMs: 200 }
const dana = { ...jobPrincipal('x', 1, 'request-1'), kind: 'person' as const, id: 'dana', name: 'Dana' }
const { find } = createTaskRegistry(fixtureTasks)
let db: FreshDatabase
let workers: ChildProcess[] = []

beforeAll(async () => {
  db = await freshDatabase()
  await db.asOwner.query(EFFECT_TABLE)
})
afterAll(() => db.close())
afterEach(async () => {
  await Promise.all(workers.map(killed))
  workers = []
})

async function killed(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return
  const exit = once(worker, 'exit')
  worker.kill('SIGKILL')
  await exit
}

async function startWorker(): Promise<ChildProcess> {
  const arguments_ = [db.appUrl, JSON.stringify(timings)]
  const worker = fork(join(import.meta.dirname, 'crash.fixture.ts'), arguments_, { execArgv: [], silent: true })
  workers.push(worker)
  await once(worker, 'message')
  return worker
}

const state = async (taskId: string) => (await db.transact(dana, (tx) => findTask(tx, taskId)))?.state
const reaches = (taskId: string, wanted: string) => expect.poll(() => state(taskId), { interval: 30 }).toBe(wanted)
const effects = async (taskId: string) =>
  (await db.asOwner.query('select what, pid from effect where task = $1 order by n', [taskId])).rows as {
    what: string
    pid: number
  }[]
const whats = async (taskId: string) => (await effects(taskId)).map((row) => row.what)
const reached = (taskId: string, count: number) =>
  expect.poll(async () => (await effects(taskId)).length, { interval: 5 }).toBeGreaterThanOrEqual(count)

const all = ['a', 'b', 'c', 'd', 'e', 'f']
const done = all.map((name) => `do ${name}`)

describe('kill -9 of the worker', () => {
  it.for(Array.from({ length: ROUNDS }, (_, round) => round))(
    'at any point of a saga leaves it to the next one, which does every step once (round %i)',
    async () => {
      const { taskId } = await db.transact(dana, (tx) =>
        startTask(tx, sagaTask, { title: 'x', input: { pauseMs: 25 } }),
      )
      for (const after of [1, 3, 5]) {
        const worker = await startWorker()
        await reached(taskId, after)
        await sleep(Math.random() * 50)
        await killed(worker)
      }
      await startWorker()
      await reaches(taskId, 'succeeded')
      expect(await whats(taskId)).toEqual(done)
    },
  )

  it('while a saga is taken back leaves it wholly taken back', async () => {
    const input = { pauseMs: 25, failAt: 'e' }
    const { taskId } = await db.transact(dana, (tx) => startTask(tx, sagaTask, { title: 'x', input }))
    for (const after of [3, 6, 8]) {
      const worker = await startWorker()
      await reached(taskId, after)
      await sleep(Math.random() * 30)
      await killed(worker)
    }
    await startWorker()
    await reaches(taskId, 'failed')
    const five = all.slice(0, 5)
    expect(await whats(taskId)).toEqual([
      ...five.map((name) => `do ${name}`),
      ...five.reverse().map((name) => `undo ${name}`),
    ])
  })

  it('within batches loses no item and doubles none', async () => {
    const ids = Array.from({ length: 500 }, (_, n) => `item ${n + 1}`)
    const { taskId } = await db.transact(dana, (tx) =>
      startTask(tx, batchTask, { title: 'x', input: { pauseMs: 20 }, items: ids.map((objectId) => ({ objectId })) }),
    )
    for (const after of [50, 200, 350]) {
      const worker = await startWorker()
      await reached(taskId, after)
      await sleep(Math.random() * 40)
      await killed(worker)
    }
    await startWorker()
    await reaches(taskId, 'succeeded')
    expect(await whats(taskId)).toEqual(ids)
    expect(await db.transact(dana, (tx) => findTask(tx, taskId))).toMatchObject({ itemsSucceeded: 500 })
  })
})

describe('a step that takes each of its workers down', () => {
  /** One worker after the other, until the task is over. */
  async function wornOut(taskId: string): Promise<number> {
    for (let count = 1; ; count++) {
      const worker = await startWorker()
      const isOver = async () =>
        worker.signalCode !== null || !['queued', 'running'].includes(String(await state(taskId)))
      await expect.poll(isOver, { interval: 20 }).toBe(true)
      if (worker.signalCode === null) return count
    }
  }

  it('fails after five, and what was done before is taken back', async () => {
    const { taskId } = await db.transact(dana, (tx) => startTask(tx, sagaTask, { title: 'x', input: { dieAt: 'd' } }))
    expect(await wornOut(taskId)).toBe(6)
    await reaches(taskId, 'failed')
    expect(await whats(taskId)).toEqual(['do a', 'do b', 'do c', 'undo c', 'undo b', 'undo a'])
    expect(await db.transact(dana, (tx) => findTask(tx, taskId))).toMatchObject({ error: { code: 'worker-lost' } })
  })

  it('goes on as long as each gets further', async () => {
    const ids = Array.from({ length: 200 }, (_, n) => `item ${n + 1}`)
    const { taskId } = await db.transact(dana, (tx) =>
      startTask(tx, batchTask, { title: 'x', input: { dies: true }, items: ids.map((objectId) => ({ objectId })) }),
    )
    expect(await wornOut(taskId)).toBe(8)
    await reaches(taskId, 'succeeded')
    expect(await whats(taskId)).toEqual(ids)
  })
})

describe('a worker that was frozen', () => {
  it('for longer than its lease has no effect when it wakes up', async () => {
    const { taskId } = await db.transact(dana, (tx) => startTask(tx, sagaTask, { title: 'x', input: { pauseMs: 300 } }))
    const frozen = await startWorker()
    await reached(taskId, 2)
    frozen.kill('SIGSTOP')
    const other = await startWorker()
    await expect
      .poll(async () => (await effects(taskId)).some((row) => row.pid === other.pid), { interval: 20 })
      .toBe(true)
    frozen.kill('SIGCONT')
    await reaches(taskId, 'succeeded')
    await sleep(300)
    expect(await whats(taskId)).toEqual(done)
    const pids = (await effects(taskId)).map((row) => row.pid)
    expect(pids.slice(pids.indexOf(other.pid ?? 0)).every((pid) => pid === other.pid)).toBe(true)
  })
})

it('many tasks at once, two workers, one killed, some cancelled: each ends as a whole', async () => {
  const ids: string[] = []
  for (let n = 0; n < 40; n++) {
    const input = { pauseMs: 5, ...(n % 4 === 0 && { failAt: 'd' }) }
    ids.push((await db.transact(dana, (tx) => startTask(tx, sagaTask, { title: 'x', input }))).taskId)
  }
  const first = await startWorker()
  await startWorker()
  await sleep(300)
  for (const taskId of ids.slice(-6)) {
    // One that has just ended says so.
    await db
      .transact(dana, (tx) => cancelTask(tx, taskId, find))
      .catch((error) => expect(error.code).toBe('task-state'))
  }
  await killed(first)
  for (const taskId of ids) {
    await expect.poll(() => state(taskId), { interval: 50 }).toMatch(/^(succeeded|failed|cancelled)$/)
    const seen = await whats(taskId)
    if ((await state(taskId)) === 'succeeded') expect(seen).toEqual(done)
    else {
      const forth = seen.filter((what) => what.startsWith('do '))
      expect(seen.slice(forth.length)).toEqual(forth.map((what) => `un${what}`).reverse())
    }
  }
})
