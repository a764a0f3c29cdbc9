import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { installationPrincipal } from '../../server/kernel/principal.ts'
import { openDatabase } from '../../server/platform/db/database.ts'
import { connectionOf, createTransact } from '../../server/platform/db/transaction.ts'
import { createDispatcher, type Subscriber, writeEvents } from '../../server/platform/events/index.ts'
import { createJobRegistry, defineJob, type JobTimings, startJobRunner } from '../../server/platform/jobs/index.ts'
import { JOBS } from './pauses-jobs.ts'

// A worker of pauses.ts: `node pauses-worker.ts <url> <timings>`. Every effect is a row in a table without a unique key, so
// that one which happens twice shows and does not fail.

const [url = '', timings = '{}'] = process.argv.slice(2)
const log = pino({ level: 'silent' })
const open = (poolSize: number) =>
  openDatabase({ url, poolSize, streamPoolSize: 1, applicationName: 'pauses', onError: () => {} })
const database = open(6)
const transact = createTransact(database.pool)

const jobs = JOBS.map((name) =>
  defineJob({
    name,
    summary: 'Two effects, an event with the second',
    scope: 'each-operator',
    timeoutSeconds: 300,
    maxFailures: 100,
    async run({ transact: fenced, cursor, saveCursor, finish, operatorId, signal }) {
      const effect = 'insert into effect (job, operator_id, step, pid) values ($1, $2, $3, $4)'
      if (cursor<{ step: number }>() === null) {
        await fenced(async (tx) => {
          await connectionOf(tx).query(effect, [name, operatorId, 1, process.pid])
          await saveCursor(tx, { step: 1 })
        })
        await sleep(Math.random() * 10, undefined, { signal })
      }
      await fenced(async (tx) => {
        await connectionOf(tx).query(effect, [name, operatorId, 2, process.pid])
        await writeEvents(tx, [{ name: 'crash.done', key: `${name}/${operatorId}`, payload: { name, operatorId } }])
        // A pause may come between the effect and the end.
        await sleep(Math.random() * 5)
        await finish(tx)
      })
    },
  }),
)

/** `once`: the effect and the delivery's end in one transaction; else whatever may happen twice. */
function hearing(once: boolean): Subscriber {
  return {
    events: ['crash.done'],
    timeoutSeconds: 3,
    maxAttempts: 100,
    async handle({ id, key }, { done }) {
      await transact(installationPrincipal('pauses', id), async (tx) => {
        await connectionOf(tx).query('insert into heard (once, event_id, key) values ($1, $2, $3)', [once, id, key])
        if (once) await done(tx)
      })
    },
  }
}

startJobRunner({
  registry: createJobRegistry({ transact, jobs, config: {} }),
  transact,
  control: createTransact(open(2).pool),
  listOperators: async () => [],
  log,
  timings: JSON.parse(timings) as Partial<JobTimings>,
})
createDispatcher({
  transact,
  pool: database.pool,
  subscribers: { 'crash.once': hearing(true), 'crash.at-least-once': hearing(false) },
  log,
})
