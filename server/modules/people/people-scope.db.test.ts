import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../../test/harness/database.ts'
import { beginStatement } from '../../platform/db/transaction.ts'
import {
  ADMINISTRATOR,
  type PeopleWorld,
  PLATFORM,
  RESELLER,
  STRANGER,
  startPeopleWorld,
} from './people-world.fixture.ts'

// The second lock: what PostgreSQL shows, whatever a store forgets to ask.

let db: FreshDatabase
let world: PeopleWorld

beforeAll(async () => {
  db = await freshDatabase()
  world = await startPeopleWorld(db)
  for (const email of [ADMINISTRATOR, RESELLER, STRANGER]) {
    const caller = await world.as(email)
    const tier = email === RESELLER ? 'channel' : 'operator'
    await caller.send('POST', '/api/v4/users/invitations', {
      email: `x@${tier}.example`,
      name: 'X',
      tier,
      level: 'monitor',
    })
  }
  await world.as(PLATFORM)
})
afterAll(async () => {
  await world?.close()
  await db?.close()
})

/** What one statement answers in a scope; the transaction is undone. */
async function inScope(operatorId: number | null, channelId: number | null, statement: string, values: unknown[] = []) {
  const client = await db.pool.connect()
  try {
    const fixed = {
      kind: 'person',
      id: 'p',
      name: 'P',
      permissions: new Set<never>(),
      requestId: 'r',
      sourceIp: null,
    } as const
    await client.query(beginStatement({ ...fixed, operatorId, channelId }))
    return await client.query(statement, values)
  } finally {
    await client.query('rollback')
    client.release()
  }
}

describe.each([
  ['an operator', 868, null, ['northwind.example', 'riverside.example'], 2],
  ['another operator', 869, null, ['fabrikam.example'], 1],
  ['a channel', 868, 907, ['riverside.example'], 1],
  ['a channel that is not there', 868, 908, [], 0],
] as const)('in the scope of %s', (_name, operatorId, channelId, domains, invitations) => {
  const count = async (table: string) =>
    (await inScope(operatorId, channelId, `select count(*)::int as n from ${table}`)).rows[0].n

  it('only its people, memberships, sessions and invitations are there', async () => {
    const { rows } = await inScope(
      operatorId,
      channelId,
      `select distinct split_part(email, '@', 2) as domain from person order by 1`,
    )
    expect(rows.map((row) => row.domain)).toEqual(domains)
    expect(await count('membership')).toBe(3 * domains.length)
    expect(await count('named_membership')).toBe(3 * domains.length)
    expect(await count('session')).toBe(domains.length)
    expect(await count('invitation')).toBe(invitations)
    expect(await count('sign_in_throttle')).toBe(0)
  })

  it('nobody else can be changed', async () => {
    const others = `email like '%leadline.example'${operatorId === 869 ? '' : ` or email like '%fabrikam.example'`}`
    expect(
      (await inScope(operatorId, channelId, `update person set password_hash = 'x' where ${others}`)).rowCount,
    ).toBe(0)
    const foreign = operatorId === 869 ? 868 : 869
    const give = `insert into membership (membership_id, person_id, tier, level, operator_id, created_at)
      select gen_random_uuid(), gen_random_uuid(), 'operator', 'administrator', $1, now()`
    await expect(inScope(operatorId, channelId, give, [foreign])).rejects.toThrow('row-level security')
    const rise = give.replace(`'operator', 'administrator', $1`, `'platform', 'administrator', $1::int`)
    await expect(inScope(operatorId, channelId, rise, [null])).rejects.toThrow('row-level security')
  })
})

it('without operator everybody is there: the sign-in, and the platform tier', async () => {
  expect((await inScope(null, null, 'select count(*)::int as n from person')).rows[0].n).toBe(10)
})
