import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../../test/harness/database.ts'
import {
  ADMINISTRATOR,
  type Json,
  MONITOR,
  NEW_PASSWORD,
  OPERATOR,
  type PeopleWorld,
  PLATFORM,
  RESELLER,
  STRANGER,
  startPeopleWorld,
} from './people-world.fixture.ts'

let db: FreshDatabase
let world: PeopleWorld
type Caller = Awaited<ReturnType<PeopleWorld['as']>>
let administrator: Caller
let stranger: Caller
let reseller: Caller
let platform: Caller

beforeAll(async () => {
  db = await freshDatabase()
  world = await startPeopleWorld(db)
})
beforeEach(async () => {
  world.pass(2 * 3600)
  ;[administrator, stranger, reseller, platform] = (await Promise.all(
    [ADMINISTRATOR, STRANGER, RESELLER, PLATFORM].map((email) => world.as(email)),
  )) as [Caller, Caller, Caller, Caller]
})
afterAll(async () => {
  await world?.close()
  await db?.close()
})

const USERS = '/api/v4/users'
const INVITATIONS = '/api/v4/users/invitations'
const AT_868 = { 'x-leadline-operator': '868' }
const problem = ({ status, body }: { status: number; body: { code?: string } }) => [status, body?.code]
const tokenOf = (link: string) => link.split('#')[1] ?? ''
const idOf = async (email: string): Promise<string> =>
  (await db.asOwner.query('select person_id from person where email = $1', [email])).rows[0].person_id

async function invite(
  caller: Caller,
  email: string,
  role: object = { tier: 'operator', level: 'monitor' },
  headers = {},
) {
  return caller.send('POST', INVITATIONS, { email, name: 'Dana Wills', ...role }, headers)
}
const accept = (link: string, more: object = { newPassword: NEW_PASSWORD }) =>
  world.call({ method: 'POST', url: '/api/v4/invitations/accept', body: { token: tokenOf(link), ...more } })
const open = (link: string) =>
  world.call({ method: 'POST', url: '/api/v4/invitations/open', body: { token: tokenOf(link) } })

describe('an invitation', () => {
  it('becomes an account by its link, once', async () => {
    const made = await invite(administrator, 'Dana@Northwind.example')
    expect(made.status, JSON.stringify(made.body)).toBe(201)
    const { link, invitation } = made.body
    expect(link).toMatch(/^http:\/\/leadline\.test\/accept-invitation#lli_[\w-]{43}$/)
    expect(invitation).toMatchObject({
      email: 'Dana@Northwind.example',
      invitedBy: 'Nora Lindqvist',
      membership: { tier: 'operator', level: 'monitor', operatorId: 868, operatorName: 'Northwind Voice' },
    })
    expect((await administrator.get(INVITATIONS)).body.data).toEqual([invitation])
    expect((await open(link)).body).toMatchObject({ purpose: 'invitation', needs: 'new-password', name: 'Dana Wills' })
    expect((await accept(link, { newPassword: 'short' })).body.status).toBe(400)
    expect((await accept(link, { newPassword: 'danadanadana' })).body.errors[0].pointer).toBe('/body/newPassword')
    const twice = await Promise.all([accept(link), accept(link)])
    // The one that comes second finds the link used, or, when it had looked before, the account made.
    expect(twice.map((reply) => reply.status).sort(), JSON.stringify(twice.map((reply) => reply.body))).toEqual([
      200,
      expect.toBeOneOf([400, 410]),
    ])
    expect(problem(await open(link))).toEqual([410, 'invitation-gone'])
    const dana = await world.as('dana@northwind.example', { password: NEW_PASSWORD })
    expect(dana.me).toMatchObject({ name: 'Dana Wills', operatorId: 868, secondFactor: false })
    expect((await administrator.get(INVITATIONS)).body.data).toEqual([])
    const actions = (await world.journal()).filter((row) => /^invitation/.test(row.action))
    expect(actions.map((row) => [row.action, row.operator_id, row.actor_name])).toEqual([
      ['invitation.created', 868, 'Nora Lindqvist'],
      ['invitation.accepted', 868, 'Dana Wills'],
    ])
  })

  it('is over when it is old, taken back, or replaced; and its link is kept nowhere', async () => {
    const { link: old } = (await invite(administrator, 'old@northwind.example')).body
    world.pass(7 * 86_400 + 1)
    administrator = await world.as(ADMINISTRATOR)
    expect(problem(await accept(old))).toEqual([410, 'invitation-gone'])
    const first = (await invite(administrator, 'old@northwind.example')).body
    const second = (await invite(administrator, 'OLD@northwind.example')).body
    expect(problem(await accept(first.link))).toEqual([410, 'invitation-gone'])
    const back = await administrator.send('DELETE', `${INVITATIONS}/${second.invitation.invitationId}`)
    expect(back.status).toBe(204)
    expect(problem(await accept(second.link))).toEqual([410, 'invitation-gone'])
    const { rows } = await db.asOwner.query(
      'select json_agg(i)::text || (select json_agg(j)::text from journal_entry j) as kept from invitation i',
    )
    for (const { link } of [{ link: old }, first, second]) {
      expect(rows[0].kept + world.logLines.join('')).not.toContain(tokenOf(link))
    }
  })

  it('gives nobody the account that somebody else has', async () => {
    const { link } = (await invite(administrator, STRANGER)).body
    expect((await open(link)).body.needs).toBe('present-password')
    expect((await accept(link)).body.errors[0].pointer).toBe('/body/presentPassword')
    expect(problem(await accept(link, { presentPassword: 'a guess', newPassword: NEW_PASSWORD }))).toEqual([
      401,
      'sign-in-wrong',
    ])
    expect((await accept(link, { presentPassword: 'leadline-sandbox' })).status).toBe(200)
    const both = (await world.as(STRANGER)).me
    expect(both.operators.map((one: Json) => [one.operatorId, one.permissions.includes('users.manage')])).toEqual([
      [869, true],
      [868, false],
    ])
    // What works for others too is not Northwind's to suspend or reset; but to take out.
    const id = await idOf(STRANGER)
    const { actions } = (await administrator.get(`${USERS}/${id}`)).body
    expect(actions.suspendUser).toEqual({ allowed: false, reason: expect.stringContaining('works for others too') })
    for (const verb of ['suspend', 'reset']) {
      const body = verb === 'reset' ? {} : undefined
      expect(problem(await administrator.send('POST', `${USERS}/${id}/${verb}`, body))).toEqual([
        409,
        'account-reaches-beyond',
      ])
    }
    expect((await administrator.send('DELETE', `${USERS}/${id}`)).status).toBe(204)
    expect((await world.as(STRANGER)).me.operators).toHaveLength(1)
  })

  it('gives no more than its giver has, and reaches no further', async () => {
    const roles = async (caller: Caller, role: object, headers = {}) =>
      problem(await invite(caller, 'x@y.example', role, headers))
    expect(await roles(administrator, { tier: 'platform', level: 'monitor' })).toEqual([403, 'permission-beyond-own'])
    expect(await roles(reseller, { tier: 'operator', level: 'monitor' })).toEqual([403, 'permission-beyond-own'])
    expect(await roles(reseller, { tier: 'channel', level: 'monitor', channelId: 908 })).toEqual([
      403,
      'permission-beyond-own',
    ])
    expect(await roles(administrator, { tier: 'channel', level: 'monitor', channelId: 4711 })).toEqual([
      400,
      'bad-request',
    ])
    expect(await roles(administrator, { tier: 'channel', level: 'monitor' })).toEqual([400, 'bad-request'])
    expect(await roles(administrator, { tier: 'operator', level: 'monitor', channelId: 907 })).toEqual([
      400,
      'bad-request',
    ])
    expect(await roles(administrator, { tier: 'customer', level: 'monitor' })).toEqual([400, 'bad-request'])
    expect(await roles(await world.as(OPERATOR), { tier: 'operator', level: 'monitor' })).toEqual([
      403,
      'permission-missing',
    ])
    expect(problem(await invite(administrator, MONITOR))).toEqual([409, 'has-role-already'])
    const own = await invite(reseller, 'x@riverside.example', { tier: 'channel', level: 'monitor' })
    expect(own.body.invitation.membership).toMatchObject({ channelId: 907, channelName: 'Riverside IT' })
    const everywhere = await invite(platform, 'p@leadline.example', { tier: 'platform', level: 'monitor' }, AT_868)
    expect(everywhere.body.invitation.membership).toMatchObject({ tier: 'platform', operatorId: null })
    expect((await administrator.get(INVITATIONS)).body.data.map((one: Json) => one.email)).toEqual([
      'x@riverside.example',
    ])
    expect((await platform.get(INVITATIONS, AT_868)).body.data).toHaveLength(2)
    expect((await accept(everywhere.body.link)).status).toBe(200)
    expect((await accept(own.body.link)).status).toBe(200)
    expect((await world.as('p@leadline.example', { password: NEW_PASSWORD })).me.operators).toHaveLength(2)
    expect((await world.as('x@riverside.example', { password: NEW_PASSWORD })).me.operators[0].channelId).toBe(907)
  })

  it('of the first start makes the first administrator, and no second one', async () => {
    expect(await world.people.invitations.inviteFirstAdministrator()).toBeNull()
    const id = await idOf(PLATFORM)
    await db.asOwner.query(`delete from membership where tier = 'platform'`)
    const replaced = await world.people.invitations.inviteFirstAdministrator()
    const link = await world.people.invitations.inviteFirstAdministrator()
    expect(problem(await open(replaced ?? ''))).toEqual([410, 'invitation-gone'])
    expect((await open(link ?? '')).body).toMatchObject({
      email: null,
      membership: { tier: 'platform', level: 'administrator' },
    })
    expect((await accept(link ?? '')).body.errors[0].pointer).toBe('/body/email')
    expect(
      (await accept(link ?? '', { email: 'first@carrier.example', name: 'First', newPassword: NEW_PASSWORD })).status,
    ).toBe(200)
    expect((await world.as('first@carrier.example', { password: NEW_PASSWORD })).me).toMatchObject({
      name: 'First',
      operatorId: null,
    })
    expect(await world.people.invitations.inviteFirstAdministrator()).toBeNull()
    await db.asOwner.query(
      `insert into membership (membership_id, person_id, tier, level, created_at) values (gen_random_uuid(), $1, 'platform', 'administrator', now())`,
      [id],
    )
  })
})

describe('the people of an operator', () => {
  it('are seen by its administrators only, and those of a channel by the channel', async () => {
    const emails = async (caller: Caller, headers = {}) =>
      (await caller.get(USERS, headers)).body.data.map((user: Json) => user.email.toLowerCase().replace(/^.*(?=@)/, ''))
    expect(new Set(await emails(administrator))).toEqual(new Set(['@northwind.example', '@riverside.example']))
    expect(new Set(await emails(reseller))).toEqual(new Set(['@riverside.example']))
    expect(new Set(await emails(stranger))).toEqual(new Set(['@fabrikam.example']))
    expect(await emails(platform, { 'x-leadline-operator': '869' })).toContain('@leadline.example')
    for (const email of [STRANGER, PLATFORM]) {
      const id = await idOf(email)
      for (const [method, path] of [
        ['GET', ''],
        ['DELETE', ''],
        ['POST', '/suspend'],
      ] as const) {
        expect((await administrator.send(method, `${USERS}/${id}${path}`)).status, `${method} ${email}`).toBe(404)
      }
    }
    expect((await reseller.get(`${USERS}/${await idOf(MONITOR)}`)).status).toBe(404)
  })

  it('are given another role, which holds at once', async () => {
    const id = await idOf(OPERATOR)
    const operator = await world.as(OPERATOR)
    expect((await operator.send('POST', '/api/v4/who-am-i')).status).toBe(200)
    const changed = await administrator.send('PATCH', `${USERS}/${id}`, { tier: 'operator', level: 'monitor' })
    expect([changed.status, changed.body.membership.level]).toEqual([200, 'monitor'])
    expect(problem(await operator.send('POST', '/api/v4/who-am-i'))).toEqual([403, 'permission-missing'])
    const bound = await administrator.send('PATCH', `${USERS}/${id}`, {
      tier: 'channel',
      level: 'operator',
      channelId: 907,
    })
    expect(bound.body.membership).toMatchObject({ tier: 'channel', channelId: 907, channelName: 'Riverside IT' })
    expect((await operator.get('/api/v4/who-am-i')).body).toMatchObject({ channelId: 907 })
    expect(
      problem(await administrator.send('PATCH', `${USERS}/${id}`, { tier: 'platform', level: 'monitor' })),
    ).toEqual([403, 'permission-beyond-own'])
    expect(
      problem(await platform.send('PATCH', `${USERS}/${id}`, { tier: 'platform', level: 'monitor' }, AT_868)),
    ).toEqual([400, 'bad-request'])
    const self = await administrator.send('PATCH', `${USERS}/${administrator.me.personId}`, {
      tier: 'operator',
      level: 'monitor',
    })
    expect(problem(self)).toEqual([409, 'own-account'])
    await administrator.send('PATCH', `${USERS}/${id}`, { tier: 'operator', level: 'operator' })
    expect((await world.journal('person.role-changed')).at(-1)).toMatchObject({
      operator_id: 868,
      actor_name: 'Nora Lindqvist',
      object_name: 'Niall Byrne',
    })
  })

  it('are suspended and let in again', async () => {
    const id = await idOf(MONITOR)
    const monitor = await world.as(MONITOR)
    const suspended = await administrator.send('POST', `${USERS}/${id}/suspend`)
    expect(suspended.body).toMatchObject({
      state: 'suspended',
      openSessions: 0,
      actions: { suspendUser: { allowed: false }, resumeUser: { allowed: true } },
    })
    expect(problem(await monitor.get('/api/v4/me'))).toEqual([401, 'session-ended'])
    expect(problem(await world.signIn(MONITOR))).toEqual([403, 'account-suspended'])
    expect(problem(await world.signIn(MONITOR, { password: 'wrong' }))).toEqual([401, 'sign-in-wrong'])
    expect(problem(await administrator.send('POST', `${USERS}/${id}/suspend`))).toEqual([409, 'account-state'])
    expect((await administrator.send('POST', `${USERS}/${id}/resume`)).body.state).toBe('active')
    expect((await world.signIn(MONITOR)).status).toBe(200)
  })

  it('get a link for a new password, and nothing else lets them in', async () => {
    const id = await idOf(MONITOR)
    const monitor = await world.as(MONITOR)
    const { link: first } = (await administrator.send('POST', `${USERS}/${id}/reset`, {})).body
    const { link } = (await administrator.send('POST', `${USERS}/${id}/reset`, { secondFactor: true })).body
    expect((await monitor.get('/api/v4/me')).status).toBe(401)
    expect(problem(await world.signIn(MONITOR))).toEqual([401, 'sign-in-wrong'])
    expect(problem(await open(first))).toEqual([410, 'invitation-gone'])
    expect((await open(link)).body).toMatchObject({
      purpose: 'new-password',
      email: MONITOR,
      membership: null,
      needs: 'new-password',
    })
    expect((await accept(link)).body).toEqual({ email: MONITOR })
    expect((await accept(link)).status).toBe(410)
    expect((await world.signIn(MONITOR, { password: NEW_PASSWORD })).status).toBe(200)
    expect(problem(await administrator.send('POST', `${USERS}/${administrator.me.personId}/reset`, {}))).toEqual([
      409,
      'own-account',
    ])
  })

  it('are taken out, and cannot sign in any more', async () => {
    const email = 'monitor@riverside.example'
    const id = await idOf(email)
    const person = await world.as(email)
    expect((await reseller.send('DELETE', `${USERS}/${id}`)).status).toBe(204)
    expect((await person.get('/api/v4/me')).status).toBe(401)
    expect(problem(await world.signIn(email))).toEqual([403, 'account-without-role'])
    expect((await reseller.get(`${USERS}/${id}`)).status).toBe(404)
    expect((await world.journal('person.removed')).at(-1)).toMatchObject({ operator_id: 868, channel_id: 907 })
  })
})

describe('an API client with users.manage', () => {
  it('manages the people of its operator, and none of the platform tier', async () => {
    const form = { grant_type: 'client_credentials', client_id: 'northwind-api', client_secret: 'northwind-secret' }
    const token = await world.app.inject({
      ...{ method: 'POST', url: '/oauth2/v2.0/token', payload: new URLSearchParams(form).toString() },
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    const headers = { authorization: `Bearer ${token.json().access_token}` }
    const users = await world.call({ url: USERS, headers })
    expect(users.body.data.map((user: Json) => user.email)).not.toContain(PLATFORM)
    const body = { email: 'y@z.example', name: 'Y', tier: 'platform', level: 'monitor' }
    expect(problem(await world.call({ method: 'POST', url: INVITATIONS, headers, body }))).toEqual([
      403,
      'permission-beyond-own',
    ])
    expect((await world.call({ url: '/api/v4/me', headers })).status).toBe(401)
  })
})
