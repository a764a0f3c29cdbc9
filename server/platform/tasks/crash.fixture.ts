import { pino } from 'pino'
import { openDatabase } from '../db/database.ts'
import { createTransact, createTransactJointly } from '../db/transaction.ts'
import { createTaskRegistry, startTaskRunner } from './index.ts'
import { fixtureTasks } from './tasks.fixture.ts'

/** A worker process of its own, to be killed and frozen by crash.db.test.ts: `node crash.fixture.ts <url> <timings>`. */
const [url = '', timings = '{}'] = process.argv.slice(2)
const database = openDatabase({ url, poolSize: 8, streamPoolSize: 1, applicationName: 'crash', onError: () => {} })
const runner = startTaskRunner({
  registry: createTaskRegistry(fixtureTasks),
  transact: createTransact(database.pool),
  transactJointly: createTransactJointly(database.pool),
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
