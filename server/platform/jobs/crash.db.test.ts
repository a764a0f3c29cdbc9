import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../../test/harness/database.ts'
import { fairLimit } from '../../../test/harness/fair-limit.ts'
import { jobPrincipal } from '../../kernel/principal.ts'
import { createJobRegistry, defineJob } from './index.ts'

const STEPS = 150
const timings = { leaseMs: 700, heartbeatMs: 150, pollMs: 30, tickMs: 1_000, graceMs: 200 }
let db: FreshDatabase
let workers: ChildProcess[] = []
let operatorId = 0

beforeAll(async () => {
  db = await freshDatabase()
  // No unique key: a step written twice must show, not fail.
  await db.asOwner.query(
    `create table step (n bigint generated always as identity, operator_id integer, step integer, pid integer, attempt integer);
     grant all on step to leadline_app`,
  )
})
afterAll(async () => {
  await db.close()
})
beforeEach(() => {
  operatorId += 1
})
afterEach(async () => {
  await Promise.all(
    workers.map(async (worker) => {
      if (worker.exitCode !== null || worker.signalCode !== null) return
      const exit = once(worker, 'exit')
      worker.kill('SIGKILL')
      await exit
    }),
  )
  workers = []
})

async function startWorker(own: Partial<typeof timings> = {}): Promise<ChildProcess> {
  const worker = fork(
    join(import.meta.dirname, 'crash.fixture.ts'),
    [db.appUrl, String(STEPS), JSON.stringify({ ...timings, ...own })],
    {
      execArgv: [],
      silent: true,
    },
  )
  workers.push(worker)
  await once(worker, 'message')
  return worker
}

async function requestRun(): Promise<void> {
  const job = defineJob({
    name: 'test.steps-job',
    summary: 'x',
    scope: 'each-operator',
    timeoutSeconds: 1,
    run: async () => {},
  })
  const registry = createJobRegistry({ transact: db.transact, jobs: [job], config: {} })
  const principal = jobPrincipal('test', operatorId, 'x')
  await registry.requestRun(principal, { job: job.name, operatorId, trigger: 'cli' })
}

const rows = async () =>
  (await db.asOwner.query('select step, pid, attempt from step where operator_id = $1 order by n', [operatorId]))
    .rows as {
    step: number
    pid: number
    attempt: number
  }[]
const run = async () =>
  (await db.asOwner.query('select state, attempts, failures from job_run where operator_id = $1', [operatorId])).rows[0]
const reached = (count: number) =>
  expect.poll(async () => (await rows()).length, { interval: 10 }).toBeGreaterThanOrEqual(count)
const finished = () => expect.poll(async () => (await run()).state, { interval: 30 }).toBe('succeeded')
const isBetweenRenewalAndCommit = async () =>
  (
    await db.asOwner.query(
      `select from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'
       and (query like '%update job_lease l set expires_at%' or query like '%cancelled_by%')`,
    )
  ).rowCount === 1
const everyStepOnce = async () =>
  expect((await rows()).map((row) => row.step)).toEqual(Array.from({ length: STEPS }, (_, n) => n + 1))

describe('workers as processes', () => {
  it('killed at random points lose nothing and double nothing; the run goes on by itself', async () => {
    await requestRun()
    let worker = await startWorker()
    for (let kill = 1; kill <= 4; kill++) {
      await reached(kill * 25 + Math.floor(Math.random() * 10))
      worker.kill('SIGKILL')
      const before = (await rows()).length
      worker = await startWorker()
      await reached(before + 3)
    }
    await finished()
    await everyStepOnce()
    // One more each time the machine stands still for longer than the short lease of this test.
    expect((await run()).attempts).toBeGreaterThanOrEqual(5)
  })

  it('frozen for longer than the lease are replaced, and write nothing when they wake up', async () => {
    await requestRun()
    const frozen = await startWorker()
    await reached(20)
    frozen.kill('SIGSTOP')
    const other = await startWorker()
    await expect.poll(async () => (await rows()).some((row) => row.pid === other.pid), { interval: 20 }).toBe(true)
    frozen.kill('SIGCONT')
    await finished()
    await sleep(300)
    await everyStepOnce()
    const pids = (await rows()).map((row) => row.pid)
    const handover = pids.indexOf(other.pid ?? 0)
    expect(pids.slice(handover).every((pid) => pid === other.pid)).toBe(true)
  })

  it('frozen in the middle of a heartbeat are replaced as soon', async () => {
    await requestRun()
    const frozen = await startWorker({ heartbeatMs: 1 })
    await reached(5)
    for (;;) {
      frozen.kill('SIGSTOP')
      if (await isBetweenRenewalAndCommit()) break
      frozen.kill('SIGCONT')
      await sleep(1)
    }
    const since = performance.now()
    const other = await startWorker()
    await expect.poll(async () => (await rows()).some((row) => row.pid === other.pid), { interval: 20 }).toBe(true)
    // Without a limit of its own the transaction would keep the lease for a minute.
    expect(performance.now() - since).toBeLessThan(fairLimit(20_000))
    frozen.kill('SIGCONT')
    await finished()
    await everyStepOnce()
  })

  it('told to stop hand over within a moment', async () => {
    await requestRun()
    // By its lease the run would come back in a minute only.
    const first = await startWorker({ leaseMs: 60_000 })
    await reached(20)
    // It would be done before the other one is there.
    first.kill('SIGSTOP')
    const second = await startWorker()
    first.kill('SIGTERM')
    first.kill('SIGCONT')
    await expect.poll(async () => (await rows()).some((row) => row.pid === second.pid), { interval: 5 }).toBe(true)
    await finished()
    await everyStepOnce()
    expect(await run()).toMatchObject({ attempts: 2, failures: 0 })
  })
})
