import { createHmac, generateKeyPairSync } from 'node:crypto'
import { type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../../test/harness/database.ts'
import {
  type AccessWorld,
  AUDIENCE,
  type OutsideIssuer,
  startAccessWorld,
  startOutsideIssuer,
} from './access-world.fixture.ts'

let db: FreshDatabase
let world: AccessWorld

beforeAll(async () => {
  db = await freshDatabase()
  world = await startAccessWorld(db)
})

beforeEach(() => world.pass(60_000))

afterAll(async () => {
  await world?.close()
  await db?.close()
})

describe('who sent it', () => {
  it('is the client of the token, in its operator', async () => {
    const { permissions, ...who } = (await world.ask(await world.tokenOf('reader'), { 'x-request-id': 'r-9' })).json()
    expect(who).toEqual({
      kind: 'client',
      id: 'reader',
      name: 'reader',
      operatorId: 868,
      channelId: null,
      requestId: 'r-9',
      sourceIp: '127.0.0.1',
    })
    expect(permissions).toEqual(['leads.read'])
    await expect
      .poll(
        async () =>
          (await db.asOwner.query(`select last_used_at from api_client where client_id = 'reader'`)).rows[0]
            .last_used_at,
      )
      .toEqual(world.clock.now())
  })

  it.each([
    [undefined, 'credentials-missing'],
    ['Basic cmVhZGVyOngK', 'credentials-missing'],
    ['Bearer nonsense', 'token-invalid'],
    ['Bearer a.b.c', 'token-invalid'],
  ])('refuses the header %s', async (authorization, code) => {
    const response = await world.app.inject({
      url: '/api/v4/who-am-i',
      headers: authorization ? { authorization } : {},
    })
    expect([response.statusCode, response.json().code]).toEqual([401, code])
  })

  it('refuses expired tokens after a minute of skew', async () => {
    const token = await world.tokenOf('reader')
    world.pass(3_599_000 + 59_000)
    expect((await world.ask(token)).statusCode).toBe(200)
    world.pass(2_000)
    expect((await world.ask(token)).json()).toMatchObject({ status: 401, code: 'token-expired' })
  })

  it('refuses tokens changed, unsigned, or signed with the public key as a secret', async () => {
    const token = await world.tokenOf('reader')
    const [header, payload, signature] = token.split('.') as [string, string, string]
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
    const forged = Buffer.from(JSON.stringify({ ...claims, appid: 'northwind' })).toString('base64url')
    const { keys } = (await world.app.inject({ url: '/.well-known/jwks.json' })).json()
    const confused = `${Buffer.from(JSON.stringify({ alg: 'HS256', kid: keys[0].kid })).toString('base64url')}.${forged}`
    const mac = (secret: string) => createHmac('sha256', secret).update(confused).digest('base64url')
    const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    for (const bad of [
      `${header}.${forged}.${signature}`,
      `${header}.${payload}.${signature.slice(0, -4)}AAAA`,
      `${header}.${payload}.`,
      new UnsecuredJWT(claims).encode(),
      `${confused}.${mac(JSON.stringify(keys[0]))}`,
      `${confused}.${mac(keys[0].n)}`,
      await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: keys[0].kid }).sign(foreign),
      await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'unknown' }).sign(foreign),
      await new SignJWT({ ...claims, iss: 'http://elsewhere.test' })
        .setProtectedHeader({ alg: 'RS256', kid: 'x' })
        .sign(foreign),
    ]) {
      const response = await world.ask(bad)
      expect([response.statusCode, response.json().code]).toEqual([401, 'token-invalid'])
      expect(response.headers['www-authenticate']).toMatch(/^Bearer realm="leadline", error="invalid_token"/)
    }
  })

  it('keeps a channel client in its channel and narrows others to the channel they name', async () => {
    const [northwind, riverside] = [await world.tokenOf('northwind'), await world.tokenOf('riverside')]
    const channel = (value: string) => ({ 'x-ovoc-channel-id': value })
    expect((await world.ask(northwind)).json().channelId).toBeNull()
    expect((await world.ask(northwind, channel('907'))).json().channelId).toBe(907)
    expect((await world.ask(riverside)).json().channelId).toBe(907)
    expect((await world.ask(riverside, channel(' 907 '))).json().channelId).toBe(907)
    expect((await world.ask(riverside, channel('908'))).json()).toMatchObject({
      status: 403,
      code: 'channel-not-yours',
    })
    for (const bad of ['', '0', 'x', '-1', '1.5', '1,2', '99999999999', '0x10']) {
      expect((await world.ask(northwind, channel(bad))).json()).toMatchObject({ status: 400, code: 'bad-request' })
    }
  })
})

describe('outside issuers', () => {
  const tid = '7c9e6679-7425-40de-944b-e07fc1f90ae7'
  let clientId: string

  beforeAll(async () => {
    const made = await world.call(await world.tokenOf('northwind'), 'POST', '', {
      name: 'Entra client',
      permissions: ['leads.read'],
      external: { issuer: world.issuer.url, tenantId: tid, appId: 'app-1' },
    })
    expect(made.status).toBe(201)
    clientId = made.body.clientId
  })

  const claims = () => {
    const now = Math.floor(world.clock.now().getTime() / 1000)
    return { iss: world.issuer.url, aud: AUDIENCE, tid, azp: 'app-1', iat: now, nbf: now, exp: now + 3600 }
  }

  it('takes their tokens for the client they are mapped to, v1 and v2', async () => {
    expect((await world.ask(await world.issuer.sign(claims()))).json()).toMatchObject({ id: clientId, operatorId: 868 })
    const { azp: _, ...v1 } = claims()
    expect((await world.ask(await world.issuer.sign({ ...v1, appid: 'app-1' }))).json()).toMatchObject({ id: clientId })
    expect(world.issuer.metadataAsked).toBe(1)
  })

  it('tells what to register when nobody is mapped', async () => {
    const response = await world.ask(await world.issuer.sign({ ...claims(), azp: 'app-2' }))
    expect(response.json()).toMatchObject({ status: 403, code: 'client-not-registered' })
    expect(response.json().detail).toContain('"appId":"app-2"')
    expect(response.json().detail).toContain(tid)
  })

  it.each([
    ['another audience', { aud: 'api://other' }, 'token-invalid', /audience must be api:\/\/leadline/],
    ['expired', { exp: 1 }, 'token-expired', /expired/],
    ['not yet valid', { nbf: 9_999_999_999 }, 'token-invalid', /not valid yet/],
    ['without expiry', { exp: undefined }, 'token-invalid', /expiry/],
    ['for a person', { scp: 'user_impersonation' }, 'token-invalid', /person/],
    ['without directory', { tid: undefined }, 'token-invalid', /tid/],
  ])('refuses a token that is %s', async (_name, change, code, detail) => {
    const response = await world.ask(await world.issuer.sign({ ...claims(), ...change } as JWTPayload))
    expect(response.json()).toMatchObject({ status: 401, code, detail: expect.stringMatching(detail) })
  })

  it('answers 503 while the issuer cannot be asked', async () => {
    const broken = await startOutsideIssuer({ metadataIssuer: 'https://somebody-else.test' })
    const { verifierProblem } = await verifyWith(broken)
    expect(verifierProblem).toMatchObject({ status: 503, code: 'issuer-unavailable' })
    await broken.close()
  })

  it('lets one outside identity act for one client only', async () => {
    const again = await world.call(await world.tokenOf('fabrikam'), 'POST', '', {
      name: 'Thief',
      permissions: [],
      external: { issuer: world.issuer.url, tenantId: tid, appId: 'app-1' },
    })
    expect(again).toMatchObject({ status: 409, body: { code: 'external-identity-taken' } })
    const untrusted = await world.call(await world.tokenOf('northwind'), 'POST', '', {
      name: 'x',
      permissions: [],
      external: { issuer: 'https://evil.test', tenantId: tid, appId: 'app-1' },
    })
    expect(untrusted.body.errors[0].pointer).toBe('/body/external/issuer')
  })

  async function verifyWith(other: OutsideIssuer) {
    const access = world.makeAccess({ trustedIssuers: [other.url] })
    const token = await other.sign({ ...claims(), iss: other.url })
    const headers = { authorization: `Bearer ${token}` }
    const request = { method: 'GET', path: '/', headers, sourceIp: '', requestId: '' }
    return { verifierProblem: await access.authenticate(request).catch((error) => error) }
  }
})

describe('the listener', () => {
  it('comes back after its connection broke, and nothing old is remembered', async () => {
    const token = await world.tokenOf('reader')
    const listeners = () =>
      db.asOwner.query(
        `select pid from pg_stat_activity where application_name = 'leadline client changes' and datname = current_database()`,
      )
    await world.ask(token)
    const before = (await listeners()).rowCount
    await db.asOwner.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'leadline client changes' and datname = current_database()`,
    )
    // While nobody listens, as if another instance had changed it.
    await db.asOwner.query(`update api_client set name = 'renamed' where client_id = 'reader'`)
    await expect.poll(async () => (await world.ask(token)).json().name).toBe('renamed')
    await expect.poll(async () => (await listeners()).rowCount).toBe(before)
    await db.asOwner.query(`update api_client set name = 'reader' where client_id = 'reader'`)
    await db.asOwner.query(`select pg_notify('leadline_client_changed', 'reader')`)
    await expect.poll(async () => (await world.ask(token)).json().name).toBe('reader')
  })

  it('asks the database for every request while it hears nothing', async () => {
    const deaf = world.makeAccess({ databaseUrl: 'postgres://nobody@127.0.0.1:9/none' })
    const token = await world.tokenOf('reader')
    const request = {
      method: 'GET',
      path: '/',
      headers: { authorization: `Bearer ${token}` },
      sourceIp: '127.0.0.1',
      requestId: 'r',
    }
    expect((await deaf.authenticate(request)).permissions).toEqual(new Set(['leads.read']))
    // Changed past every notification: only asking again can see it.
    await db.asOwner.query(`update api_client set permissions = '{jobs.read}' where client_id = 'reader'`)
    expect((await deaf.authenticate(request)).permissions).toEqual(new Set(['jobs.read']))
    await db.asOwner.query(`update api_client set permissions = '{leads.read}' where client_id = 'reader'`)
  })
})
