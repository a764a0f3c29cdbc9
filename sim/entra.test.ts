import { createRemoteJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askToken, call, control, startForTest } from './simulator.test-kit.ts'
import type { RunningSimulator } from './simulator.ts'

const NORTHWIND_DIRECTORY = '5b0c6f0e-2d3a-4c1b-9a57-61f2c0d7e801'

let simulator: RunningSimulator

beforeAll(async () => {
  simulator = await startForTest()
})
afterAll(() => simulator.close())

describe('token', () => {
  it('verifies against the published metadata and carries the roles', async () => {
    const { body } = await askToken(simulator)
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3599 })
    const base = `${simulator.url}/${NORTHWIND_DIRECTORY}/v2.0`
    const { body: metadata } = await call(`${base}/.well-known/openid-configuration`)
    expect(metadata.issuer).toBe(base)
    const keys = createRemoteJWKSet(new URL(metadata.jwks_uri))
    const { payload } = await jwtVerify(body.access_token, keys, { issuer: metadata.issuer })
    expect(payload).toMatchObject({ aud: 'eb63d611-525e-4a31-abd7-0cb33f679599', tid: NORTHWIND_DIRECTORY, ver: '2.0' })
    expect(payload.roles).toContain('NumberManagement.Read')
    expect(payload.azp).toBe('c3d2a9b4-7e15-4f60-8b2d-0f9a6e41d702')
  })

  it('is given in the v1 way too, and to Basic credentials', async () => {
    const basic = Buffer.from('c3d2a9b4-7e15-4f60-8b2d-0f9a6e41d702:northwind-sim-secret').toString('base64')
    const { status, body } = await call(`${simulator.url}/northwind.example/oauth2/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${basic}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', resource: 'eb63d611-525e-4a31-abd7-0cb33f679599' }),
    })
    expect(status).toBe(200)
    const claims = JSON.parse(Buffer.from(body.access_token.split('.')[1], 'base64url').toString())
    expect(claims).toMatchObject({ ver: '1.0', appid: 'c3d2a9b4-7e15-4f60-8b2d-0f9a6e41d702' })
  })

  it('can be asked for Leadline itself', async () => {
    await control(simulator, 'PATCH', '/operators/northwind', { leadlineRoles: ['leads.read', 'jobs.read'] })
    const { body } = await askToken(simulator, { scope: 'api://leadline/.default' })
    const claims = JSON.parse(Buffer.from(body.access_token.split('.')[1], 'base64url').toString())
    expect(claims).toMatchObject({ aud: 'api://leadline', roles: ['leads.read', 'jobs.read'] })
  })

  it.each([
    [{ client_secret: 'wrong' }, 401, 'invalid_client', 7000215],
    [{ client_secret: '' }, 401, 'invalid_client', 7000218],
    [{ client_id: '00000000-0000-4000-8000-000000000000' }, 400, 'unauthorized_client', 700016],
    [{ grant_type: '' }, 400, 'invalid_request', 900144],
    [{ grant_type: 'password' }, 400, 'unsupported_grant_type', 70003],
    [{ scope: 'eb63d611-525e-4a31-abd7-0cb33f679599' }, 400, 'invalid_scope', 1002012],
    [{ scope: 'api://stranger/.default' }, 400, 'invalid_resource', 500011],
  ])('refuses %j as Entra does', async (changes, status, error, code) => {
    const answer = await askToken(simulator, changes as unknown as Record<string, string>)
    expect(answer.status).toBe(status)
    expect(answer.body).toMatchObject({ error, error_codes: [code] })
    expect(answer.body.error_description).toContain(`AADSTS${code}: `)
    expect(answer.body.trace_id).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('is refused when the secret has expired', async () => {
    await control(simulator, 'PATCH', '/operators/northwind', { secretIsExpired: true })
    expect((await askToken(simulator)).body.error_codes).toEqual([7000222])
    await control(simulator, 'PATCH', '/operators/northwind', { secretIsExpired: false })
  })
})

describe('metadata', () => {
  it('knows a customer by tenant id and by domain', async () => {
    const { consents } = await control(simulator, 'GET', '/consents?operator=northwind&limit=30')
    for (const { tenantId, contacts } of [consents[3], consents[20], consents[25]]) {
      const domain = contacts[0].email.split('@')[1]
      for (const name of [tenantId, domain]) {
        const { body } = await call(`${simulator.url}/${name}/v2.0/.well-known/openid-configuration`)
        expect(body.issuer).toBe(`${simulator.url}/${tenantId}/v2.0`)
        expect(body.token_endpoint).toContain(tenantId)
      }
    }
  })

  it('refuses what nobody has', async () => {
    for (const name of [
      'nobody.example',
      '00000000-0000-4000-8000-000000000000',
      'blue-harbor-hotels-nzzz.example',
      '%E0%A4%A',
    ]) {
      const { status, body } = await call(`${simulator.url}/${name}/v2.0/.well-known/openid-configuration`)
      expect([status, body.error_codes]).toEqual([400, [90002]])
    }
  })

  it('has a template for "common"', async () => {
    const { body } = await call(`${simulator.url}/common/v2.0/.well-known/openid-configuration`)
    expect(body.issuer).toBe(`${simulator.url}/{tenantid}/v2.0`)
  })
})
