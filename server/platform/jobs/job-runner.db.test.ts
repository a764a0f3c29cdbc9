import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../../test/harness/database.ts'
import { installationPrincipal, jobPrincipal } from '../../kernel/principal.ts'
import { connectionOf, type Tx } from '../db/transaction.ts'
import {
  createJobRegistry,
  defineJob,
  type JobDefinition,
  type JobRegistry,
  type JobRunner,
  type JobTimings,
  LeaseLostError,
  type RunContext,
  type RunRow,
  selectRun,
  selectRuns,
  startJobRunner,
} from './index.ts'

const log = pino({ level: 'silent' })
const timings: JobTimings = { leaseMs: 1_000, heartbeatMs: 100, pollMs: 20, tickMs: 50, graceMs: 300 }
let db: FreshDatabase
let operatorId = 100
let runners: JobRunner[] = []

beforeAll(async () => {
  db = await freshDatabase()
  await db.asOwner.query('create table effect (operator_id integer, note text); grant all on effect to leadline_app')
})
afterAll(async () => {
  await db.close()
})
beforeEach(() => {
  operatorId += 10
})
afterEach(async () => {
  await Promise.all(runners.map((runner) => runner.stop()))
  runners = []
  // What a test has left in the queue is not for the runner of the next one, whose job has the same name.
  await db.asOwner.query(`delete from job_run where state in ('queued', 'running')`)
})

type Run = (context: RunContext) => Promise<void>
const jobOf = (run: Run, more: Partial<JobDefinition> = {}): JobDefinition =>
  defineJob({ name: 'test.sample-job', summary: 'x', scope: 'each-operator', timeoutSeconds: 60, run, ...more })
const registryOf = (...jobs: JobDefinition[]) => createJobRegistry({ transact: db.transact, jobs, config: {} })
const start = (registry: JobRegistry, more: object = {}): JobRunner => {
  const runner = startJobRunner({
    registry,
    transact: db.transact,
    listOperators: async () => [operatorId],
    log,
    timings,
    ...more,
  })
  runners.push(runner)
  return runner
}
const me = (operator = operatorId) => jobPrincipal('test', operator, 'request-1')
const request = (registry: JobRegistry, operator = operatorId) =>
  registry.requestRun(me(operator), { job: 'test.sample-job', operatorId: operator, trigger: 'api' })
const read = async (runId: string, operator = operatorId): Promise<RunRow> => {
  const run = await db.transact(me(operator), (tx) => selectRun(tx, runId))
  if (!run) throw new Error('no such run')
  return run
}
const until = (runId: string, state: string, operator = operatorId) =>
  expect.poll(async () => (await read(runId, operator)).state, { interval: 20 }).toBe(state)
const note = (context: RunContext, text: string, after?: (tx: Tx) => Promise<void>) =>
  context.transact(async (tx) => {
    await connectionOf(tx).query('insert into effect values ($1, $2)', [context.operatorId, text])
    await after?.(tx)
  })
const notes = async (operator = operatorId): Promise<string[]> =>
  (await db.asOwner.query('select note from effect where operator_id = $1', [operator])).rows.map((row) => row.note)

describe('a run', () => {
  it('is picked up soon, tells how far it is, and ends in the history with its counts', async () => {
    const go = Promise.withResolvers<void>()
    const metrics = new Registry()
    const registry = registryOf(
      jobOf(async (context) => {
        context.progress({ phase: 'listing', done: 10, total: 40, unit: 'leads', counts: { new: 3 } })
        context.progress({ phase: 'listing', done: 20, counts: { changed: 1 } })
        await go.promise
        context.progress({ phase: 'storing', done: 1 })
      }),
    )
    start(registry, { metrics })
    const { run, created } = await request(registry)
    expect(created).toBe(true)
    await expect
      .poll(async () => (await read(run.runId)).progress)
      .toMatchObject({ done: 20, total: 40, unit: 'leads', counts: { new: 3, changed: 1 } })
    const during = await read(run.runId)
    expect(during).toMatchObject({
      state: 'running',
      phase: 'listing',
      attempts: 1,
      trigger: 'api',
      requestedBy: 'job test',
    })
    go.resolve()
    await until(run.runId, 'succeeded')
    const after = await read(run.runId)
    expect(after).toMatchObject({
      phase: 'storing',
      progress: { done: 1, counts: { new: 3, changed: 1 } },
      error: null,
    })
    expect(after.progress.total).toBeUndefined()
    // Counted just after the run is stored.
    await expect
      .poll(() => metrics.metrics())
      .toContain('leadline_job_runs_total{job="test.sample-job",state="succeeded"} 1')
    const text = await metrics.metrics()
    expect(text).toContain(
      `leadline_job_last_success_timestamp_seconds{job="test.sample-job",operator="${operatorId}"}`,
    )
    expect(text).toContain('leadline_job_running{job="test.sample-job"} 0')
  })

  it('is one at a time per operator, whoever asks and however many runners there are', async () => {
    let running = 0
    let most = 0
    let ran = 0
    const allAsked = Promise.withResolvers<void>()
    const registry = registryOf(
      jobOf(async () => {
        most = Math.max(most, ++running)
        await allAsked.promise
        await sleep(60)
        running -= 1
        ran += 1
      }),
    )
    start(registry)
    start(registry)
    const asked = await Promise.all(Array.from({ length: 12 }, () => request(registry)))
    allAsked.resolve()
    expect(new Set(asked.map(({ run }) => run.runId)).size).toBe(1)
    expect(asked.filter(({ created }) => created)).toHaveLength(1)
    await until(asked[0]?.run.runId ?? '', 'succeeded')
    expect([most, ran]).toEqual([1, 1])
    expect((await request(registry)).created).toBe(true)
  })

  it('that someone asked for does not wait behind a busy schedule', async () => {
    const go = Promise.withResolvers<void>()
    const busy = defineJob({
      name: 'test.busy-job',
      summary: 'x',
      scope: 'each-operator',
      timeoutSeconds: 60,
      everySeconds: 3600,
      run: () => go.promise,
    })
    const registry = registryOf(
      busy,
      jobOf(async () => {}),
    )
    start(registry, { concurrency: 2, listOperators: async () => [1, 2, 3, 4, 5].map((n) => operatorId + n) })
    await sleep(300)
    const { run } = await request(registry)
    await until(run.runId, 'succeeded')
    const { rows } = await db.asOwner.query(
      `select state, count(*) from job_run where job = 'test.busy-job' group by state order by 1`,
    )
    expect(rows).toEqual([
      { state: 'queued', count: 3 },
      { state: 'running', count: 2 },
    ])
    go.resolve()
    await expect
      .poll(
        async () =>
          (await db.asOwner.query(`select count(*) from job_run where job = 'test.busy-job' and state = 'succeeded'`))
            .rows[0].count,
      )
      .toBe(5)
  })

  it('of a job of the installation works for no operator', async () => {
    const seen: RunContext[] = []
    const registry = registryOf(jobOf(async (context) => void seen.push(context), { scope: 'installation' }))
    start(registry)
    const { run } = await registry.requestRun(installationPrincipal('cli', 'x'), {
      job: 'test.sample-job',
      operatorId: 0,
      trigger: 'cli',
    })
    await expect
      .poll(
        async () => (await db.asOwner.query('select state from job_run where run_id = $1', [run.runId])).rows[0].state,
      )
      .toBe('succeeded')
    expect(seen[0]).toMatchObject({ operatorId: 0, principal: { kind: 'installation', operatorId: null } })
  })
})

describe('a failing attempt', () => {
  it('is tried again after a while, and the run then succeeds', async () => {
    const attempts: [number, boolean][] = []
    const registry = registryOf(
      jobOf(async ({ attempt, resumed }) => {
        attempts.push([attempt, resumed])
        if (attempt === 1) throw Object.assign(new Error('not now'), { retryAfterMs: 150, code: 'microsoft-throttled' })
      }),
    )
    start(registry)
    const { run } = await request(registry)
    await expect
      .poll(async () => (await read(run.runId)).error, { interval: 10 })
      .toMatchObject({ code: 'microsoft-throttled', message: 'not now' })
    const waiting = await read(run.runId)
    // Whoever asks meanwhile gets the waiting run, and does not make it break its word.
    expect((await request(registry)).created).toBe(false)
    expect((await read(run.runId)).dueAt).toEqual(waiting.dueAt)
    await until(run.runId, 'succeeded')
    const done = await read(run.runId)
    expect(attempts).toEqual([
      [1, false],
      [2, true],
    ])
    expect(done).toMatchObject({ attempts: 2, error: null })
    expect((done.finishedAt?.getTime() ?? 0) - done.queuedAt.getTime()).toBeGreaterThanOrEqual(150)
  })

  it('that waits by itself is brought forward by someone who asks', async () => {
    const registry = registryOf(
      jobOf(async ({ attempt }) => {
        if (attempt === 1) throw new Error('connection refused')
      }),
    )
    start(registry)
    const { run } = await request(registry)
    await expect.poll(async () => (await read(run.runId)).error?.retryAt ?? null, { interval: 10 }).not.toBeNull()
    const retryAt = Date.parse((await read(run.runId)).error?.retryAt ?? '')
    const { run: hastened } = await request(registry)
    expect(hastened.runId).toBe(run.runId)
    expect(hastened.dueAt.getTime()).toBeLessThan(retryAt)
    await until(run.runId, 'succeeded')
  })

  it('fails the run when it can be of no use to try again, and says what to do', async () => {
    const registry = registryOf(
      jobOf(async () => {
        throw Object.assign(new Error('The secret was refused.'), {
          code: 'microsoft-refused',
          retryable: false,
          remedy: 'Enter it again.',
        })
      }),
    )
    start(registry)
    const { run } = await request(registry)
    await until(run.runId, 'failed')
    expect((await read(run.runId)).error).toEqual({
      code: 'microsoft-refused',
      message: 'The secret was refused.',
      retryAt: null,
      remedy: 'Enter it again.',
    })
  })

  it('that takes too long is stopped, also when it does not listen, and writes nothing afterwards', async () => {
    const late: unknown[] = []
    const registry = registryOf(
      jobOf(
        async (context) => {
          if (context.attempt > 1) return
          await sleep(900)
          await note(context, 'late').catch((error) => late.push(error))
        },
        { timeoutSeconds: 0.2 },
      ),
    )
    start(registry)
    const { run } = await request(registry)
    await expect.poll(async () => (await read(run.runId)).error?.code).toBe('job-timed-out')
    await expect.poll(() => late.length).toBe(1)
    expect(await notes()).toEqual([])
  })
})

describe('a cursor', () => {
  it('is kept exactly when its data is, and the next attempt goes on there', async () => {
    const seen: unknown[] = []
    const registry = registryOf(
      jobOf(async (context) => {
        seen.push(context.cursor())
        if (context.attempt === 1) {
          await context.transact(async (tx) => context.saveCursor(tx, { page: 2, link: 'a\u0000b' }))
          await context
            .transact(async (tx) => {
              await context.saveCursor(tx, { page: 3 })
              throw new Error('page 3 is bad')
            })
            .catch(() => {})
          throw Object.assign(new Error('again'), { retryAfterMs: 10 })
        }
        await context.transact((tx) => context.clearCursor(tx))
      }),
    )
    start(registry)
    const { run } = await request(registry)
    await until(run.runId, 'succeeded')
    expect(seen).toEqual([null, { page: 2, link: 'a\u0000b' }])
    const second = await request(registry)
    await until(second.run.runId, 'succeeded')
    expect(seen[2]).toBeNull()
  })

  it('cannot be saved outside of the fence', async () => {
    let thrown: unknown
    const registry = registryOf(
      jobOf(async (context) => {
        await db
          .transact(context.principal, (tx) => context.saveCursor(tx, 1))
          .catch((error) => {
            thrown = error
          })
      }),
    )
    start(registry)
    const { run } = await request(registry)
    await until(run.runId, 'succeeded')
    expect(String(thrown)).toContain('not of run.transact')
  })
})

describe('a run that ends with its last data', () => {
  it('is over when that commits, whatever the job or the worker does afterwards', async () => {
    const late: unknown[] = []
    const registry = registryOf(
      jobOf(async (context) => {
        await context.transact((tx) => context.saveCursor(tx, { step: 1 }))
        context.progress({ phase: 'storing', done: 5 })
        await note(context, 'last', (tx) => context.finish(tx))
        await note(context, 'too late').catch((error) => late.push(error))
        throw new Error('after the end')
      }),
    )
    start(registry)
    const { run } = await request(registry)
    await until(run.runId, 'succeeded')
    await expect.poll(() => late.length).toBe(1)
    await sleep(100)
    expect(await read(run.runId)).toMatchObject({ state: 'succeeded', error: null, attempts: 1, progress: { done: 5 } })
    expect(await notes()).toEqual(['last'])
    expect((await db.asOwner.query('select from job_cursor where operator_id = $1', [operatorId])).rowCount).toBe(0)
    expect((await request(registry)).created).toBe(true)
  })

  it('goes on when that is undone', async () => {
    const registry = registryOf(
      jobOf(async (context) => {
        if (context.attempt > 1) return void (await note(context, 'second', (tx) => context.finish(tx)))
        await note(context, 'undone', async (tx) => {
          await context.finish(tx)
          throw Object.assign(new Error('no'), { retryAfterMs: 10 })
        })
      }),
    )
    start(registry)
    const { run } = await request(registry)
    await until(run.runId, 'succeeded')
    expect(await notes()).toEqual(['second'])
  })
})

describe('the lease', () => {
  it('once lost stops the attempt, which can write nothing more', async () => {
    const lost: unknown[] = []
    const registry = registryOf(
      jobOf(async (context) => {
        if (context.attempt > 1) return void (await note(context, 'second'))
        await note(context, 'first')
        // As another worker does when this one is silent for too long.
        await db.asOwner.query('update job_lease set token = token + 1 where operator_id = $1', [operatorId])
        await note(context, 'stale').catch((error) => lost.push(error))
        lost.push(context.signal.reason)
      }),
    )
    start(registry)
    const { run } = await request(registry)
    await expect.poll(() => lost.length).toBe(2)
    expect(lost.every((error) => error instanceof LeaseLostError)).toBe(true)
    // Nobody renews it now: it is taken over and brought to its end.
    await until(run.runId, 'succeeded')
    expect(await notes()).toEqual(['first', 'second'])
  })

  it('is not taken while a transaction of its holder is open, whatever the clock says', async () => {
    const inside = Promise.withResolvers<void>()
    const go = Promise.withResolvers<void>()
    const registry = registryOf(
      jobOf(async (context) => {
        if (context.attempt > 1) return void (await note(context, 'second'))
        await note(context, 'first', async () => {
          inside.resolve()
          await go.promise
        })
      }),
    )
    // A holder that never renews.
    start(registry, { timings: { ...timings, leaseMs: 2_000, heartbeatMs: 60_000 } })
    const { run } = await request(registry)
    await inside.promise
    await db.asOwner.query(`update job_lease set expires_at = now() - interval '1 hour' where operator_id = $1`, [
      operatorId,
    ])
    start(registry)
    await sleep(400)
    expect(await read(run.runId)).toMatchObject({ attempts: 1, state: 'running' })
    go.resolve()
    await until(run.runId, 'succeeded')
    expect((await notes())[0]).toBe('first')
  })
})

describe('stopping a worker', () => {
  it('hands the run back at once, and the next worker goes on where it stopped', async () => {
    const begun = Promise.withResolvers<void>()
    const seen: unknown[] = []
    const registry = registryOf(
      jobOf(async (context) => {
        seen.push([context.attempt, context.resumed, context.cursor()])
        if (context.attempt > 1) return
        await context.transact((tx) => context.saveCursor(tx, { page: 7 }))
        begun.resolve()
        await sleep(30_000, undefined, { signal: context.signal })
      }),
    )
    // By its lease it would come back in a minute only.
    const first = start(registry, { timings: { ...timings, leaseMs: 60_000 } })
    const { run } = await request(registry)
    await begun.promise
    await first.stop()
    expect(await read(run.runId)).toMatchObject({ state: 'queued', failures: 0, error: null })
    start(registry)
    await until(run.runId, 'succeeded')
    expect(seen).toEqual([
      [1, false, null],
      [2, true, { page: 7 }],
    ])
  })
})

describe('the schedule', () => {
  it('starts a job at once and then once per interval, with two workers', async () => {
    const starts: number[] = []
    const registry = registryOf(jobOf(async () => void starts.push(performance.now()), { everySeconds: () => 0.8 }))
    start(registry)
    start(registry)
    await expect.poll(() => starts.length, { interval: 10 }).toBe(4)
    await Promise.all(runners.map((runner) => runner.stop()))
    const runs = await db.transact(me(), (tx) => selectRuns(tx, 'test.sample-job', operatorId, null, 50))
    expect(runs).toHaveLength(starts.length)
    const startedAt = runs.map((run) => run.startedAt?.getTime() ?? 0).reverse()
    for (const [n, at] of startedAt.slice(1).entries()) expect(at - (startedAt[n] ?? 0)).toBeGreaterThanOrEqual(800)
    expect(runs.every((run) => run.trigger === 'schedule' && run.state === 'succeeded')).toBe(true)
  })

  it('keeps the newest 500 runs', async () => {
    await db.asOwner.query(
      `insert into job_run (run_id, job, operator_id, trigger, requested_by, state, queued_at, started_at, finished_at)
       select gen_random_uuid(), 'test.sample-job', $1, 'schedule', 'x', 'succeeded', t, t, t
       from generate_series(now() - interval '600 minutes', now() - interval '1 minute', '1 minute') t`,
      [operatorId],
    )
    const registry = registryOf(jobOf(async () => {}))
    start(registry)
    const { run } = await request(registry)
    await until(run.runId, 'succeeded')
    await expect
      .poll(
        async () =>
          (await db.asOwner.query('select count(*) from job_run where operator_id = $1', [operatorId])).rows[0].count,
      )
      .toBe(500)
  })
})
