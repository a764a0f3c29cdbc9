import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../../test/harness/database.ts'
import { type AccessWorld, AUDIENCE, credentials, PUBLIC_URL, startAccessWorld } from './access-world.fixture.ts'

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

describe('token endpoint', () => {
  it('answers as Entra does, with and without a directory in the address', async () => {
    const response = await world.post('/oauth2/v2.0/token', {
      ...credentials('northwind'),
      scope: 'api://leadline/.default',
    })
    expect(response.headers['cache-control']).toBe('no-store')
    expect(response.json()).toEqual({
      token_type: 'Bearer',
      expires_in: 3599,
      ext_expires_in: 3599,
      access_token: expect.any(String),
    })
    const tenant = await world.post('/6a5f1b0c-1111-4c61-8a50-8e1f0a8a2b3c/oauth2/v2.0/token', credentials('reader'))
    const claims = JSON.parse(Buffer.from(tenant.json().access_token.split('.')[1], 'base64url').toString())
    expect(claims).toMatchObject({
      iss: PUBLIC_URL,
      aud: AUDIENCE,
      sub: 'reader',
      appid: 'reader',
      azp: 'reader',
      tid: '6a5f1b0c-1111-4c61-8a50-8e1f0a8a2b3c',
      roles: ['leads.read'],
      exp: Math.floor(world.clock.now().getTime() / 1000) + 3599,
      jti: expect.any(String),
    })
  })

  it('takes HTTP Basic', async () => {
    const basic = (pair: string) => ({ authorization: `Basic ${Buffer.from(pair).toString('base64')}` })
    const grant = { grant_type: 'client_credentials' }
    expect((await world.post('/oauth2/v2.0/token', grant, basic('reader:reader-secret'))).statusCode).toBe(200)
    expect((await world.post('/oauth2/v2.0/token', grant, basic('reader:no'))).statusCode).toBe(401)
    expect(
      (await world.post('/oauth2/v2.0/token', credentials('reader'), basic('reader:reader-secret'))).statusCode,
    ).toBe(400)
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
    const response = await world.post('/oauth2/v2.0/token', form as Record<string, string>, { 'x-request-id': 'req-1' })
    expect([response.statusCode, response.json().error]).toEqual([status, error])
    expect(response.json()).toMatchObject({ trace_id: 'req-1', error_description: expect.any(String) })
    expect(response.headers['cache-control']).toBe('no-store')
    if (status === 401) expect(response.headers['www-authenticate']).toBe('Basic realm="leadline"')
  })

  it('refuses a JSON body and repeated fields in the same shape', async () => {
    const json = await world.app.inject({ method: 'POST', url: '/oauth2/v2.0/token', payload: credentials('reader') })
    expect([json.statusCode, json.json().error]).toEqual([415, 'invalid_request'])
    expect(json.json().error_description).toContain('application/x-www-form-urlencoded')
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const twice = await world.app.inject({
      method: 'POST',
      url: '/oauth2/v2.0/token',
      headers,
      payload: 'client_id=a&client_id=b',
    })
    expect([twice.statusCode, twice.json().error]).toEqual([400, 'invalid_request'])
  })

  it('slows a guesser, not the others, and writes what it refused to the journal', async () => {
    const guess = (ip: string, secret?: string) =>
      world.app.inject({
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
    world.pass(31_000)
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
    const configuration = (await world.app.inject({ url: '/.well-known/openid-configuration' })).json()
    expect(configuration).toMatchObject({ issuer: PUBLIC_URL, jwks_uri: `${PUBLIC_URL}/.well-known/jwks.json` })
    const { keys } = (await world.app.inject({ url: '/.well-known/jwks.json' })).json()
    expect(keys).toEqual([expect.objectContaining({ kty: 'RSA', alg: 'RS256', use: 'sig' })])
    expect(JSON.stringify(keys)).not.toContain('"d"')
  })

  it('makes one key however many instances start at once', async () => {
    await db.asOwner.query('delete from signing_key')
    const started = [world.startInstance(), world.startInstance(), world.startInstance()]
    await Promise.all(started.map((one) => one.access.start()))
    expect((await db.asOwner.query('select kid, private_key_sealed from signing_key')).rows).toEqual([
      { kid: expect.any(String), private_key_sealed: expect.stringMatching(/^v1\./) },
    ])
    const [first, second] = started
    const token = await world.tokenOf('reader', undefined, first)
    expect((await world.ask(token, {}, second)).statusCode).toBe(200)
    // The first instance of this file signed with a key that is gone: it learns of the new one.
    expect((await world.ask(token)).statusCode).toBe(200)
    world.pass(3_700_000)
    expect((await world.ask(await world.tokenOf('reader'))).statusCode).toBe(200)
  })

  it('replaces a key after 90 days and verifies with the old one for a day', async () => {
    const kids = async () => (await world.app.inject({ url: '/.well-known/jwks.json' })).json().keys.length
    world.pass(91 * 86_400_000)
    const token = await world.tokenOf('reader')
    expect((await db.asOwner.query('select 1 from signing_key')).rowCount).toBe(2)
    expect((await world.ask(token)).statusCode).toBe(200)
    expect(await kids()).toBe(2)
    world.pass(86_400_000 + 1)
    expect(await kids()).toBe(1)
  })
})
