import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../../test/harness/database.ts'
import { fairLimit } from '../../../test/harness/fair-limit.ts'
import { ADMINISTRATOR, MONITOR, OPERATOR, type PeopleWorld, startPeopleWorld } from './people-world.fixture.ts'

let db: FreshDatabase
let world: PeopleWorld

beforeAll(async () => {
  db = await freshDatabase()
  world = await startPeopleWorld(db)
})
beforeEach(() => world.pass(2 * 3600))
afterAll(async () => {
  await world?.close()
  await db?.close()
})

const GUESSER = '203.0.113.66'
const HOME = '198.51.100.7'
const guess = (email: string, from: string) => world.signIn(email, { password: 'a wrong guess', from })

describe('failed sign-ins', () => {
  it('slow the address they come from, a thousand at once too, and nobody else', async () => {
    const emails = Array.from({ length: 1_000 }, (_, i) => (i % 2 ? ADMINISTRATOR : `somebody-${i}@northwind.example`))
    const flood = Promise.all(emails.map((email) => guess(email, GUESSER)))
    expect((await world.signIn(MONITOR, { from: '198.51.100.8' })).status, 'in the middle of it').toBe(200)
    const replies = await flood
    const answered = replies.filter(({ status }) => status === 401).length
    expect(answered).toBeGreaterThanOrEqual(5)
    expect(answered).toBeLessThanOrEqual(20)
    const slowed = replies.filter(({ status }) => status === 429)
    expect(answered + slowed.length).toBe(1_000)
    expect(Number(slowed[0]?.headers['retry-after'])).toBeGreaterThan(0)
    expect(slowed[0]?.body.code).toBe('sign-in-slowed')

    // The guesser waits with a good password too; the owner, elsewhere, does not.
    expect((await world.signIn(OPERATOR, { from: GUESSER })).status).toBe(429)
    const began = performance.now()
    expect((await world.signIn(ADMINISTRATOR, { from: HOME })).status).toBe(200)
    expect(performance.now() - began).toBeLessThan(fairLimit(2_000))
  })

  it('make the wait longer each time, and let go after it', async () => {
    const waits: number[] = []
    for (let i = 0; i < 4; i++) expect((await guess(MONITOR, GUESSER)).status).toBe(401)
    for (let i = 4; i < 9; i++) {
      const reply = await guess(MONITOR, GUESSER)
      const slowed = await guess(MONITOR, GUESSER)
      expect([reply.status, slowed.status], `guess ${i}`).toEqual([401, 429])
      waits.push(Number(slowed.headers['retry-after']))
      world.pass(waits.at(-1) ?? 0)
    }
    expect(waits).toEqual([...waits].sort((a, b) => a - b))
    expect((waits.at(-1) ?? 0) / (waits[0] ?? 1)).toBeGreaterThanOrEqual(8)
    expect((await world.signIn(MONITOR, { from: GUESSER })).status).toBe(200)
  })

  it('of the whole world at one account never keep its owner out of the places he knows', async () => {
    expect((await world.signIn(OPERATOR, { from: HOME })).status).toBe(200)
    const replies = []
    for (let i = 0; i < 15; i++) replies.push((await guess(OPERATOR, `192.0.2.${i}`)).status)
    expect(replies.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 401))
    expect(replies.slice(11)).toContain(429)
    expect((await world.signIn(OPERATOR, { from: '192.0.2.99' })).status).toBe(429)
    expect((await world.signIn(OPERATOR, { from: HOME })).status).toBe(200)
  })

  it('are counted by all instances together, and forgotten after a success', async () => {
    const other = world.startInstance()
    for (let i = 0; i < 5; i++) {
      const on = i % 2 ? other : undefined
      expect((await world.signIn(MONITOR, { password: 'wrong', from: GUESSER }, on)).status).toBe(401)
    }
    expect((await world.signIn(MONITOR, { password: 'wrong', from: GUESSER }, other)).status).toBe(429)
    world.pass(60)
    expect((await world.signIn(MONITOR, { from: GUESSER })).status).toBe(200)
    for (let i = 0; i < 4; i++) expect((await guess(MONITOR, GUESSER)).status).toBe(401)
  })

  it('leave no mail address and no address that is old in the table', async () => {
    await guess('secret-typed-as-name', GUESSER)
    const keys = async () => (await db.asOwner.query('select key from sign_in_throttle')).rows.map((row) => row.key)
    expect((await keys()).join()).not.toContain('secret')
    world.pass(4 * 3600)
    await guess('another', HOME)
    expect(await keys()).toHaveLength(3)
  })
})
