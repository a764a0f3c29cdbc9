import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  fakeTime,
  json,
  type Respond,
  type ScriptedMicrosoft,
  startScriptedMicrosoft,
  status,
  token,
} from './scripted-microsoft.ts'

const TENANT = 'f889d778-d028-49e0-8056-b5d24abb7ca7'
const CONSENT = {
  Id: 'f825e66a-0e07-4d58-9fb3-271f092ceadc',
  TenantId: TENANT,
  Status: 'Active',
  ConsentedOn: '2021-12-21T13:50:02Z',
  LastModifiedOn: '2021-12-21T13:50:02Z',
}
const LIST = json({ Values: [CONSENT], TotalCount: 250 })

let microsoft: ScriptedMicrosoft
beforeEach(async () => {
  microsoft = await startScriptedMicrosoft()
})
afterEach(() => microsoft.stop())

const check = (...responses: Respond[]) => {
  microsoft.onApi(...responses)
  return microsoft.client(fakeTime()).testConnection()
}

describe('testConnection', () => {
  test('all well: every path was tried', async () => {
    expect(await check(LIST, json(CONSENT), json({ CivicAddresses: [] }))).toEqual({
      stage: 'done',
      ok: true,
      detail: 'Microsoft answers on all three paths. 250 consents are listed.',
      remedy: '',
    })
    expect(microsoft.apiRequests()).toEqual([
      '/api/operator-consents?skip=0&top=1',
      `/api/operator-consents/tenants/${TENANT}`,
      `/api/address-management/tenants/${TENANT}/civic-addresses`,
    ])
  })

  test('without a consent, the paths that take a tenant cannot be tried, and it says so', async () => {
    const result = await check(json({ Values: [], TotalCount: 0 }))
    expect(result).toMatchObject({ stage: 'done', ok: true })
    expect(result.detail).toContain('were not tried')
  })

  test.each<[string, string, Respond[], RegExp]>([
    ['allow-list', 'a 403 with all roles', [status(403)], /Application Ids/],
    ['path', 'a 404', [status(404)], /base URL and paths/],
    ['path', 'a web page', [status(200, { 'content-type': 'text/html' }, '<html></html>')], /portal/],
    ['path', 'a redirect', [status(302, { location: '/login' })], /portal/],
    ['path', 'a consent that its tenant does not lead to', [LIST, status(404)], /paths\.consentByTenant/],
    ['path', 'addresses at a wrong path', [LIST, json(CONSENT), status(404)], /paths\.civicAddresses/],
    ['token', 'a 401 for two tokens', [status(401)], /resource and token version/],
    ['reach', 'a 503', [status(503)], /later/],
    ['reach', 'a long Retry-After', [status(429, { 'retry-after': '60' })], /later/],
    ['allow-list', 'a 403 for addresses only', [LIST, json(CONSENT), status(403)], /Application Ids/],
  ])('%s: %s', async (stage, _, responses, remedy) => {
    const result = await check(...responses)
    expect(result).toMatchObject({ stage, ok: false })
    expect(result.remedy).toMatch(remedy)
  })

  test('role: the token lacks some', async () => {
    microsoft.onToken(token(1, []))
    const result = await check(status(403))
    expect(result).toMatchObject({ stage: 'role', ok: false })
    expect(result.detail).toContain('PartnerSettings.Read, TrunkManagement.Read, NumberManagement.Read')
  })

  test('token: refused, and a sign-in service in trouble', async () => {
    microsoft.onToken(json({ error: 'invalid_client', error_description: 'AADSTS7000222: expired' }, {}, 401))
    expect(await check(LIST)).toMatchObject({
      stage: 'token',
      ok: false,
      remedy: expect.stringContaining('has expired'),
    })
    microsoft.onToken(status(503))
    expect(await check(LIST)).toMatchObject({ stage: 'token', ok: false })
  })

  test('takes a token of its own: one from before a role was granted would report yesterday', async () => {
    microsoft.onApi(LIST)
    const client = microsoft.client()
    await client.listConsents({ skip: 0, top: 1 })
    microsoft.onApi(LIST, json(CONSENT), json([]))
    expect(await client.testConnection()).toMatchObject({ ok: true })
    expect(microsoft.tokenRequests()).toBe(2)
    microsoft.onApi(LIST)
    await client.listConsents({ skip: 0, top: 1 })
    expect(microsoft.tokenRequests()).toBe(2)
  })

  test('can be called off, by a signal and by closing', async () => {
    microsoft.onApi(() => {})
    const client = microsoft.client()
    await expect(client.testConnection({ signal: AbortSignal.timeout(50) })).rejects.toMatchObject({ kind: 'aborted' })
    const running = client.testConnection()
    setTimeout(() => client.close(), 50)
    await expect(running).rejects.toMatchObject({ kind: 'aborted' })
  })
})
