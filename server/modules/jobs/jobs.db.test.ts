import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../../test/harness/database.ts'
import { jobPrincipal, type OperatorPrincipal } from '../../kernel/principal.ts'
import { createJobRegistry, defineJob, startJobRunner } from '../../platform/jobs/index.ts'
import { createJobsService, type JobsService } from './index.ts'
import { toWireJob, toWireRun } from './run.view.ts'

let db: FreshDatabase
let jobs: JobsService
let registry: ReturnType<typeof createJobRegistry>
const gate = Promise.withResolvers<void>()
const client = (operatorId: number): OperatorPrincipal => ({
  ...jobPrincipal('x', operatorId, 'request-1'),
  kind: 'client',
  id: 'northwind-api',
  name: 'Northwind API',
})

beforeAll(async () => {
  db = await freshDatabase()
  const base = { summary: 'x', timeoutSeconds: 60 }
  registry = createJobRegistry({
    transact: db.transact,
    config: { interval: 300 },
    jobs: [
      defineJob<{ interval: number }>({
        ...base,
        name: 'test.b-job',
        scope: 'each-operator',
        everySeconds: (config) => config.interval,
        run: async ({ progress }) => {
          progress({ phase: 'listing', done: 10, total: 20, unit: 'leads' })
          await gate.promise
        },
      }),
      defineJob({ ...base, name: 'test.a-job', scope: 'each-operator', run: async () => {} }),
      defineJob({ ...base, name: 'test.house-job', scope: 'installation', run: async () => {} }),
    ],
  })
  jobs = createJobsService({ transact: db.transact, registry })
})
afterAll(async () => {
  gate.resolve()
  await db.close()
})

describe('jobs of an operator', () => {
  it('are listed by name with their schedule, without those of the installation', async () => {
    const now = new Date()
    const wire = (await jobs.overview(client(1))).map(({ job, ...runs }) => toWireJob(job, runs, now))
    expect(wire.map(({ name, everySeconds, nextRunAt }) => [name, everySeconds, nextRunAt])).toEqual([
      ['test.a-job', null, null],
      ['test.b-job', 300, now.toISOString()],
    ])
  })

  it('start once, tell how far they are, and end up in the history', async () => {
    const first = await jobs.startRun(client(2), 'test.b-job')
    const second = await jobs.startRun(client(2), 'test.b-job')
    expect([first.created, second.created, second.run.runId]).toEqual([true, false, first.run.runId])
    expect(toWireRun(first.run, new Date())).toMatchObject({
      state: 'queued',
      requestedBy: 'client Northwind API',
      ratePerSecond: null,
    })
    const { rows } = await db.asOwner.query('select action, object_id, after from journal_entry where operator_id = 2')
    expect(rows).toEqual([
      { action: 'job.requested', object_id: 'test.b-job', after: JSON.stringify({ runId: first.run.runId }) },
    ])

    const runner = startJobRunner({
      registry,
      transact: db.transact,
      listOperators: async () => [],
      log: pino({ level: 'silent' }),
      timings: { pollMs: 20, graceMs: 100 },
    })
    const phase = async () => (await jobs.getRun(client(2), first.run.runId)).phase
    await expect.poll(phase).toBe('listing')
    const overview = (await jobs.overview(client(2))).find(({ job }) => job.name === 'test.b-job')
    expect(overview).toMatchObject({ current: { runId: first.run.runId }, last: null })
    if (!overview) throw new Error('no overview')
    expect(toWireJob(overview.job, overview, new Date())).toMatchObject({
      nextRunAt: null,
      currentRun: { state: 'running' },
    })

    gate.resolve()
    const state = async () => (await jobs.getRun(client(2), first.run.runId)).state
    await expect.poll(state).toBe('succeeded')
    await runner.stop()
    const third = await jobs.startRun(client(2), 'test.b-job')
    const page = await jobs.listRuns(client(2), 'test.b-job', { pageSize: 1 })
    expect(page.runs.map((run) => run.runId)).toEqual([third.run.runId])
    const next = await jobs.listRuns(client(2), 'test.b-job', { pageSize: 1, cursor: page.nextCursor ?? '' })
    expect(next).toMatchObject({ runs: [{ runId: first.run.runId }], nextCursor: null })
  })

  it('that are unknown, of the installation or foreign do not exist', async () => {
    const missing = { status: 404, code: 'not-found' }
    await expect(jobs.listRuns(client(3), 'test.no-job', {})).rejects.toMatchObject(missing)
    await expect(jobs.startRun(client(3), 'test.house-job')).rejects.toMatchObject(missing)
    const { run } = await jobs.startRun(client(3), 'test.a-job')
    await expect(jobs.getRun(client(4), run.runId)).rejects.toMatchObject(missing)
    await expect(jobs.getRun({ ...client(3), channelId: 907 }, run.runId)).rejects.toMatchObject(missing)
    expect((await jobs.listRuns(client(4), 'test.a-job', {})).runs).toEqual([])
  })

  it('refuse a cursor that is not theirs', async () => {
    await expect(jobs.listRuns(client(3), 'test.a-job', { cursor: 'xyz' })).rejects.toMatchObject({
      status: 400,
      errors: [{ pointer: '/query/cursor' }],
    })
  })
})

describe('speed of a run', () => {
  const at = (seconds: number) => new Date(Date.parse('2026-11-22T12:00:00Z') + seconds * 1000)
  const run = {
    runId: 'x',
    job: 'test.b-job',
    operatorId: 1,
    trigger: 'api' as const,
    requestedBy: 'x',
    state: 'running' as const,
    queuedAt: at(0),
    dueAt: at(0),
    startedAt: at(1),
    finishedAt: null,
    cancelRequestedAt: null,
    attempts: 2,
    failures: 0,
    phase: 'listing',
    progress: { done: 700, total: 1_000, unit: 'leads', phaseStartedAt: at(10).toISOString(), phaseStartDone: 500 },
    error: null,
  }

  it('is that of the phase in this attempt, so that a resumed run does not boast', () => {
    expect(toWireRun(run, at(20))).toMatchObject({ ratePerSecond: 20, remainingSeconds: 15, durationSeconds: 19 })
  })

  it('is not told while it is unknown, or when the run is over', () => {
    expect(toWireRun(run, at(10))).toMatchObject({ ratePerSecond: null, remainingSeconds: null })
    expect(toWireRun({ ...run, progress: {} }, at(20))).toMatchObject({ done: null, ratePerSecond: null, counts: {} })
    const over = { ...run, state: 'succeeded' as const, finishedAt: at(21) }
    expect(toWireRun(over, at(90))).toMatchObject({ ratePerSecond: null, durationSeconds: 20 })
  })
})
