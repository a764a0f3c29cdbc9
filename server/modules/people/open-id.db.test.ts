import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../../test/harness/database.ts'
import { CLIENT, type Fault, type IdentityProvider, startIdentityProvider } from './identity-provider.fixture.ts'
import { ADMINISTRATOR, OPERATOR, type PeopleWorld, PUBLIC_URL, startPeopleWorld } from './people-world.fixture.ts'

let db: FreshDatabase
let world: PeopleWorld
let provider: IdentityProvider

beforeAll(async () => {
  db = await freshDatabase()
  provider = await startIdentityProvider()
  world = await startPeopleWorld(db, { openId: { issuer: provider.url, ...CLIENT } })
})
beforeEach(() => {
  world.pass(2 * 3600)
  provider.state.fault = null
})
afterAll(async () => {
  await world?.close()
  await provider?.close()
  await db?.close()
})

const START = '/api/v4/sign-in/openid-connect'
const DANA = { sub: 'dana-1', email: 'dana@northwind.example', email_verified: true, name: 'Dana W.' }
const SOMEBODY_ELSE = { ...DANA, sub: 'somebody-else' }

async function begin(returnTo?: string) {
  const reply = await world.call({
    url: returnTo === undefined ? START : `${START}?returnTo=${encodeURIComponent(returnTo)}`,
  })
  return { location: String(reply.headers.location), cookie: reply.cookie.split(';')[0] ?? '', reply }
}

async function finish(back: URL, cookie: string) {
  const reply = await world.call({ url: `${back.pathname}${back.search}`, headers: { cookie } })
  return { status: reply.status, location: String(reply.headers.location), session: reply.cookie.split(';')[0] ?? '' }
}

async function signInAs(claims: object, returnTo?: string) {
  const { location, cookie } = await begin(returnTo)
  return finish(provider.signIn(location, claims), cookie)
}
const failure = (code: string) => ({ status: 302, location: `${PUBLIC_URL}/sign-in?error=${code}`, session: '' })

async function invite(email: string, role: object = { tier: 'operator', level: 'monitor' }): Promise<string> {
  const administrator = await world.as(ADMINISTRATOR)
  const { body } = await administrator.send('POST', '/api/v4/users/invitations', { email, name: 'Dana Wills', ...role })
  return body.link
}

describe('sign-in at an identity provider', () => {
  it('is offered, and leads there with PKCE, state and nonce', async () => {
    const { body } = await world.call({ url: '/api/v4/sign-in-options' })
    expect(body.openIdConnect).toEqual({ name: '127.0.0.1', startUrl: `${PUBLIC_URL}${START}` })
    const { location, reply } = await begin()
    const asked = Object.fromEntries(new URL(location).searchParams)
    expect(asked).toMatchObject({
      ...{ response_type: 'code', client_id: 'leadline', code_challenge_method: 'S256', scope: 'openid profile email' },
      redirect_uri: `${PUBLIC_URL}${START}/callback`,
    })
    expect(asked.state?.length).toBeGreaterThan(30)
    expect(asked.nonce?.length).toBeGreaterThan(30)
    expect(reply.cookie).toMatch(/^leadline_sign_in=v1\.[\w.-]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/)
    expect(reply.cookie).not.toContain(asked.state)
  })

  it('accepts the invitation of the verified address, and comes back to the page', async () => {
    expect(await signInAs(DANA)).toEqual(failure('open-id-unknown-person'))
    await invite('Dana@Northwind.example')
    const back = await signInAs(DANA, '/operators/868/leads?tab=tenants')
    expect(back).toMatchObject({ status: 302, location: `${PUBLIC_URL}/operators/868/leads?tab=tenants` })
    const me = await world.call({ url: '/api/v4/me', headers: { cookie: back.session } })
    expect(me.body).toMatchObject({
      email: 'dana@northwind.example',
      name: 'Dana W.',
      hasPassword: false,
      operatorId: 868,
    })
    expect((await world.call({ url: '/api/v4/sessions', headers: { cookie: back.session } })).body.data[0].method).toBe(
      'openid-connect',
    )
    expect((await signInAs(DANA, '//evil.example')).location).toBe(`${PUBLIC_URL}/`)
    // No password: none fits, the empty hash neither.
    for (const password of ['leadline-sandbox', 'null', 'x']) {
      expect((await world.signIn(DANA.email, { password, from: '203.0.113.9' })).status).toBe(401)
    }
  })

  it('is for the same identity only, until an administrator resets the account', async () => {
    expect(await signInAs(SOMEBODY_ELSE)).toEqual(failure('open-id-other-identity'))
    const administrator = await world.as(ADMINISTRATOR)
    const { rows } = await db.asOwner.query('select person_id from person where email = $1', [DANA.email])
    await administrator.send('POST', `/api/v4/users/${rows[0].person_id}/reset`, {})
    expect((await signInAs(SOMEBODY_ELSE)).location).toBe(`${PUBLIC_URL}/`)
    await administrator.send('POST', `/api/v4/users/${rows[0].person_id}/suspend`)
    expect(await signInAs(SOMEBODY_ELSE)).toEqual(failure('account-suspended'))
    await administrator.send('POST', `/api/v4/users/${rows[0].person_id}/resume`)
  })

  it('trusts no address that is not verified, and none of the sandbox', async () => {
    for (const flag of [false, undefined, 'no']) {
      expect(await signInAs({ ...DANA, email_verified: flag })).toEqual(failure('open-id-email-unverified'))
    }
    expect(await signInAs({ ...DANA, email: OPERATOR })).toEqual(failure('open-id-unknown-person'))
  })

  it.each<Fault>(['other-nonce', 'other-audience', 'forged', 'expired', 'refuses'])(
    'refuses a token that is %s',
    async (fault) => {
      const { location, cookie } = await begin()
      const back = provider.signIn(location, DANA)
      provider.state.fault = fault
      expect(await finish(back, cookie)).toEqual(failure('open-id-failed'))
    },
  )

  it('refuses an answer that nobody here asked for', async () => {
    const mine = await begin()
    const other = await begin()
    const back = provider.signIn(mine.location, SOMEBODY_ELSE)
    expect(await finish(back, '')).toEqual(failure('open-id-expired'))
    expect(await finish(back, 'leadline_sign_in=v1.x')).toEqual(failure('open-id-expired'))
    expect(await finish(back, other.cookie)).toEqual(failure('open-id-failed'))
    expect((await finish(back, mine.cookie)).session).toContain('leadline_session=')
    expect(await finish(back, mine.cookie), 'the same code again').toEqual(failure('open-id-failed'))
    const late = await begin()
    const lateBack = provider.signIn(late.location, SOMEBODY_ELSE)
    world.pass(601)
    expect(await finish(lateBack, late.cookie)).toEqual(failure('open-id-expired'))
    const denied = new URL(`${PUBLIC_URL}${START}/callback?error=access_denied&error_description=No`)
    const fresh = await begin()
    denied.searchParams.set('state', new URL(fresh.location).searchParams.get('state') ?? '')
    expect(await finish(denied, fresh.cookie)).toEqual(failure('open-id-failed'))
  })

  it('goes on when the provider comes back', async () => {
    const other = world.startInstance()
    provider.state.up = false
    const down = await world.call({ url: START }, other)
    expect(down.headers.location).toBe(`${PUBLIC_URL}/sign-in?error=open-id-failed`)
    provider.state.up = true
    expect((await world.call({ url: START }, other)).headers.location).toMatch(provider.url)
  })

  it('keeps no code, state or token in log or journal', async () => {
    const kept = world.logLines.join('') + JSON.stringify(await world.journal())
    expect(kept).not.toMatch(/code=|eyJ|provider-secret|state=/)
  })

  it('is not there where it is not set up', async () => {
    const without = world.startInstance({ openId: null })
    expect((await world.call({ url: START }, without)).status).toBe(404)
    expect((await world.call({ url: `${START}/callback?code=x&state=y` }, without)).status).toBe(404)
  })
})
