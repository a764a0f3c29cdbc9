import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../../test/harness/database.ts'
import { jobPrincipal, type OperatorPrincipal } from '../../kernel/principal.ts'
import { createDispatcher, writeEvents } from '../../platform/events/index.ts'
import { createJobRegistry, defineJob, type JobRunner, startJobRunner } from '../../platform/jobs/index.ts'
import { createJobsService, createUndeliveredService, type JobsService } from './index.ts'

// What an operator does about work that goes wrong: stops runs, sees what failed, delivers events again.

let db: FreshDatabase
let jobs: JobsService
let registry: ReturnType<typeof createJobRegistry>
const runners: JobRunner[] = []
const log = pino({ level: 'silent' })
const stored: string[] = []

const client = (operatorId: number): OperatorPrincipal => ({
  ...jobPrincipal('x', operatorId, 'request-1'),
  kind: 'client',
  id: 'northwind-api',
  name: 'Northwind API',
})

beforeAll(async () => {
  db = await freshDatabase()
  const base = { summary: 'x', timeoutSeconds: 60, scope: 'each-operator' } as const
  registry = createJobRegistry({
    transact: db.transact,
    config: {},
    jobs: [
      defineJob({
        ...base,
        name: 'test.long-job',
        async run(run) {
          await run.transact(async (tx) => run.saveCursor(tx, { kept: true }))
          await sleep(30_000, undefined, { signal: run.signal })
        },
      }),
      defineJob({
        ...base,
        name: 'test.deaf-job',
        // Does not listen to its signal: its next write is refused.
        async run(run) {
          run.progress({ phase: 'working', done: 1 })
          for (let step = 0; step < 300; step++) {
            await sleep(50)
            await run.transact(async () => void stored.push(run.runId))
          }
        },
      }),
      defineJob({
        ...base,
        name: 'test.bad-job',
        async run() {
          throw Object.assign(new Error('no'), { retryable: false })
        },
      }),
    ],
  })
  jobs = createJobsService({ transact: db.transact, registry })
})
afterAll(async () => {
  await Promise.all(runners.map((runner) => runner.stop()))
  await db?.close()
})

function work() {
  const timings = { pollMs: 20, graceMs: 500, heartbeatMs: 100, leaseMs: 2_000 }
  const runner = startJobRunner({ registry, transact: db.transact, listOperators: async () => [], log, timings })
  runners.push(runner)
  return runner
}
const stateOf = (operatorId: number, runId: string) => async () => (await jobs.getRun(client(operatorId), runId)).state

describe('cancelling a run', () => {
  it('ends one that waits at once, and the job can be started again', async () => {
    const { run } = await jobs.startRun(client(1), 'test.long-job')
    expect(await jobs.cancelRun(client(1), run.runId)).toMatchObject({
      state: 'cancelled',
      error: { code: 'run-cancelled', message: 'Cancelled by client Northwind API.', retryAt: null },
    })
    // Asked again: the same answer, and one entry in the journal.
    expect((await jobs.cancelRun(client(1), run.runId)).state).toBe('cancelled')
    const { rows } = await db.asOwner.query(
      `select object_id, after from journal_entry where operator_id = 1 and action = 'job.run-cancelled'`,
    )
    expect(rows).toEqual([{ object_id: 'test.long-job', after: JSON.stringify({ runId: run.runId }) }])
    const again = await jobs.startRun(client(1), 'test.long-job')
    expect(again.created).toBe(true)
    await jobs.cancelRun(client(1), again.run.runId)
  })

  it('stops one that is running within seconds, and keeps what it had stored', async () => {
    const runner = work()
    const { run } = await jobs.startRun(client(2), 'test.long-job')
    await expect.poll(stateOf(2, run.runId)).toBe('running')
    await sleep(200)
    const asked = await jobs.cancelRun(client(2), run.runId)
    expect(asked).toMatchObject({ state: 'running', cancelRequestedAt: expect.any(Date) })
    await expect.poll(stateOf(2, run.runId)).toBe('cancelled')
    const ended = await jobs.getRun(client(2), run.runId)
    expect(ended).toMatchObject({ error: { code: 'run-cancelled' }, finishedAt: expect.any(Date) })
    const { rows } = await db.asOwner.query(
      `select cursor from job_cursor where job = 'test.long-job' and operator_id = 2`,
    )
    expect(rows).toEqual([{ cursor: { kept: true } }])
    await runner.stop()
  })

  it('stops one that does not listen: it writes nothing more', async () => {
    const runner = work()
    const { run } = await jobs.startRun(client(3), 'test.deaf-job')
    await expect.poll(() => stored.includes(run.runId)).toBe(true)
    await jobs.cancelRun(client(3), run.runId)
    await expect.poll(stateOf(3, run.runId)).toBe('cancelled')
    const count = stored.length
    await sleep(300)
    expect(stored.length).toBe(count)
    await runner.stop()
  })

  it('holds when the worker that should stop it is gone: the next one does not take it up', async () => {
    const { run } = await jobs.startRun(client(4), 'test.deaf-job')
    await db.asOwner.query(
      `update job_run set state = 'running', token = 9, started_at = now(), attempt_started_at = now() where run_id = $1`,
      [run.runId],
    )
    await db.asOwner.query(
      `update job_lease set token = 9, run_id = $1, holder = 'gone', expires_at = now() - interval '1 minute' where operator_id = 4`,
      [run.runId],
    )
    await jobs.cancelRun(client(4), run.runId)
    const runner = work()
    await expect.poll(stateOf(4, run.runId)).toBe('cancelled')
    expect(stored).not.toContain(run.runId)
    await runner.stop()
  })

  it('is refused when the run is over, and knows no foreign run', async () => {
    const runner = work()
    const { run } = await jobs.startRun(client(5), 'test.bad-job')
    await expect.poll(stateOf(5, run.runId)).toBe('failed')
    await runner.stop()
    await expect(jobs.cancelRun(client(5), run.runId)).rejects.toMatchObject({ status: 409, code: 'run-over' })
    await expect(jobs.cancelRun(client(6), run.runId)).rejects.toMatchObject({ status: 404, code: 'not-found' })
    const bound = { ...client(5), channelId: 907 }
    await expect(jobs.cancelRun(bound, run.runId)).rejects.toMatchObject({ status: 404, code: 'not-found' })
  })
})

describe('runs of every job', () => {
  it('are listed newest first, by state, page by page, and only one’s own', async () => {
    const failed = await jobs.listAllRuns(client(5), { state: 'failed' })
    expect(failed.runs.map(({ job, state }) => [job, state])).toEqual([['test.bad-job', 'failed']])
    expect((await jobs.listAllRuns(client(1), { state: 'failed' })).runs).toEqual([])
    const first = await jobs.listAllRuns(client(1), { pageSize: 1 })
    const second = await jobs.listAllRuns(client(1), { pageSize: 1, cursor: first.nextCursor ?? '' })
    expect([first.runs.length, second.runs.length, second.nextCursor]).toEqual([1, 1, null])
    expect(first.runs[0]?.runId).not.toBe(second.runs[0]?.runId)
    expect((await jobs.listAllRuns(client(99), {})).runs).toEqual([])
  })
})

describe('events that were given up', () => {
  it('are shown to their operator alone, and delivered when they are tried again', async () => {
    const undelivered = createUndeliveredService({ transact: db.transact })
    let isBroken = true
    const heard: unknown[] = []
    const dispatcher = createDispatcher({
      transact: db.transact,
      pool: db.pool,
      log,
      pollMs: 50,
      subscribers: {
        'test.listener': {
          events: ['thing.happened'],
          async handle({ payload }) {
            if (isBroken) throw Object.assign(new Error('The listener is broken.'), { retryable: false })
            heard.push(payload)
          },
        },
      },
    })
    await db.transact(client(7), (tx) => writeEvents(tx, [{ name: 'thing.happened', key: 'k', payload: { n: 1 } }]))
    await expect.poll(async () => (await undelivered.list(client(7))).length).toBe(1)
    const [dead] = await undelivered.list(client(7))
    if (!dead) throw new Error('nothing was given up')
    expect(dead).toMatchObject({
      ...{ name: 'thing.happened', subscriber: 'test.listener', payload: { n: 1 }, attempts: 1 },
      error: 'The listener is broken.',
    })

    expect(await undelivered.list(client(8))).toEqual([])
    expect(await undelivered.list({ ...client(7), channelId: 907 })).toEqual([])
    const missing = { status: 404, code: 'not-found' }
    await expect(undelivered.retry(client(8), dead.eventId, null)).rejects.toMatchObject(missing)
    await expect(undelivered.retry(client(7), dead.eventId, 'nobody')).rejects.toMatchObject(missing)

    isBroken = false
    expect(await undelivered.retry(client(7), dead.eventId, null)).toBe(1)
    await expect.poll(() => heard).toEqual([{ n: 1 }])
    expect(await undelivered.list(client(7))).toEqual([])
    await expect(undelivered.retry(client(7), dead.eventId, null)).rejects.toMatchObject(missing)
    const { rows } = await db.asOwner.query(`select action, object_id from journal_entry where operator_id = 7`)
    expect(rows).toEqual([{ action: 'event.retried', object_id: dead.eventId }])
    await dispatcher.stop()
  })
})
