import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../../test/harness/database.ts'
import { jobPrincipal } from '../../kernel/principal.ts'
import { connectionOf } from '../db/transaction.ts'
import {
  createJobRegistry,
  defineJob,
  type JobRegistry,
  type JobRunner,
  type RunContext,
  selectRun,
  startJobRunner,
} from './index.ts'

// A job that is asked for when there is work ends without a gap: whoever asks is served by this run or by a following one.

const OPERATOR = 7
const JOB = 'test.walk-job'
const me = jobPrincipal('test', OPERATOR, 'request-1')

let db: FreshDatabase
let runner: JobRunner | undefined
beforeAll(async () => {
  db = await freshDatabase()
  await db.asOwner.query('create table work (item text); grant all on work to leadline_app')
})
afterEach(async () => {
  await runner?.stop()
  await db.asOwner.query('delete from work')
})
afterAll(() => db?.close())

function start(run: (context: RunContext) => Promise<void>): JobRegistry {
  const jobs = [defineJob({ name: JOB, summary: 'x', scope: 'each-operator', timeoutSeconds: 60, run })]
  const registry = createJobRegistry({ transact: db.transact, jobs, config: {} })
  const listOperators = async () => []
  const timings = { leaseMs: 2_000, heartbeatMs: 200, pollMs: 20, tickMs: 50, graceMs: 300 }
  runner = startJobRunner({ registry, transact: db.transact, listOperators, log: pino({ level: 'silent' }), timings })
  return registry
}
const request = (registry: JobRegistry) => registry.requestRun(me, { job: JOB, operatorId: OPERATOR, trigger: 'event' })
const stateOf = async (runId: string) => {
  const run = await db.transact(me, (tx) => selectRun(tx, runId))
  return `${run?.state} after ${run?.attempts}`
}
const add = (item: string) => db.asOwner.query('insert into work values ($1)', [item])
const left = async () => (await db.asOwner.query('select item from work')).rows.map((row) => row.item)

it('goes on when work has come since the last look, and keeps nothing of the end', async () => {
  const looked = Promise.withResolvers<void>()
  const joined = Promise.withResolvers<void>()
  const ended: boolean[] = []
  const registry = start(async ({ transact, finishUnless }) => {
    for (;;) {
      const { rowCount } = await transact((tx) => connectionOf(tx).query('delete from work'))
      if (rowCount) continue
      looked.resolve()
      await joined.promise
      ended.push(
        await finishUnless(
          async (tx) => ((await connectionOf(tx).query('select from work limit 1')).rowCount ?? 0) > 0,
        ),
      )
      if (ended.at(-1)) return
    }
  })
  const { run } = await request(registry)
  await looked.promise
  await add('late')
  const again = await request(registry)
  expect([again.created, again.run.runId]).toEqual([false, run.runId])
  joined.resolve()
  await expect.poll(() => stateOf(run.runId)).toBe('succeeded after 1')
  expect(ended).toEqual([false, true])
  expect(await left()).toEqual([])
})

it('keeps who asks during the end waiting, who then gets a run of his own', async () => {
  const deciding = Promise.withResolvers<void>()
  const decided = Promise.withResolvers<void>()
  const registry = start(async ({ runId, finishUnless }) => {
    await finishUnless(async () => {
      if (runId !== first.run.runId) return false
      deciding.resolve()
      await decided.promise
      return false
    })
  })
  const first = await request(registry)
  await deciding.promise
  const asked = request(registry)
  expect(await Promise.race([asked, sleep(300, 'waits' as const)])).toBe('waits')
  decided.resolve()
  const second = await asked
  expect(second.created).toBe(true)
  expect(second.run.runId).not.toBe(first.run.runId)
  await expect.poll(() => stateOf(first.run.runId)).toBe('succeeded after 1')
  await expect.poll(() => stateOf(second.run.runId)).toBe('succeeded after 1')
})

it('fails the attempt when the look fails, and does not end the run', async () => {
  const registry = start(async ({ attempt, finishUnless }) => {
    await finishUnless(async () => {
      if (attempt === 1) throw Object.assign(new Error('no look'), { retryAfterMs: 50 })
      return false
    })
  })
  const { run } = await request(registry)
  await expect.poll(() => stateOf(run.runId)).toBe('succeeded after 2')
})
