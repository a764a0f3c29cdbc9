import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../../test/harness/database.ts'
import { jobPrincipal } from '../../kernel/principal.ts'
import { leadIntake } from './index.ts'

// Whose addresses are asked for next: issue 2, 4. At a million leads it must cost what it returns, not what there is.

let db: FreshDatabase
const LEADS = 20_000
const NOW = Date.parse('2026-11-22T12:00:00Z')
const hours = (count: number) => new Date(NOW - count * 3_600_000)
const askedBefore = hours(24)
const failedBefore = hours(0.25)

beforeAll(async () => {
  db = await freshDatabase()
  // Arrival n: every 1,000th is licensed, every 10th not Active; nobody has been asked.
  await db.asOwner.query(
    `insert into lead (operator_id, lead_id, arrival, tenant_id, is_direct, status, company_name, company_size, consented_at,
       modified_at, countries, remote_hash, ump_customer_guid, body)
     select 1, gen_random_uuid(), n, gen_random_uuid(), false, case when n % 10 = 5 then 'Removed' else 'Active' end, 'C', -1,
       now(), now(), '{}', '\\x00', case when n % 1000 = 0 then gen_random_uuid() end, repeat('x', 200)
     from generate_series(1, $1::int) n`,
    [LEADS],
  )
  await db.asOwner.query('vacuum analyze lead')
})
afterAll(() => db?.close())

const due = async (limit: number) => {
  const tenants = await db.transact(jobPrincipal('test', 1, 'r'), (tx) =>
    leadIntake.tenantsDueForAddresses(tx, limit, askedBefore, failedBefore),
  )
  const { rows } = await db.asOwner.query('select tenant_id, arrival from lead where tenant_id = any($1)', [tenants])
  const arrivals = new Map(rows.map((row) => [row.tenant_id, row.arrival]))
  return tenants.map((tenant) => arrivals.get(tenant))
}
const count = () =>
  db.transact(jobPrincipal('test', 1, 'r'), (tx) => leadIntake.countDueForAddresses(tx, askedBefore, failedBefore))
const set = (columns: string, where: string) => db.asOwner.query(`update lead set ${columns} where ${where}`)

describe('addresses that are due', () => {
  it('are of licensed leads first, then in order of arrival, of Active leads only', async () => {
    const licensed = LEADS / 1000
    expect(await due(licensed + 6)).toEqual([
      ...Array.from({ length: licensed }, (_, n) => (n + 1) * 1000),
      ...[1, 2, 3, 4, 6, 7],
    ])
    expect(await count()).toBe((LEADS * 9) / 10)
  })

  it('come after those never asked when they were, the oldest answer first, and not before a day is over', async () => {
    await set(`addresses_asked_at = '${hours(1).toISOString()}'`, 'true')
    expect([await due(5), await count()]).toEqual([[], 0])
    await set(`addresses_asked_at = '${hours(30).toISOString()}'`, 'arrival = 7')
    await set(`addresses_asked_at = '${hours(90).toISOString()}'`, 'arrival = 9')
    await set(`addresses_asked_at = '${hours(60).toISOString()}'`, 'arrival = 1000')
    await set('addresses_asked_at = null', 'arrival = 11')
    expect([await due(5), await count()]).toEqual([[11, 9, 1000, 7], 4])
    expect(await due(2)).toEqual([11, 9])
  })

  it('wait after a failure', async () => {
    await set(`addresses_failed_at = '${hours(0.1).toISOString()}'`, 'arrival in (11, 9)')
    expect(await due(5)).toEqual([1000, 7])
    await set(`addresses_failed_at = '${hours(0.5).toISOString()}'`, 'arrival in (11, 9)')
    expect(await due(5)).toEqual([11, 9, 1000, 7])
  })

  it('do not wait after a hasty failure', async () => {
    await set(
      `addresses_failed_at = '${hours(0.1).toISOString()}', addresses_failed_hastily = true`,
      'arrival in (11, 9)',
    )
    expect([await due(5), await count()]).toEqual([[11, 9, 1000, 7], 4])
    await set(`addresses_failed_hastily = false`, 'arrival in (11, 9)')
    expect([await due(5), await count()]).toEqual([[1000, 7], 2])
    await set(`addresses_failed_at = null`, 'arrival in (11, 9)')
  })

  it('name a tenant once, however many leads it has', async () => {
    await set(`tenant_id = (select tenant_id from lead where arrival = 9)`, 'arrival = 7')
    expect((await due(5)).length).toBe(3)
  })
})

it('walks along the index in either case, and sorts nothing', async () => {
  const client = await db.pool.connect()
  try {
    await client.query(`begin; set local role leadline_app`)
    await client.query(
      `select set_config('leadline.operator_id', '1', true), set_config('leadline.tenant_id', '', true)`,
    )
    for (const condition of ['addresses_asked_at is null', 'addresses_asked_at < $2']) {
      const values = condition.includes('$2') ? [failedBefore, askedBefore] : [failedBefore]
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(
        `explain (costs off) select tenant_id from lead
         where operator_id = 1 and status = 'Active' and ${condition}
           and (addresses_failed_at is null or addresses_failed_hastily or addresses_failed_at < $1)
         order by operator_id, addresses_asked_at nulls first, (ump_customer_guid is null), arrival limit 100`,
        values,
      )
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
      expect(plan).toContain('Index Scan using lead_addresses_due')
      expect(plan).not.toContain('Sort')
    }
  } finally {
    await client.query('rollback')
    client.release()
  }
})
