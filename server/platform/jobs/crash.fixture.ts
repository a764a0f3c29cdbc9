import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { openDatabase } from '../db/database.ts'
import { connectionOf, createTransact } from '../db/transaction.ts'
import { createJobRegistry, defineJob, startJobRunner } from './index.ts'

/** A worker process of its own, to be killed and frozen by crash.db.test.ts: `node crash.fixture.ts <url> <steps> <timings>`. */
const [url = '', steps = '0', timings = '{}'] = process.argv.slice(2)
const database = openDatabase({ url, poolSize: 4, streamPoolSize: 1, applicationName: 'crash', onError: () => {} })
const transact = createTransact(database.pool)

/** Each step writes a row and moves the cursor in one transaction, so each row must be there once, in order. */
const stepsJob = defineJob({
  name: 'test.steps-job',
  summary: 'Counts up',
  scope: 'each-operator',
  timeoutSeconds: 120,
  async run({ transact: fenced, cursor, saveCursor, finish, signal, operatorId, attempt }) {
    for (let step = (cursor<{ step: number }>()?.step ?? 0) + 1; step <= Number(steps); step++) {
      await fenced(async (tx) => {
        await connectionOf(tx).query('insert into step (operator_id, step, pid, attempt) values ($1, $2, $3, $4)', [
          operatorId,
          step,
          process.pid,
          attempt,
        ])
        await saveCursor(tx, { step })
        if (step % 7 === 0) await sleep(5)
      })
      await sleep(3, undefined, { signal })
    }
    await fenced((tx) => finish(tx))
  },
})

const registry = createJobRegistry({ transact, jobs: [stepsJob], config: {} })
const runner = startJobRunner({
  registry,
  transact,
  listOperators: async () => [],
  log: pino({ level: 'silent' }),
  timings: JSON.parse(timings) as object,
})
process.on('SIGTERM', async () => {
  await runner.stop()
  await database.close()
})
process.send?.('ready')
// The parent is gone: so are we.
process.on('disconnect', () => process.exit(1))
