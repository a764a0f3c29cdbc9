import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../../test/harness/database.ts'
import { AppError } from '../../kernel/errors.ts'
import { jobPrincipal, type OperatorPrincipal } from '../../kernel/principal.ts'
import { createTransactJointly } from '../db/transaction.ts'
import {
  type AnyTask,
  cancelTask,
  createTaskRegistry,
  defineTask,
  findTask,
  retryTask,
  type StepContext,
  selectItems,
  selectSteps,
  sendSignal,
  startTask,
  startTaskRunner,
  type TaskRow,
  undoTask,
  waitFor,
} from './index.ts'
import { batchTask, EFFECT_TABLE, effect, sagaTask } from './tasks.fixture.ts'

const timings = { leaseMs: 1_000, heartbeatMs: 200, pollMs: 20, graceMs: 200 }
const permissions = { see: 'leads.read', run: 'leads.write' } as const
const base = { summary: 'x', permissions }
let db: FreshDatabase
const runners: { stop(): Promise<void> }[] = []

beforeAll(async () => {
  db = await freshDatabase()
  await db.asOwner.query(EFFECT_TABLE)
})
afterEach(async () => {
  await Promise.all(runners.splice(0).map((runner) => runner.stop()))
})
afterAll(() => db.close())

const dana: OperatorPrincipal = {
  ...jobPrincipal('x', 868, 'request-1'),
  kind: 'person',
  id: 'dana',
  name: 'Dana Wills',
}

function work(...definitions: AnyTask[]) {
  const registry = createTaskRegistry(definitions)
  const transactJointly = createTransactJointly(db.pool)
  const log = pino({ level: 'silent' })
  runners.push(startTaskRunner({ registry, transact: db.transact, transactJointly, log, timings }))
  return registry.find
}
const start = async <I>(definition: Parameters<typeof startTask<I>>[1], input: I, items?: string[], who = dana) =>
  (
    await db.transact(who, (tx) =>
      startTask(tx, definition, {
        title: 'Test',
        input,
        ...(items && { items: items.map((objectId) => ({ objectId })) }),
      }),
    )
  ).taskId
const look = async (taskId: string, who = dana) => (await db.transact(who, (tx) => findTask(tx, taskId))) as TaskRow
const until = (taskId: string, state: string) =>
  expect.poll(async () => (await look(taskId)).state, { interval: 20 }).toBe(state)
const steps = async (taskId: string) => {
  const { taskId: id } = await look(taskId)
  return db.transact(dana, (tx) => selectSteps(tx, id))
}
const items = async (taskId: string) => {
  const { taskId: id } = await look(taskId)
  return db.transact(dana, (tx) => selectItems(tx, id, { state: null, after: 0, limit: 1_000 }))
}
const effects = async (taskId: string) =>
  (await db.asOwner.query('select what from effect where task = $1 order by n', [taskId])).rows.map((row) => row.what)

/** From now on `written` says which transaction wrote effects and steps. A savepoint is of the transaction around it. */
const NOTE_WRITES = `
  create table written (name text, transaction xid8);
  create function note_write() returns trigger language plpgsql security definer as $$
    begin
      insert into written values (tg_table_name, pg_current_xact_id());
      return null;
    end $$;
  create trigger note_write after insert on effect execute function note_write();
  create trigger note_write after insert or update on task_step execute function note_write()`

describe('a saga', () => {
  it('does its steps in order, hands on what they found, and times each', async () => {
    work(sagaTask)
    const taskId = await start(sagaTask, {})
    await until(taskId, 'succeeded')
    expect(await effects(taskId)).toEqual(['do a', 'do b', 'do c', 'do d', 'do e', 'do f'])
    const task = await look(taskId)
    expect(task).toMatchObject({ output: { a: true, f: true }, error: null, actorName: 'Dana Wills' })
    for (const step of await steps(taskId)) {
      expect(step).toMatchObject({
        state: 'succeeded',
        attempts: 1,
        startedAt: expect.any(Date),
        finishedAt: expect.any(Date),
      })
    }
    const { rows } = await db.asOwner.query(`select payload from outbox_event where key = 'task/${taskId}'`)
    expect(rows).toEqual([{ payload: expect.objectContaining({ taskId, state: 'succeeded' }) }])
    // Nothing is left in the queue.
    expect((await db.asOwner.query('select from job_run where subject = $1', [task.taskId])).rowCount).toBe(0)
  })

  it('that fails for good takes back what it did, the last step first, also the one that failed', async () => {
    work(sagaTask)
    const taskId = await start(sagaTask, { failAt: 'c' })
    await until(taskId, 'failed')
    expect(await effects(taskId)).toEqual(['do a', 'do b', 'do c', 'undo c', 'undo b', 'undo a'])
    expect(await look(taskId)).toMatchObject({ undoReason: 'failure', error: { code: 'no-way', retryAt: null } })
    expect((await steps(taskId)).map((step) => step.state)).toEqual([
      'undone',
      'undone',
      'undone',
      'pending',
      'pending',
      'pending',
    ])
  })

  it('that was undone can be retried from its beginning', async () => {
    let broken = true
    const done: string[] = []
    const task = defineTask({
      ...base,
      kind: 'test.mended',
      steps: [
        {
          name: 'one',
          title: 'One',
          run: async () => void done.push('one'),
          undo: async () => void done.push('undo one'),
        },
        {
          name: 'two',
          title: 'Two',
          async run() {
            if (broken) throw new AppError({ code: 'refused', status: 409, detail: 'Not now.' })
            done.push('two')
          },
        },
      ],
    })
    const find = work(task)
    const taskId = await start(task, {})
    await until(taskId, 'failed')
    broken = false
    await db.transact(dana, (tx) => retryTask(tx, taskId, find))
    await until(taskId, 'succeeded')
    // A refusal is not asked for again by itself.
    expect(done).toEqual(['one', 'undo one', 'one', 'two'])
  })

  it('that stops at a failure can be resumed there, or undone', async () => {
    const done: string[] = []
    let broken = true
    const task = defineTask({
      ...base,
      kind: 'test.stops',
      onFailure: 'stop',
      steps: [
        {
          name: 'one',
          title: 'One',
          run: async () => void done.push('one'),
          undo: async () => void done.push('undo one'),
        },
        {
          name: 'two',
          title: 'Two',
          maxFailures: 1,
          async run() {
            if (broken) throw new Error('Away.')
            done.push('two')
          },
        },
      ],
    })
    const find = work(task)
    const [resumed, undone] = [await start(task, {}), await start(task, {})]
    await until(resumed, 'failed')
    await until(undone, 'failed')
    expect(done).toEqual(['one', 'one'])
    await db.transact(dana, (tx) => undoTask(tx, undone, find))
    await expect.poll(() => done.at(-1)).toBe('undo one')
    await until(undone, 'failed')
    broken = false
    await db.transact(dana, (tx) => retryTask(tx, resumed, find))
    await until(resumed, 'succeeded')
    expect(done).toEqual(['one', 'one', 'undo one', 'two'])
  })

  it('waits for a signal without holding a place, and for nobody longer than it said', async () => {
    const task = defineTask({
      ...base,
      kind: 'test.waits',
      steps: [
        {
          name: 'person',
          title: 'A person applies the script',
          run: async ({ signals }) =>
            signals.applied ? { by: signals.applied } : waitFor('Somebody has to apply the script'),
        },
        {
          name: 'time',
          title: 'A while',
          run: async ({ attempt }) => (attempt === 1 ? waitFor('A while', 0.3) : undefined),
        },
      ],
    })
    work(task)
    const taskId = await start(task, {})
    await until(taskId, 'waiting')
    expect((await look(taskId)).waiting).toMatchObject({ reason: 'Somebody has to apply the script' })
    expect(await db.transact(dana, (tx) => sendSignal(tx, taskId, 'applied', 'Dana'))).toBe(true)
    await until(taskId, 'succeeded')
    expect((await look(taskId)).output).toEqual({ by: 'Dana' })
    expect(await db.transact(dana, (tx) => sendSignal(tx, taskId, 'applied', 'Eve'))).toBe(false)
  })

  it('is cancelled where its step allows it, and undone', async () => {
    const task = defineTask({
      ...base,
      kind: 'test.cancelled',
      steps: [
        {
          name: 'one',
          title: 'One',
          run: ({ taskId, transact }) => transact((tx) => effect(tx, taskId, 'one')),
          undo: ({ taskId, transact }) => transact((tx) => effect(tx, taskId, 'undo one')),
        },
        {
          name: 'saving',
          title: 'Saving',
          notCancellable: 'The device is saving: that cannot be interrupted.',
          run: async ({ signals }) => (signals.saved ? undefined : waitFor('The device is saving')),
        },
        { name: 'three', title: 'Three', run: async () => waitFor('Somebody') },
      ],
    })
    const find = work(task)
    const taskId = await start(task, {})
    await until(taskId, 'waiting')
    await expect(db.transact(dana, (tx) => cancelTask(tx, taskId, find))).rejects.toMatchObject({
      status: 409,
      code: 'task-state',
      message: 'The device is saving: that cannot be interrupted.',
    })
    await db.transact(dana, (tx) => sendSignal(tx, taskId, 'saved', true))
    await expect.poll(async () => (await look(taskId)).waiting?.reason).toBe('Somebody')
    await db.transact(dana, (tx) => cancelTask(tx, taskId, find))
    await until(taskId, 'cancelled')
    expect(await effects(taskId)).toEqual(['one', 'undo one'])
    await expect(db.transact(dana, (tx) => retryTask(tx, taskId, find))).rejects.toMatchObject({ status: 409 })
  })

  it('tries a step again by itself, and says when', async () => {
    let calls = 0
    const task = defineTask({
      ...base,
      kind: 'test.flaky',
      steps: [
        {
          name: 'flaky',
          title: 'Flaky',
          async run() {
            calls += 1
            if (calls < 3) throw Object.assign(new Error('Busy.'), { retryAfterMs: 100 })
          },
        },
      ],
    })
    work(task)
    const taskId = await start(task, {})
    await until(taskId, 'succeeded')
    expect((await steps(taskId))[0]).toMatchObject({ attempts: 3, failures: 0, error: null })
  })

  it('stops a step that takes too long, which can write nothing afterwards', async () => {
    const late = Promise.withResolvers<unknown>()
    const task = defineTask({
      ...base,
      kind: 'test.slow',
      steps: [
        {
          name: 'slow',
          title: 'Slow',
          timeoutSeconds: 0.1,
          maxFailures: 1,
          async run({ taskId, transact, signal }) {
            await sleep(5_000, undefined, { signal }).catch(() => {})
            await transact((tx) => effect(tx, taskId, 'late')).catch((error) => {
              late.resolve(error)
              throw error
            })
          },
        },
      ],
    })
    work(task)
    const taskId = await start(task, {})
    await until(taskId, 'failed')
    expect((await look(taskId)).error?.code).toBe('job-timed-out')
    expect(await late.promise).toBeInstanceOf(Error)
    expect(await effects(taskId)).toEqual([])
  })

  it('does local steps in one transaction with what is written down of them; one that fails is undone', async () => {
    const local = (name: string, fails: boolean) => ({
      ...{ name, title: name, local: true as const },
      run: async ({ taskId, transact, input }: StepContext<{ fails?: boolean }>) => {
        await transact((tx) => effect(tx, taskId, `do ${name}`))
        await transact(async (tx) => {
          await effect(tx, taskId, `more of ${name}`)
          if (fails && input.fails) throw Object.assign(new Error('It cannot be.'), { retryable: false })
        })
      },
      undo: ({ taskId, transact }: StepContext) => transact((tx) => effect(tx, taskId, `undo ${name}`)),
    })
    const task = defineTask<{ fails?: boolean }>({
      ...{ kind: 'test.local', ...base },
      steps: [local('a', false), local('b', true)],
    })
    const taskId = await start(task, {})
    await db.asOwner.query(NOTE_WRITES)
    work(task)
    await until(taskId, 'succeeded')
    expect(await effects(taskId)).toEqual(['do a', 'more of a', 'do b', 'more of b'])
    const { rows } = await db.asOwner.query(
      'select count(distinct transaction)::int as transactions, count(distinct name)::int as tables from written',
    )
    expect(rows[0].tables).toBe(2)
    expect(rows[0].transactions).toBe(1)

    const failed = await start(task, { fails: true })
    await until(failed, 'failed')
    // The first transaction of the step that failed had ended: its undo takes that back.
    expect(await effects(failed)).toEqual(['do a', 'more of a', 'do b', 'undo b', 'undo a'])
  })

  it('of a kind that is not known any more fails in words', async () => {
    const taskId = await start(sagaTask, {})
    work(batchTask)
    await until(taskId, 'failed')
    expect((await look(taskId)).error?.code).toBe('task-kind-unknown')
  })
})

describe('a task over items', () => {
  const ids = Array.from({ length: 110 }, (_, n) => `item ${n + 1}`)

  it('does all in batches, once each, and counts them', async () => {
    work(batchTask)
    const taskId = await start(batchTask, {}, ids)
    await until(taskId, 'succeeded')
    expect(await effects(taskId)).toEqual(ids)
    expect(await look(taskId)).toMatchObject({ itemsTotal: 110, itemsSucceeded: 110, itemsFailed: 0 })
  })

  it('finds the items that spoil a batch, does the others, and retries only what failed', async () => {
    const bad = ['item 7', 'item 60']
    const find = work({ ...batchTask, kind: batchTask.kind })
    const taskId = await start(batchTask, { bad }, ids)
    await until(taskId, 'partial')
    expect((await effects(taskId)).length).toBe(108)
    const failed = (await items(taskId)).filter((item) => item.state === 'failed')
    expect(failed.map(({ objectId, code, message }) => [objectId, code, message])).toEqual(
      bad.map((id) => [id, 'bad-thing', 'Bad thing.']),
    )
    expect(await look(taskId)).toMatchObject({ error: { code: 'items-failed' }, itemsSucceeded: 108, itemsFailed: 2 })
    const { taskId: id } = await look(taskId)
    await db.asOwner.query(`update task set input = '{}' where task_id = $1`, [id])
    await db.transact(dana, (tx) => retryTask(tx, taskId, find))
    await until(taskId, 'succeeded')
    expect((await effects(taskId)).sort()).toEqual([...ids].sort())
    expect(await look(taskId)).toMatchObject({ itemsSucceeded: 110, itemsFailed: 0 })
  })

  it('stops between two batches when it is cancelled, and takes back what was done', async () => {
    const find = work(batchTask)
    const taskId = await start(batchTask, { pauseMs: 100 }, ids)
    await expect.poll(async () => (await look(taskId)).itemsSucceeded, { interval: 5 }).toBeGreaterThan(0)
    await db.transact(dana, (tx) => cancelTask(tx, taskId, find))
    await until(taskId, 'cancelled')
    const seen = await effects(taskId)
    const done = seen.filter((what) => !what.startsWith('undo'))
    expect(done.length).toBeLessThan(110)
    expect(seen.slice(done.length)).toEqual(done.map((what) => `undo ${what}`).reverse())
  })

  it('can call outside for each, some at a time; what may pass is tried again, the rest is that item’s own', async () => {
    let atOnce = 0
    let most = 0
    const calls = new Map<string, number>()
    const task = defineTask({
      ...base,
      kind: 'test.each',
      steps: [
        {
          name: 'calls',
          title: 'Calls',
          unit: 'things',
          concurrency: 3,
          async each({ objectId }) {
            most = Math.max(most, ++atOnce)
            await sleep(5)
            atOnce -= 1
            calls.set(objectId, (calls.get(objectId) ?? 0) + 1)
            if (objectId === 'item 2') throw new AppError({ code: 'not-found', status: 404, detail: 'Gone.' })
            if (objectId === 'item 5' && calls.get(objectId) === 1)
              throw Object.assign(new Error('Busy.'), { retryAfterMs: 50 })
            return objectId === 'item 9'
              ? { state: 'skipped' as const, message: 'Done before.' }
              : { state: 'succeeded' as const }
          },
        },
      ],
    })
    work(task)
    const taskId = await start(task, {}, ids.slice(0, 20))
    await until(taskId, 'partial')
    expect(most).toBe(3)
    expect(await look(taskId)).toMatchObject({ itemsSucceeded: 18, itemsFailed: 1, itemsSkipped: 1 })
    expect([calls.get('item 5'), calls.get('item 2'), calls.get('item 1')]).toEqual([2, 1, 1])
  })
})

describe('scope', () => {
  it('of a task is that of who started it, for who sees it and for what it does', async () => {
    await db.asOwner.query(`insert into operator (operator_id, name) values (868, 'Northwind')`)
    await db.asOwner.query(
      `insert into channel (operator_id, channel_id, name) values (868, 907, 'Riverside'), (868, 1, 'Other')`,
    )
    let scope: unknown
    const task = defineTask({
      ...base,
      kind: 'test.scope',
      steps: [
        {
          name: 'look',
          title: 'Look',
          run: async ({ transact, principal }) => {
            scope = [principal.name, principal.channelId, await transact(async (tx) => tx.principal.channelId)]
          },
        },
      ],
    })
    const find = work(task)
    const riverside = { ...dana, name: 'Rita', channelId: 907 }
    const taskId = await start(task, {}, undefined, riverside)
    await until(taskId, 'succeeded')
    expect(scope).toEqual(['Rita', 907, 907])
    expect(await look(taskId, { ...dana, channelId: 1 })).toBeNull()
    expect(await look(taskId, { ...dana, operatorId: 869 })).toBeNull()
    expect(await look(taskId, riverside)).toMatchObject({ channelId: 907 })
    const foreign = { ...dana, channelId: 1 }
    await expect(db.transact(foreign, (tx) => cancelTask(tx, taskId, find))).rejects.toMatchObject({ status: 404 })
    expect(await db.transact(foreign, (tx) => sendSignal(tx, taskId, 'x', 1))).toBe(false)
  })
})

it('is taken back in the name of who asked for that, in the scope of who started it; a retry changes neither', async () => {
  const acted: string[] = []
  const note = async ({ transact }: StepContext, what: string) =>
    transact(async ({ principal }) => {
      acted.push(`${what}: ${principal.name} ${principal.sourceIp} in ${principal.channelId}`)
    })
  const fails = new Set(['do', 'undo'])
  const task = defineTask({
    ...{ ...base, kind: 'test.named', onFailure: 'stop' as const },
    steps: ['first', 'second'].map((name) => ({
      ...{ name, title: name },
      run: async (context: StepContext) => {
        await note(context, `do ${name}`)
        if (name === 'second' && fails.has('do')) throw Object.assign(new Error('No.'), { retryable: false })
      },
      undo: async (context: StepContext) => {
        await note(context, `undo ${name}`)
        if (name === 'first' && fails.has('undo')) throw Object.assign(new Error('No.'), { retryable: false })
      },
    })),
  })
  const find = work(task)
  const rita = { ...dana, id: 'rita', name: 'Rita', channelId: 907 }
  const administrator = { ...dana, id: 'ada', name: 'Ada', sourceIp: '192.0.2.7' }
  const taskId = await start(task, {}, undefined, rita)
  const acts = () => acted.splice(0)
  await until(taskId, 'failed')
  expect(acts()).toEqual(['do first: Rita null in 907', 'do second: Rita null in 907'])
  await db.transact(administrator, (tx) => retryTask(tx, taskId, find))
  await until(taskId, 'failed')
  expect(acts()).toEqual(['do second: Rita null in 907'])
  await db.transact(administrator, (tx) => undoTask(tx, taskId, find))
  await until(taskId, 'stuck')
  expect(acts()).toEqual(['undo second: Ada 192.0.2.7 in 907', 'undo first: Ada 192.0.2.7 in 907'])
  fails.clear()
  await db.transact(rita, (tx) => retryTask(tx, taskId, find))
  await until(taskId, 'failed')
  expect(acts()).toEqual(['undo first: Ada 192.0.2.7 in 907'])
  await db.transact(administrator, (tx) => retryTask(tx, taskId, find))
  await until(taskId, 'succeeded')
  expect(acts()).toEqual(['do first: Rita null in 907', 'do second: Rita null in 907'])
})

it('a task starts with the transaction that decides it, or not at all', async () => {
  work(sagaTask)
  await expect(
    db.transact(dana, async (tx) => {
      await startTask(tx, sagaTask, { title: 'Test', input: {} })
      throw new Error('No.')
    }),
  ).rejects.toThrow('No.')
  const { rows } = await db.asOwner.query(`select from job_run where state = 'queued'`)
  expect(rows).toEqual([])
})
