import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../../test/harness/database.ts'
import { installationPrincipal, jobPrincipal } from '../../kernel/principal.ts'
import { connectionOf } from './transaction.ts'

let db: FreshDatabase
beforeAll(async () => {
  db = await freshDatabase()
  await db.asOwner.query("insert into operator (operator_id, name) values (1, 'One'), (2, 'Two')")
  await db.asOwner.query("insert into channel (operator_id, channel_id, name) values (1, 10, 'Ten'), (1, 11, 'Eleven')")
})
afterAll(() => db.close())

const names = (principal: Parameters<typeof db.transact>[0], table: string) =>
  db.transact(principal, async (tx) => {
    const { rows } = await connectionOf(tx).query(`select name from ${table} order by name`)
    return rows.map((row) => row.name)
  })

test('a transaction sees the rows of its operator only', async () => {
  expect(await names(jobPrincipal('t', 1, 'r'), 'operator')).toEqual(['One'])
  expect(await names(jobPrincipal('t', 2, 'r'), 'operator')).toEqual(['Two'])
  expect(await names(jobPrincipal('t', 2, 'r'), 'channel')).toEqual([])
})

test('a channel principal sees its own channel only', async () => {
  expect(await names({ ...jobPrincipal('t', 1, 'r'), channelId: 10 }, 'channel')).toEqual(['Ten'])
})

test('the installation sees every operator, and nothing of tables that do not allow it', async () => {
  expect(await names(installationPrincipal('t', 'r'), 'operator')).toEqual(['One', 'Two'])
  expect(await names(installationPrincipal('t', 'r'), 'channel')).toEqual([])
})

test('a row for another operator is refused, and what came before it is rolled back', async () => {
  const write = db.transact(jobPrincipal('t', 1, 'r'), async (tx) => {
    await connectionOf(tx).query("insert into channel (operator_id, channel_id, name) values (1, 12, 'Twelve')")
    await connectionOf(tx).query("insert into channel (operator_id, channel_id, name) values (2, 20, 'Twenty')")
  })
  await expect(write).rejects.toThrow(/row-level security/)
  expect(await names(jobPrincipal('t', 1, 'r'), 'channel')).toEqual(['Eleven', 'Ten'])
})

test('the scope ends with the transaction, also after an error', async () => {
  await expect(
    db.transact(jobPrincipal('t', 1, 'r'), async (tx) => {
      await connectionOf(tx).query('select no_such_column')
    }),
  ).rejects.toThrow()
  const { rows } = await db.pool.query("select current_setting('leadline.operator_id', true) as operator")
  expect(rows[0].operator ?? '').toBe('')
})

test('a stream whose connection is lost before its end fails as a database that is away', async () => {
  const { rows } = await db.reader.stream(jobPrincipal('test', 1, 'r'), [], `select 'x' from generate_series(1, 3)`)
  await db.asOwner.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'copy%'`,
  )
  await expect(rows.toArray()).rejects.toMatchObject({ status: 503, code: 'database-unavailable' })
})
