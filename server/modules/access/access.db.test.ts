import { createHmac, generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { Type } from 'typebox'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { defineEndpoint } from '../../../contract/endpoint.ts'
import { allPermissions, type Permission } from '../../../contract/permissions.ts'
import { type FreshDatabase, freshDatabase } from '../../../test/harness/database.ts'
import { jobPrincipal } from '../../kernel/principal.ts'
import { createHttpServer, type HttpServer, route } from '../../platform/http/index.ts'
import { createSealer, parseMasterKeys } from '../../platform/secrets/index.ts'
import { type Access, createAccess, ensureClient } from './index.ts'

const PUBLIC_URL = 'http://leadline.test'
const AUDIENCE = 'api://leadline'

/** Who the request turned out to be. */
const whoAmI = defineEndpoint({
  operationId: 'whoAmI',
  method: 'GET',
  path: '/api/v4/who-am-i',
  tag: 'test',
  summary: '',
  description: '',
  source: 'own',
  permission: 'leads.read',
  responses: { 200: { description: '', schema: Type.Any() } },
})

let db: FreshDatabase
let nowMilliseconds = Date.parse('2026-11-22T08:00:00Z')
const clock = { now: () => new Date(nowMilliseconds) }
const sealer = createSealer(parseMasterKeys('11'.repeat(32)))
const instances: { access: Access; server: HttpServer }[] = []
let issuer: OutsideIssuer

function startInstance() {
  const logger = pino({ level: 'silent' })
  const access = createAccess({
    transact: db.transact,
    sealer,
    clock,
    logger,
    settings: { publicUrl: PUBLIC_URL, audience: AUDIENCE, trustedIssuers: [issuer.url], databaseUrl: db.appUrl },
  })
  const who = route(whoAmI, async (_input, { principal }) => {
    const { permissions, ...rest } = principal
    return { json: { ...rest, permissions: [...permissions] } }
  })
  const server = createHttpServer({
    routes: [...access.routes, who],
    authenticate: access.authenticate,
    settings: { publicUrl: PUBLIC_URL, trustedProxies: ['10.0.0.1'], rateLimitPerMinute: 0, checkAnswers: true },
    logger,
    metrics: new Registry(),
    clock,
  })
  instances.push({ access, server })
  return { access, app: server.app }
}

type App = ReturnType<typeof startInstance>['app']
let app: App
let access: Access

beforeAll(async () => {
  db = await freshDatabase()
  issuer = await startOutsideIssuer()
  for (const [operatorId, name] of [
    [868, 'Northwind Voice'],
    [901, 'Fabrikam Telecom'],
  ] as const) {
    await db.asOwner.query('insert into operator (operator_id, name) values ($1, $2)', [operatorId, name])
    await db.asOwner.query('insert into channel (operator_id, channel_id, name) values ($1, $2, $3)', [
      operatorId,
      operatorId === 868 ? 907 : 908,
      'Riverside IT',
    ])
  }
  const fixed = (clientId: string, operatorId: number, permissions: Permission[], channelId: number | null = null) =>
    db.transact(jobPrincipal('test', operatorId, 'r'), (tx) =>
      ensureClient(tx, {
        clientId,
        clientSecret: `${clientId}-secret`,
        name: clientId,
        permissions,
        channelId,
        now: clock.now(),
      }),
    )
  await fixed('northwind', 868, [...allPermissions])
  await fixed('northwind', 868, [...allPermissions])
  await fixed('fabrikam', 901, [...allPermissions])
  await fixed('riverside', 868, ['leads.read', 'clients.manage'], 907)
  await fixed('reader', 868, ['leads.read'])
  await fixed('manager', 868, ['leads.read', 'clients.manage'])
  ;({ app, access } = startInstance())
  await access.start()
})

beforeEach(() => {
  nowMilliseconds += 60_000
})

afterAll(async () => {
  for (const { access, server } of instances) {
    await server.close(100)
    await access.close()
  }
  await issuer?.close()
  await db?.close()
})

async function post(url: string, form: Record<string, string>, headers: Record<string, string> = {}, on: App = app) {
  return on.inject({
    method: 'POST',
    url,
    payload: new URLSearchParams(form).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  })
}

const credentials = (clientId: string, secret = `${clientId}-secret`) => ({
  grant_type: 'client_credentials',
  client_id: clientId,
  client_secret: secret,
})

async function tokenOf(clientId: string, secret?: string, on: App = app): Promise<string> {
  const response = await post('/oauth2/v2.0/token', credentials(clientId, secret), {}, on)
  expect(response.statusCode, response.body).toBe(200)
  return response.json().access_token
}

function ask(token: string, headers: Record<string, string> = {}, on: App = app) {
  return on.inject({ url: '/api/v4/who-am-i', headers: { authorization: `Bearer ${token}`, ...headers } })
}

async function call(token: string, method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, payload?: object) {
  const headers = { authorization: `Bearer ${token}`, ...(payload && { 'content-type': 'application/json' }) }
  const response = await app.inject({
    method,
    url: `/api/v4/clients${path}`,
    headers,
    ...(payload && { payload: JSON.stringify(payload) }),
  })
  return { status: response.statusCode, body: response.json() }
}

describe('token endpoint', () => {
  it('answers as Entra does, with and without a directory in the address', async () => {
    const response = await post('/oauth2/v2.0/token', { ...credentials('northwind'), scope: 'api://leadline/.default' })
    expect(response.headers['cache-control']).toBe('no-store')
    expect(response.json()).toEqual({
      token_type: 'Bearer',
      expires_in: 3599,
      ext_expires_in: 3599,
      access_token: expect.any(String),
    })
    const tenant = await post('/6a5f1b0c-1111-4c61-8a50-8e1f0a8a2b3c/oauth2/v2.0/token', credentials('reader'))
    const claims = JSON.parse(Buffer.from(tenant.json().access_token.split('.')[1], 'base64url').toString())
    expect(claims).toMatchObject({
      iss: PUBLIC_URL,
      aud: AUDIENCE,
      sub: 'reader',
      appid: 'reader',
      azp: 'reader',
      tid: '6a5f1b0c-1111-4c61-8a50-8e1f0a8a2b3c',
      roles: ['leads.read'],
      exp: Math.floor(nowMilliseconds / 1000) + 3599,
      jti: expect.any(String),
    })
  })

  it('takes HTTP Basic', async () => {
    const basic = (pair: string) => ({ authorization: `Basic ${Buffer.from(pair).toString('base64')}` })
    const grant = { grant_type: 'client_credentials' }
    expect((await post('/oauth2/v2.0/token', grant, basic('reader:reader-secret'))).statusCode).toBe(200)
    expect((await post('/oauth2/v2.0/token', grant, basic('reader:no'))).statusCode).toBe(401)
    expect((await post('/oauth2/v2.0/token', credentials('reader'), basic('reader:reader-secret'))).statusCode).toBe(
      400,
    )
  })

  it.each([
    [{}, 400, 'invalid_request'],
    [{ grant_type: 'password' }, 400, 'unsupported_grant_type'],
    [{ grant_type: 'client_credentials' }, 400, 'invalid_request'],
    [{ grant_type: 'client_credentials', client_id: 'reader' }, 400, 'invalid_request'],
    [credentials('reader', 'wrong'), 401, 'invalid_client'],
    [credentials('nobody'), 401, 'invalid_client'],
    [{ ...credentials('reader'), scope: 'https://graph.microsoft.com/.default' }, 400, 'invalid_scope'],
    [{ ...credentials('reader'), client_secret: 'x'.repeat(600) }, 400, 'invalid_request'],
  ])('refuses %j', async (form, status, error) => {
    const response = await post('/oauth2/v2.0/token', form as Record<string, string>, { 'x-request-id': 'req-1' })
    expect([response.statusCode, response.json().error]).toEqual([status, error])
    expect(response.json()).toMatchObject({ trace_id: 'req-1', error_description: expect.any(String) })
    expect(response.headers['cache-control']).toBe('no-store')
    if (status === 401) expect(response.headers['www-authenticate']).toBe('Basic realm="leadline"')
  })

  it('refuses a JSON body and repeated fields in the same shape', async () => {
    const json = await app.inject({ method: 'POST', url: '/oauth2/v2.0/token', payload: credentials('reader') })
    expect([json.statusCode, json.json().error]).toEqual([415, 'invalid_request'])
    expect(json.json().error_description).toContain('application/x-www-form-urlencoded')
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const twice = await app.inject({
      method: 'POST',
      url: '/oauth2/v2.0/token',
      headers,
      payload: 'client_id=a&client_id=b',
    })
    expect([twice.statusCode, twice.json().error]).toEqual([400, 'invalid_request'])
  })

  it('slows a guesser, not the others, and writes what it refused to the journal', async () => {
    const guess = (ip: string, secret?: string) =>
      app.inject({
        method: 'POST',
        url: '/oauth2/v2.0/token',
        remoteAddress: ip,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: new URLSearchParams(credentials('fabrikam', secret)).toString(),
      })
    for (let round = 0; round < 10; round++) expect((await guess('192.0.2.9', 'wrong')).statusCode).toBe(401)
    const held = await guess('192.0.2.9')
    expect([held.statusCode, held.headers['retry-after']]).toEqual([429, '30'])
    expect((await guess('192.0.2.10')).statusCode).toBe(200)
    nowMilliseconds += 31_000
    expect((await guess('192.0.2.9')).statusCode).toBe(200)
    await expect
      .poll(async () => {
        const { rows } = await db.asOwner.query(
          `select operator_id, source_ip::text, result from journal_entry where action = 'token.refused' and object_id = 'fabrikam'`,
        )
        return rows
      })
      .toHaveLength(10)
  })

  it('publishes its keys and where to find them', async () => {
    const configuration = (await app.inject({ url: '/.well-known/openid-configuration' })).json()
    expect(configuration).toMatchObject({ issuer: PUBLIC_URL, jwks_uri: `${PUBLIC_URL}/.well-known/jwks.json` })
    const { keys } = (await app.inject({ url: '/.well-known/jwks.json' })).json()
    expect(keys).toEqual([expect.objectContaining({ kty: 'RSA', alg: 'RS256', use: 'sig' })])
    expect(JSON.stringify(keys)).not.toContain('"d"')
  })

  it('makes one key however many instances start at once', async () => {
    await db.asOwner.query('delete from signing_key')
    const started = [startInstance(), startInstance(), startInstance()]
    await Promise.all(started.map((one) => one.access.start()))
    expect((await db.asOwner.query('select kid, private_key_sealed from signing_key')).rows).toEqual([
      { kid: expect.any(String), private_key_sealed: expect.stringMatching(/^v1\./) },
    ])
    const [first, second] = started
    const token = await tokenOf('reader', undefined, first?.app)
    expect((await ask(token, {}, second?.app)).statusCode).toBe(200)
    // The first instance of this file signed with a key that is gone: it learns of the new one.
    expect((await ask(token)).statusCode).toBe(200)
    nowMilliseconds += 3_700_000
    expect((await ask(await tokenOf('reader'))).statusCode).toBe(200)
  })

  it('replaces a key after 90 days and verifies with the old one for a day', async () => {
    const kids = async () => (await app.inject({ url: '/.well-known/jwks.json' })).json().keys.length
    nowMilliseconds += 91 * 86_400_000
    const token = await tokenOf('reader')
    expect((await db.asOwner.query('select 1 from signing_key')).rowCount).toBe(2)
    expect((await ask(token)).statusCode).toBe(200)
    expect(await kids()).toBe(2)
    nowMilliseconds += 86_400_000 + 1
    expect(await kids()).toBe(1)
  })
})

describe('who sent it', () => {
  it('is the client of the token, in its operator', async () => {
    const { permissions, ...who } = (await ask(await tokenOf('reader'), { 'x-request-id': 'r-9' })).json()
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
      .toEqual(clock.now())
  })

  it.each([
    [undefined, 'credentials-missing'],
    ['Basic cmVhZGVyOngK', 'credentials-missing'],
    ['Bearer nonsense', 'token-invalid'],
    ['Bearer a.b.c', 'token-invalid'],
  ])('refuses the header %s', async (authorization, code) => {
    const response = await app.inject({ url: '/api/v4/who-am-i', headers: authorization ? { authorization } : {} })
    expect([response.statusCode, response.json().code]).toEqual([401, code])
  })

  it('refuses expired tokens after a minute of skew', async () => {
    const token = await tokenOf('reader')
    nowMilliseconds += 3_599_000 + 59_000
    expect((await ask(token)).statusCode).toBe(200)
    nowMilliseconds += 2_000
    expect((await ask(token)).json()).toMatchObject({ status: 401, code: 'token-expired' })
  })

  it('refuses tokens changed, unsigned, or signed with the public key as a secret', async () => {
    const token = await tokenOf('reader')
    const [header, payload, signature] = token.split('.') as [string, string, string]
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
    const forged = Buffer.from(JSON.stringify({ ...claims, appid: 'northwind' })).toString('base64url')
    const { keys } = (await app.inject({ url: '/.well-known/jwks.json' })).json()
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
      const response = await ask(bad)
      expect([response.statusCode, response.json().code]).toEqual([401, 'token-invalid'])
      expect(response.headers['www-authenticate']).toMatch(/^Bearer realm="leadline", error="invalid_token"/)
    }
  })

  it('keeps a channel client in its channel and narrows others to the channel they name', async () => {
    const [northwind, riverside] = [await tokenOf('northwind'), await tokenOf('riverside')]
    const channel = (value: string) => ({ 'x-ovoc-channel-id': value })
    expect((await ask(northwind)).json().channelId).toBeNull()
    expect((await ask(northwind, channel('907'))).json().channelId).toBe(907)
    expect((await ask(riverside)).json().channelId).toBe(907)
    expect((await ask(riverside, channel(' 907 '))).json().channelId).toBe(907)
    expect((await ask(riverside, channel('908'))).json()).toMatchObject({ status: 403, code: 'channel-not-yours' })
    for (const bad of ['', 'x', '-1', '1.5', '1,2', '99999999999', '0x10']) {
      expect((await ask(northwind, channel(bad))).json()).toMatchObject({ status: 400, code: 'bad-request' })
    }
  })
})

describe('outside issuers', () => {
  const tid = '7c9e6679-7425-40de-944b-e07fc1f90ae7'
  let clientId: string

  beforeAll(async () => {
    const made = await call(await tokenOf('northwind'), 'POST', '', {
      name: 'Entra client',
      permissions: ['leads.read'],
      external: { issuer: issuer.url, tenantId: tid, appId: 'app-1' },
    })
    expect(made.status).toBe(201)
    clientId = made.body.clientId
  })

  const claims = () => {
    const now = Math.floor(nowMilliseconds / 1000)
    return { iss: issuer.url, aud: AUDIENCE, tid, azp: 'app-1', iat: now, nbf: now, exp: now + 3600 }
  }

  it('takes their tokens for the client they are mapped to, v1 and v2', async () => {
    expect((await ask(await issuer.sign(claims()))).json()).toMatchObject({ id: clientId, operatorId: 868 })
    const { azp: _, ...v1 } = claims()
    expect((await ask(await issuer.sign({ ...v1, appid: 'app-1' }))).json()).toMatchObject({ id: clientId })
    expect(issuer.metadataAsked).toBe(1)
  })

  it('tells what to register when nobody is mapped', async () => {
    const response = await ask(await issuer.sign({ ...claims(), azp: 'app-2' }))
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
    const response = await ask(await issuer.sign({ ...claims(), ...change } as JWTPayload))
    expect(response.json()).toMatchObject({ status: 401, code, detail: expect.stringMatching(detail) })
  })

  it('answers 503 while the issuer cannot be asked', async () => {
    const broken = await startOutsideIssuer({ metadataIssuer: 'https://somebody-else.test' })
    const { verifierProblem } = await verifyWith(broken)
    expect(verifierProblem).toMatchObject({ status: 503, code: 'issuer-unavailable' })
    await broken.close()
  })

  it('lets one outside identity act for one client only', async () => {
    const again = await call(await tokenOf('fabrikam'), 'POST', '', {
      name: 'Thief',
      permissions: [],
      external: { issuer: issuer.url, tenantId: tid, appId: 'app-1' },
    })
    expect(again).toMatchObject({ status: 409, body: { code: 'external-identity-taken' } })
    const untrusted = await call(await tokenOf('northwind'), 'POST', '', {
      name: 'x',
      permissions: [],
      external: { issuer: 'https://evil.test', tenantId: tid, appId: 'app-1' },
    })
    expect(untrusted.body.errors[0].pointer).toBe('/body/external/issuer')
  })

  async function verifyWith(other: OutsideIssuer) {
    const instance = createAccess({
      transact: db.transact,
      sealer,
      clock,
      logger: pino({ level: 'silent' }),
      settings: { publicUrl: PUBLIC_URL, audience: AUDIENCE, trustedIssuers: [other.url], databaseUrl: db.appUrl },
    })
    const token = await other.sign({ ...claims(), iss: other.url })
    const request = {
      method: 'GET',
      path: '/',
      headers: { authorization: `Bearer ${token}` },
      sourceIp: '',
      requestId: '',
    }
    const verifierProblem = await instance.authenticate(request).catch((error) => error)
    await instance.close()
    return { verifierProblem }
  }
})

describe('clients', () => {
  it('are created with a secret shown once, used, listed and found', async () => {
    const northwind = await tokenOf('northwind')
    const made = await call(northwind, 'POST', '', { name: ' Billing ', permissions: ['leads.read'] })
    expect(made).toMatchObject({
      status: 201,
      body: { name: 'Billing', clientSecret: expect.stringMatching(/^lls_.{43}$/) },
    })
    const { clientId, clientSecret } = made.body
    expect((await ask(await tokenOf(clientId, clientSecret))).json().id).toBe(clientId)
    const listed = await call(northwind, 'GET', '')
    expect(listed.body.data[0].clientId).toBe(clientId)
    expect(JSON.stringify(listed.body)).not.toContain(clientSecret)
    expect((await call(northwind, 'GET', `/${clientId}`)).body).not.toHaveProperty('clientSecret')
    const { rows } = await db.asOwner.query(`select * from journal_entry where object_id = $1`, [clientId])
    expect(rows).toEqual([
      expect.objectContaining({ action: 'client.created', actor_id: 'northwind', operator_id: 868 }),
    ])
    expect(JSON.stringify(rows)).not.toContain(clientSecret)
  })

  it('of another operator do not exist', async () => {
    const fabrikam = await tokenOf('fabrikam')
    for (const [method, path, body] of [
      ['GET', '/reader'],
      ['PATCH', '/reader', { name: 'x' }],
      ['DELETE', '/reader'],
      ['POST', '/reader/rotate-secret', {}],
      ['GET', '/no-such-client'],
    ] as const) {
      expect(await call(fabrikam, method, path, body)).toMatchObject({ status: 404, body: { code: 'not-found' } })
    }
    const { body } = await call(fabrikam, 'GET', '')
    expect(body.data.map((one: { clientId: string }) => one.clientId)).toEqual(['fabrikam'])
  })

  it('of a channel see and make only that channel’s', async () => {
    const riverside = await tokenOf('riverside')
    const { body } = await call(riverside, 'GET', '')
    expect(body.data.map((one: { clientId: string }) => one.clientId)).toEqual(['riverside'])
    const made = await call(riverside, 'POST', '', { name: 'mine', permissions: ['leads.read'], channelId: null })
    expect(made.body).toMatchObject({ channelId: 907 })
    expect((await call(riverside, 'GET', '/reader')).status).toBe(404)
    expect((await call(riverside, 'PATCH', `/${made.body.clientId}`, { channelId: null })).body.channelId).toBe(907)
  })

  it('get no permission that the giver does not hold, nor does he get theirs', async () => {
    const manager = await tokenOf('manager')
    const beyond = { status: 403, body: { code: 'permission-beyond-own' } }
    expect(await call(manager, 'POST', '', { name: 'x', permissions: ['jobs.run'] })).toMatchObject(beyond)
    expect(await call(manager, 'PATCH', '/manager', { permissions: ['leads.read', 'jobs.run'] })).toMatchObject(beyond)
    expect(await call(manager, 'POST', '/northwind/rotate-secret', {})).toMatchObject(beyond)
    expect(await call(manager, 'PATCH', '/northwind', { channelId: 907 })).toMatchObject(beyond)
    expect((await call(manager, 'GET', '/northwind')).body.actions.rotateSecret).toEqual({
      allowed: false,
      reason: expect.stringContaining('leads.write'),
    })
    expect((await call(await tokenOf('reader'), 'GET', '')).body).toMatchObject({ code: 'permission-missing' })
  })

  it('refuse channels that are not the operator’s, unknown permissions and unknown keys', async () => {
    const northwind = await tokenOf('northwind')
    const make = (body: object) => call(northwind, 'POST', '', { name: 'x', permissions: [], ...body })
    expect((await make({ channelId: 908 })).body.errors[0].pointer).toBe('/body/channelId')
    expect((await make({ permissions: ['everything'] })).body.errors[0].pointer).toBe('/body/permissions/0')
    expect((await make({ permissions: ['leads.read', 'leads.read'] })).status).toBe(400)
    expect((await make({ name: '  ' })).body.errors[0].pointer).toBe('/body/name')
    expect((await make({ secret: 'mine' })).body.errors[0].pointer).toBe('/body/secret')
  })

  it('change at once, for tokens already given out too', async () => {
    const northwind = await tokenOf('northwind')
    const { clientId, clientSecret } = (await call(northwind, 'POST', '', { name: 'a', permissions: ['leads.read'] }))
      .body
    const token = await tokenOf(clientId, clientSecret)
    expect((await ask(token)).statusCode).toBe(200)
    await call(northwind, 'PATCH', `/${clientId}`, { permissions: ['jobs.read'], name: 'b' })
    expect((await ask(token)).json()).toMatchObject({ status: 403, code: 'permission-missing' })
    await call(northwind, 'PATCH', `/${clientId}`, { permissions: ['leads.read'], channelId: 907 })
    expect((await ask(token)).json()).toMatchObject({ channelId: 907, name: 'b' })
    const { rows } = await db.asOwner.query(
      `select before, after from journal_entry where object_id = $1 and action = 'client.changed' order by entry_id`,
      [clientId],
    )
    expect({ before: JSON.parse(rows[1].before), after: JSON.parse(rows[1].after) }).toEqual({
      before: { permissions: ['jobs.read'], channelId: null },
      after: { permissions: ['leads.read'], channelId: 907 },
    })
  })

  it('rotate: the old secret works for the overlap, then no more', async () => {
    const northwind = await tokenOf('northwind')
    const { clientId, clientSecret: first } = (await call(northwind, 'POST', '', { name: 'r', permissions: [] })).body
    const second = (await call(northwind, 'POST', `/${clientId}/rotate-secret`, { overlapHours: 2 })).body
    expect(second.previousSecretExpiresAt).toBe(new Date(nowMilliseconds + 7_200_000).toISOString())
    const status = async (secret: string) =>
      (await post('/oauth2/v2.0/token', credentials(clientId, secret))).statusCode
    expect([await status(first), await status(second.clientSecret)]).toEqual([200, 200])
    nowMilliseconds += 7_200_001
    expect([await status(first), await status(second.clientSecret)]).toEqual([401, 200])
    const third = (await call(await tokenOf('northwind'), 'POST', `/${clientId}/rotate-secret`, { overlapHours: 0 }))
      .body
    expect([await status(second.clientSecret), await status(third.clientSecret)]).toEqual([401, 200])
    expect(
      (await call(await tokenOf('northwind'), 'POST', `/${clientId}/rotate-secret`, { overlapHours: 721 })).status,
    ).toBe(400)
  })

  it('are refused at once when revoked, on every instance, and for good', async () => {
    const northwind = await tokenOf('northwind')
    const other = startInstance()
    const { clientId, clientSecret } = (
      await call(northwind, 'POST', '', { name: 'gone', permissions: ['leads.read'] })
    ).body
    const token = await tokenOf(clientId, clientSecret)
    await expect.poll(async () => (await ask(token, {}, other.app)).statusCode).toBe(200)
    expect((await ask(token)).statusCode).toBe(200)
    expect((await call(northwind, 'DELETE', `/${clientId}`)).body.revokedAt).toBe(clock.now().toISOString())
    expect((await ask(token)).json()).toMatchObject({ status: 401, code: 'client-revoked' })
    await expect
      .poll(async () => (await ask(token, {}, other.app)).json().code, { timeout: 1_000 })
      .toBe('client-revoked')
    expect((await post('/oauth2/v2.0/token', credentials(clientId, clientSecret))).statusCode).toBe(401)
    expect((await call(northwind, 'DELETE', `/${clientId}`)).status).toBe(200)
    expect(await call(northwind, 'PATCH', `/${clientId}`, { name: 'back' })).toMatchObject({
      status: 409,
      body: { code: 'client-revoked' },
    })
    expect((await call(northwind, 'GET', `/${clientId}`)).body.actions.update.allowed).toBe(false)
  })

  it('are asked from the database while changes are not heard', async () => {
    const deaf = createAccess({
      transact: db.transact,
      sealer,
      clock,
      logger: pino({ level: 'silent' }),
      settings: {
        publicUrl: PUBLIC_URL,
        audience: AUDIENCE,
        trustedIssuers: [],
        databaseUrl: 'postgres://nobody@127.0.0.1:9/none',
      },
    })
    const token = await tokenOf('reader')
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
    await deaf.close()
  })
})

describe('the listener', () => {
  it('comes back after its connection broke, and nothing old is remembered', async () => {
    const token = await tokenOf('reader')
    const listeners = () =>
      db.asOwner.query(
        `select pid from pg_stat_activity where application_name = 'leadline client changes' and datname = current_database()`,
      )
    await ask(token)
    const before = (await listeners()).rowCount
    await db.asOwner.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'leadline client changes' and datname = current_database()`,
    )
    // While nobody listens, as if another instance had changed it.
    await db.asOwner.query(`update api_client set name = 'renamed' where client_id = 'reader'`)
    await expect.poll(async () => (await ask(token)).json().name).toBe('renamed')
    await expect.poll(async () => (await listeners()).rowCount, { timeout: 5_000 }).toBe(before)
    await db.asOwner.query(`update api_client set name = 'reader' where client_id = 'reader'`)
    await db.asOwner.query(`select pg_notify('leadline_client_changed', 'reader')`)
    await expect.poll(async () => (await ask(token)).json().name).toBe('reader')
  })
})

type OutsideIssuer = {
  url: string
  readonly metadataAsked: number
  sign(claims: JWTPayload): Promise<string>
  close(): Promise<void>
}

/** An identity provider with one key, as Entra publishes it. */
async function startOutsideIssuer(options: { metadataIssuer?: string } = {}): Promise<OutsideIssuer> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  let metadataAsked = 0
  const server: Server = createServer((request, response) => {
    const isMetadata = request.url === '/.well-known/openid-configuration'
    if (isMetadata) metadataAsked += 1
    const body = isMetadata
      ? { issuer: options.metadataIssuer ?? url, jwks_uri: `${url}/keys` }
      : { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'outside-1', use: 'sig' }] }
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    get metadataAsked() {
      return metadataAsked
    },
    sign: (claims) => new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'outside-1' }).sign(privateKey),
    close: async () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
