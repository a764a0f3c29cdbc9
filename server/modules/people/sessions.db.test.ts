import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { permissionsOf } from '../../../contract/roles.ts'
import { type FreshDatabase, freshDatabase } from '../../../test/harness/database.ts'
import {
  ADMINISTRATOR,
  MONITOR,
  NEW_PASSWORD,
  OPERATOR,
  type PeopleWorld,
  PLATFORM,
  RESELLER,
  startPeopleWorld,
} from './people-world.fixture.ts'

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

const WHO = '/api/v4/who-am-i'
const problem = ({ status, body }: { status: number; body: { code?: string } }) => [status, body?.code]

describe('signing in', () => {
  it('sets a cookie that scripts cannot read, and answers who it is', async () => {
    const reply = await world.signIn(' Administrator@Northwind.EXAMPLE ')
    expect(reply.status, JSON.stringify(reply.body)).toBe(200)
    expect(reply.cookie).toMatch(/^leadline_session=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/)
    expect(reply.body).toMatchObject({
      email: ADMINISTRATOR,
      operatorId: 868,
      operators: [{ operatorId: 868, name: 'Northwind Voice', channelId: null }],
      memberships: [{ tier: 'operator', level: 'administrator', operatorName: 'Northwind Voice' }],
      hasPassword: true,
      secondFactor: false,
    })
  })

  it('sets a __Host- cookie on https', async () => {
    const secure = world.startInstance({ publicUrl: 'https://leads.example.com' })
    const reply = await world.signIn(MONITOR, {}, secure)
    expect(reply.cookie).toMatch(/^__Host-leadline=[\w-]{43}; .*Path=\/; HttpOnly; SameSite=Lax; Secure$/)
  })

  it('says the same of a wrong password and of nobody', async () => {
    const wrong = await world.signIn(OPERATOR, { password: 'not this one' })
    const nobody = await world.signIn('nobody@northwind.example', { password: 'not this one' })
    const told = ({ body }: typeof wrong) => ({ ...body, requestId: '' })
    expect(problem(wrong)).toEqual([401, 'sign-in-wrong'])
    expect(told(nobody)).toEqual(told(wrong))
  })

  it('takes as long for nobody as for a wrong password', async () => {
    const time = async (email: string) => {
      const began = performance.now()
      await world.signIn(email, { password: 'not this one', from: '198.51.100.1' })
      return performance.now() - began
    }
    const known: number[] = []
    const unknown: number[] = []
    for (let i = 0; i < 5; i++) {
      known.push(await time(`${['operator', 'monitor'][i % 2]}@fabrikam.example`))
      unknown.push(await time(`nobody-${i}@fabrikam.example`))
    }
    const median = (all: number[]) => all.sort((a, b) => a - b)[2] ?? 0
    expect(median(unknown)).toBeGreaterThan(median(known) / 3)
    expect(median(unknown)).toBeLessThan(median(known) * 3)
  })

  it('lets no foreign page sign anybody in', async () => {
    const { app } = world
    const payload = JSON.stringify({ email: MONITOR, password: 'leadline-sandbox' })
    const send = (headers: Record<string, string>) =>
      app.inject({
        method: 'POST',
        url: '/api/v4/sessions',
        payload,
        headers: { 'content-type': 'application/json', ...headers },
      })
    expect((await send({})).json().code).toBe('csrf-header-missing')
    expect((await send({ 'sec-fetch-site': 'cross-site' })).json().code).toBe('csrf-header-missing')
    expect((await send({ 'sec-fetch-site': 'same-origin' })).statusCode).toBe(200)
  })

  it('refuses the people of a sandbox in a production', async () => {
    const production = world.startInstance({ samplePeople: null })
    expect(problem(await world.signIn(ADMINISTRATOR, {}, production))).toEqual([401, 'sign-in-wrong'])
    const options = await world.call({ url: '/api/v4/sign-in-options' }, production)
    expect(options.body).toEqual({ password: true, openIdConnect: null, samplePeople: [] })
    expect((await world.call({ url: '/api/v4/sign-in-options' })).body.samplePeople).toHaveLength(10)
  })
})

describe('a session', () => {
  it('says who sent a request, with the permissions of the role', async () => {
    const monitor = await world.as(MONITOR)
    const { permissions, ...who } = (await monitor.get(WHO, { 'x-request-id': 'r-1' })).body
    expect(who).toEqual({
      ...{ kind: 'person', id: monitor.me.personId, name: 'Nina Kovar', operatorId: 868, channelId: null },
      ...{ requestId: 'r-1', sourceIp: '127.0.0.1' },
    })
    expect(permissions).toEqual(permissionsOf('operator', 'monitor'))
    expect(problem(await monitor.send('POST', WHO))).toEqual([403, 'permission-missing'])
  })

  it('of a channel sees that channel only', async () => {
    const reseller = await world.as(RESELLER)
    expect((await reseller.get(WHO)).body).toMatchObject({ operatorId: 868, channelId: 907 })
    expect(reseller.me.operators).toEqual([
      {
        ...{ operatorId: 868, name: 'Northwind Voice', channelId: 907, channelName: 'Riverside IT' },
        tenantId: null,
        permissions: permissionsOf('channel', 'administrator'),
      },
    ])
    expect(problem(await reseller.get(WHO, { 'x-ovoc-channel-id': '908' }))).toEqual([403, 'channel-not-yours'])
  })

  it('of somebody with several operators needs one chosen, and knows no foreign one', async () => {
    const platform = await world.as(PLATFORM)
    expect(platform.me.operatorId).toBeNull()
    expect(platform.me.operators.map((one: { operatorId: number }) => one.operatorId)).toEqual([869, 868])
    const none = await platform.get(WHO)
    expect(problem(none)).toEqual([409, 'operator-not-chosen'])
    expect(JSON.stringify(none.body)).not.toMatch(/Northwind|868/)
    expect((await platform.get(WHO, { 'x-leadline-operator': '869' })).body).toMatchObject({ operatorId: 869 })
    expect((await platform.get('/api/v4/me', { 'x-leadline-operator': '869' })).body.operatorId).toBe(869)

    const northwind = await world.as(OPERATOR)
    const foreign = await northwind.get(WHO, { 'x-leadline-operator': '869' })
    const missing = await northwind.get(WHO, { 'x-leadline-operator': '4711' })
    expect(problem(foreign)).toEqual([404, 'not-found'])
    expect({ ...foreign.body, requestId: '' }).toEqual({ ...missing.body, requestId: '' })
    expect(problem(await northwind.get('/api/v4/me', { 'x-leadline-operator': '869' }))).toEqual([404, 'not-found'])
  })

  it('changes nothing for a foreign page', async () => {
    const operator = await world.as(OPERATOR)
    const send = (headers: Record<string, string>) =>
      world.app.inject({ method: 'POST', url: WHO, headers: { cookie: operator.cookie, ...headers } })
    expect((await send({})).json()).toMatchObject({ status: 403, code: 'csrf-header-missing' })
    expect((await send({ 'sec-fetch-site': 'same-site' })).statusCode).toBe(403)
    expect((await send({ 'sec-fetch-site': 'same-origin' })).statusCode).toBe(200)
    expect((await send({ 'x-leadline-csrf': '1' })).statusCode).toBe(200)
  })

  it('ends when it is idle, when it is old, and when its person signs out', async () => {
    const person = await world.as(OPERATOR)
    world.pass(8 * 3600 - 1)
    expect((await person.get('/api/v4/me')).status).toBe(200)
    world.pass(8 * 3600 + 1)
    expect(problem(await person.get('/api/v4/me'))).toEqual([401, 'session-ended'])

    const busy = await world.as(OPERATOR)
    for (let hours = 0; hours < 7 * 24; hours += 7) {
      expect((await busy.get('/api/v4/me')).status, `after ${hours} h`).toBe(200)
      world.pass(7 * 3600)
    }
    expect(problem(await busy.get(WHO))).toEqual([401, 'session-ended'])

    const leaving = await world.as(OPERATOR)
    const out = await leaving.send('DELETE', '/api/v4/sessions/current')
    expect([out.status, out.cookie]).toEqual([204, 'leadline_session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax'])
    expect(problem(await leaving.get(WHO))).toEqual([401, 'session-ended'])
    expect((await leaving.send('DELETE', '/api/v4/sessions/current')).status).toBe(204)
  })

  it('is seen and ended by its owner, on every instance at once, and by nobody else', async () => {
    const here = await world.as(MONITOR, { headers: { 'user-agent': 'Browser at home' } })
    const there = await world.as(MONITOR, { headers: { 'user-agent': 'Browser at work' } })
    const { data } = (await here.get('/api/v4/sessions')).body
    const mine = data.filter((one: { userAgent: string }) => /^Browser at/.test(one.userAgent))
    expect(mine.map((one: { userAgent: string; current: boolean }) => [one.userAgent, one.current]).sort()).toEqual([
      ['Browser at home', true],
      ['Browser at work', false],
    ])
    const stranger = await world.as(OPERATOR)
    expect((await stranger.send('DELETE', `/api/v4/sessions/${there.me.sessionId}`)).status).toBe(404)
    expect((await here.send('DELETE', `/api/v4/sessions/${there.me.sessionId}`)).status).toBe(204)
    const other = world.startInstance()
    expect(problem(await world.call({ url: WHO, headers: { cookie: there.cookie } }, other))).toEqual([
      401,
      'session-ended',
    ])
    const third = await world.as(MONITOR)
    expect((await here.send('POST', '/api/v4/sessions/revoke-others')).body.ended).toBeGreaterThanOrEqual(1)
    expect((await third.get('/api/v4/me')).status).toBe(401)
    expect((await here.get('/api/v4/me')).status).toBe(200)
  })

  it('knows when the visit before began to be over', async () => {
    const person = await world.as('monitor@fabrikam.example')
    expect(person.me.previousVisitAt).toBeNull()
    world.pass(1200)
    expect((await person.get('/api/v4/me')).body.previousVisitAt).toBeNull()
    const lastSeen = world.clock.now().toISOString()
    world.pass(3600)
    expect((await person.get('/api/v4/me')).body.previousVisitAt).toBe(lastSeen)
    world.pass(600)
    expect((await person.get('/api/v4/me')).body.previousVisitAt).toBe(lastSeen)
  })

  it('is none without a cookie, with nonsense, and with the token of an API client', async () => {
    expect(problem(await world.call({ url: '/api/v4/me' }))).toEqual([401, 'not-signed-in'])
    expect(problem(await world.call({ url: WHO }))).toEqual([401, 'credentials-missing'])
    const headers = { cookie: 'leadline_session=nonsense; x=y' }
    expect(problem(await world.call({ url: '/api/v4/me', headers }))).toEqual([401, 'session-ended'])
  })
})

describe('what is kept', () => {
  it('is no token and no password, and the journal says who did what', async () => {
    const person = await world.as(ADMINISTRATOR)
    await world.signIn(ADMINISTRATOR, { password: `wrong ${NEW_PASSWORD}` })
    const token = person.cookie.split('=')[1] ?? ''
    await expect.poll(async () => (await world.journal('session.refused')).length).toBeGreaterThan(0)
    const { rows } = await db.asOwner.query(
      'select (select json_agg(s) from session s)::text || (select json_agg(j) from journal_entry j)::text as all',
    )
    expect(rows[0].all).not.toContain(token)
    expect(rows[0].all).not.toContain(NEW_PASSWORD)
    expect(world.logLines.join('')).not.toContain(token)
    expect(world.logLines.join('')).not.toContain(NEW_PASSWORD)
    const begun = (await world.journal('session.begun')).at(-1)
    expect(begun).toMatchObject({
      operator_id: 868,
      actor_kind: 'person',
      actor_id: person.me.personId,
      detail: 'With password.',
    })
  })
})
