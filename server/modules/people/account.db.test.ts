import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../../test/harness/database.ts'
import { MONITOR, NEW_PASSWORD, OPERATOR, type PeopleWorld, startPeopleWorld } from './people-world.fixture.ts'
import { totpCode, totpStep } from './totp.ts'

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

const PASSWORD = 'leadline-sandbox'
const problem = ({ status, body }: { status: number; body: { code?: string } }) => [status, body?.code]

describe('the password', () => {
  it('is changed by who knows the present one, and ends the other sessions', async () => {
    const here = await world.as(OPERATOR)
    const there = await world.as(OPERATOR)
    const change = (currentPassword: string, newPassword: string) =>
      here.send('POST', '/api/v4/me/password', { currentPassword, newPassword })
    expect(problem(await change('wrong', NEW_PASSWORD))).toEqual([403, 'present-password-wrong'])
    const weak = await change(PASSWORD, 'operatorpassword')
    expect([weak.status, weak.body.errors[0].pointer]).toEqual([400, '/body/newPassword'])
    expect((await change(PASSWORD, 'short')).status).toBe(400)
    expect((await change(PASSWORD, NEW_PASSWORD)).status).toBe(204)
    expect((await here.get('/api/v4/me')).status).toBe(200)
    expect(problem(await there.get('/api/v4/me'))).toEqual([401, 'session-ended'])
    expect((await world.signIn(OPERATOR)).status).toBe(401)
    // The same letters, as another keyboard composes them.
    expect((await world.signIn(OPERATOR, { password: NEW_PASSWORD.normalize('NFD') })).status).toBe(200)
    expect((await world.journal('person.password-changed')).at(-1)).toMatchObject({
      operator_id: 868,
      actor_id: here.me.personId,
    })
  })

  it('cannot be guessed from an open session', async () => {
    const person = await world.as('monitor@fabrikam.example')
    const replies = []
    for (let i = 0; i < 8; i++) {
      replies.push(
        (await person.send('POST', '/api/v4/me/password', { currentPassword: `guess ${i}`, newPassword: NEW_PASSWORD }))
          .status,
      )
    }
    expect(replies).toEqual([403, 403, 403, 403, 403, 429, 429, 429])
  })
})

describe('the second factor', () => {
  const codeNow = (secret: string, ahead = 0) => totpCode(secret, totpStep(world.clock.now()) + ahead)

  it('is set up, asked for, replaced by recovery codes, and taken away', async () => {
    const person = await world.as(MONITOR)
    const start = (password: string) => person.send('POST', '/api/v4/me/second-factor', { password })
    expect(problem(await start('wrong'))).toEqual([403, 'present-password-wrong'])
    const { secret, uri } = (await start(PASSWORD)).body
    expect(uri).toContain(secret)
    const confirm = (code: string) => person.send('POST', '/api/v4/me/second-factor/confirm', { code })
    expect((await world.signIn(MONITOR)).status, 'not asked for before it is confirmed').toBe(200)
    expect(problem(await confirm('000000'))).toEqual([403, 'code-wrong'])
    const { recoveryCodes } = (await confirm(codeNow(secret))).body
    expect(recoveryCodes).toHaveLength(10)
    expect(problem(await confirm(codeNow(secret)))).toEqual([409, 'second-factor-state'])
    expect(problem(await start(PASSWORD))).toEqual([409, 'second-factor-state'])

    expect(problem(await world.signIn(MONITOR))).toEqual([401, 'second-factor-required'])
    expect(problem(await world.signIn(MONITOR, { password: 'wrong', code: codeNow(secret) }))).toEqual([
      401,
      'sign-in-wrong',
    ])
    expect(problem(await world.signIn(MONITOR, { code: '000000' }))).toEqual([401, 'second-factor-wrong'])
    expect(problem(await world.signIn(MONITOR, { code: codeNow(secret) })), 'used to confirm').toEqual([
      401,
      'second-factor-wrong',
    ])
    // The failures above are forgotten by now.
    world.pass(3600)
    const both = await Promise.all([1, 2].map(() => world.signIn(MONITOR, { code: codeNow(secret) })))
    expect(both.map((reply) => reply.status).sort(), 'one code, twice at once').toEqual([200, 401])
    const [recovery] = recoveryCodes
    expect((await world.signIn(MONITOR, { code: recovery.toLowerCase() })).body.recoveryCodesLeft).toBe(9)
    expect(problem(await world.signIn(MONITOR, { code: recovery }))).toEqual([401, 'second-factor-wrong'])

    const { rows } = await db.asOwner.query(
      'select json_agg(p)::text as people, (select json_agg(j)::text from journal_entry j) as journal from person p',
    )
    const kept = rows[0].people + rows[0].journal + world.logLines.join('')
    expect(kept).not.toContain(secret)
    for (const code of recoveryCodes) expect(kept).not.toContain(code)

    world.pass(3600)
    const remove = (code: string) =>
      person.send('POST', '/api/v4/me/second-factor/remove', { password: PASSWORD, code })
    expect(problem(await remove('000000'))).toEqual([403, 'code-wrong'])
    expect((await remove(codeNow(secret))).status).toBe(204)
    expect(problem(await remove(codeNow(secret)))).toEqual([409, 'second-factor-state'])
    expect((await world.signIn(MONITOR)).body).toMatchObject({ secondFactor: false, recoveryCodesLeft: 0 })
    expect((await world.journal()).map((row) => row.action)).toEqual(
      expect.arrayContaining(['person.second-factor-added', 'person.second-factor-removed']),
    )
  })

  it('cannot be guessed', async () => {
    const person = await world.as('operator@riverside.example')
    const { secret } = (await person.send('POST', '/api/v4/me/second-factor', { password: PASSWORD })).body
    await person.send('POST', '/api/v4/me/second-factor/confirm', { code: codeNow(secret) })
    const replies = []
    for (let i = 0; i < 8; i++)
      replies.push((await world.signIn('operator@riverside.example', { code: `00000${i}` })).status)
    expect(replies).toEqual([401, 401, 401, 401, 401, 429, 429, 429])
  })
})
