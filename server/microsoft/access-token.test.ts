import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  failureOf,
  fakeTime,
  json,
  jwt,
  reports,
  type ScriptedMicrosoft,
  SECRET,
  startScriptedMicrosoft,
  status,
  token,
} from './scripted-microsoft.ts'
import { PROJECT_SYNERGY_APP_ID } from './settings.ts'

const PAGE = json({ Values: [], TotalCount: 0 })
const RANGE = { skip: 0, top: 100 }

let microsoft: ScriptedMicrosoft
beforeEach(async () => {
  microsoft = await startScriptedMicrosoft()
  microsoft.onApi(PAGE)
})
afterEach(() => microsoft.stop())

describe('the request', () => {
  test.each([
    [
      'v2.0',
      PROJECT_SYNERGY_APP_ID,
      '/northwind.example/oauth2/v2.0/token',
      'scope',
      `${PROJECT_SYNERGY_APP_ID}/.default`,
    ],
    ['v2.0', 'api://synergy/.default', '/northwind.example/oauth2/v2.0/token', 'scope', 'api://synergy/.default'],
    ['v1.0', PROJECT_SYNERGY_APP_ID, '/northwind.example/oauth2/token', 'resource', PROJECT_SYNERGY_APP_ID],
  ] as const)('%s for %s', async (tokenVersion, resource, path, field, value) => {
    await microsoft.client({}, { tokenVersion, resource }).listConsents(RANGE)
    expect(microsoft.requests[0]?.line).toBe(`POST ${path}`)
    const form = new URLSearchParams(microsoft.requests[0]?.body)
    expect(Object.fromEntries(form)).toEqual({
      grant_type: 'client_credentials',
      client_id: microsoft.settings.clientId,
      client_secret: SECRET,
      [field]: value,
    })
    expect(microsoft.requests[0]?.authorization).toBeUndefined()
  })
})

describe('keeping', () => {
  test('one request serves calls that begin together, and all that follow', async () => {
    const client = microsoft.client()
    await Promise.all([client.listConsents(RANGE), client.listConsents(RANGE), client.listConsents(RANGE)])
    await client.listConsents(RANGE)
    expect(microsoft.tokenRequests()).toBe(1)
  })

  test.each([
    [3599, 3299],
    ['3599', 3299],
    [1000, 800],
  ])('a token of %s s is renewed in the background after %i s', async (life, renewalSeconds) => {
    const time = fakeTime()
    microsoft.onToken(token(1, undefined, life))
    const client = microsoft.client(time)
    await client.listConsents(RANGE)
    time.advance(renewalSeconds * 1000 - 1)
    await client.listConsents(RANGE)
    expect(microsoft.tokenRequests()).toBe(1)
    microsoft.onToken(token(2))
    time.advance(1)
    await client.listConsents(RANGE)
    await vi.waitFor(() => expect(microsoft.tokenRequests()).toBe(2))
    await vi.waitFor(async () => {
      await client.listConsents(RANGE)
      expect(microsoft.requests.at(-1)?.authorization).toBe(
        `Bearer ${jwt({ serial: 2, roles: ['PartnerSettings.Read', 'TrunkManagement.Read', 'NumberManagement.Read'] })}`,
      )
    })
    expect(microsoft.tokenRequests()).toBe(2)
  })

  test('an old token serves while renewing fails, which is tried every 30 s; an expired one does not', async () => {
    const time = fakeTime()
    const warnings: string[] = []
    const logger = { debug: () => {}, warn: (_: object, message: string) => warnings.push(message) }
    const client = microsoft.client({ ...time, logger, retry: { maxAttempts: 1 } })
    await client.listConsents(RANGE)
    microsoft.onToken(status(503))
    time.advance(3_400_000)
    await client.listConsents(RANGE)
    await vi.waitFor(() =>
      expect(warnings).toEqual(['The token could not be renewed ahead of time; the old one serves on']),
    )
    await client.listConsents(RANGE)
    time.advance(30_000)
    await client.listConsents(RANGE)
    await vi.waitFor(() => expect(warnings).toHaveLength(2))
    expect(microsoft.tokenRequests()).toBe(3)
    time.advance(200_000)
    expect(await failureOf(client.listConsents(RANGE))).toMatchObject({
      kind: 'unavailable',
      operation: 'token',
      status: 503,
    })
  })

  test('a token that the API does not accept is replaced once, at once', async () => {
    const time = fakeTime()
    const calls = reports()
    microsoft.onApi(status(401), PAGE)
    await microsoft.client({ ...time, ...calls }).listConsents(RANGE)
    expect(calls.lines).toEqual([
      'token 1 200 ok',
      'listConsents 1 401 token-refused',
      'token 1 200 ok',
      'listConsents 2 200 ok',
    ])
    expect(time.sleeps).toEqual([])
    expect(new Set(microsoft.requests.map(({ authorization }) => authorization)).size).toBe(3)
  })

  test('refused twice, it is an error', async () => {
    microsoft.onApi(status(401))
    expect(await failureOf(microsoft.client(fakeTime()).listConsents(RANGE))).toMatchObject({
      kind: 'token-refused',
      operation: 'listConsents',
      status: 401,
      transient: false,
    })
    expect(microsoft.apiRequests()).toHaveLength(2)
    expect(microsoft.tokenRequests()).toBe(2)
  })

  test('calls that are refused together fetch one new token', async () => {
    const refuse = status(401)
    microsoft.onApi(refuse, refuse, refuse, PAGE)
    const client = microsoft.client()
    await Promise.all([client.listConsents(RANGE), client.listConsents(RANGE), client.listConsents(RANGE)])
    expect(microsoft.tokenRequests()).toBe(2)
  })
})

describe('refusals of the API', () => {
  test('403 with all roles: the allow-list', async () => {
    microsoft.onApi(status(403))
    const error = await failureOf(microsoft.client().listConsents(RANGE))
    expect(error).toMatchObject({ kind: 'forbidden', status: 403 })
    expect(error.remedy).toBe(
      'Add the client id to the Application Ids under /operator/configuration of the Operator Portal.',
    )
  })

  test('403 with roles missing names them, and asks for a new token the next time', async () => {
    microsoft.onApi(status(403), PAGE)
    microsoft.onToken(token(1, ['NumberManagement.Write', 'PartnerSettings.Read']))
    const client = microsoft.client()
    const error = await failureOf(client.listConsents(RANGE))
    expect(error).toMatchObject({ kind: 'role-missing' })
    expect(error.detail).toContain('the token lacks TrunkManagement.Read.')
    await client.listConsents(RANGE)
    expect(microsoft.tokenRequests()).toBe(2)
  })

  test.each([
    ['Admin', json({ access_token: jwt({ roles: ['Admin'] }), expires_in: 3599 }), 'forbidden'],
    ['no roles claim', json({ access_token: jwt({}), expires_in: 3599 }), 'role-missing'],
    ['a token that is no JWT', json({ access_token: 'opaque', expires_in: 3599 }), 'forbidden'],
    ['claims that are no object', json({ access_token: 'a.bnVsbA.c', expires_in: 3599 }), 'forbidden'],
  ])('403 with %s', async (_, respond, kind) => {
    microsoft.onApi(status(403))
    microsoft.onToken(respond)
    expect(await failureOf(microsoft.client().listConsents(RANGE))).toMatchObject({ kind })
  })
})

describe('refusals of the sign-in service', () => {
  test.each([
    ['AADSTS7000215', 401, /secret is wrong/],
    ['AADSTS7000222', 401, /secret has expired/],
    ['AADSTS700016', 400, /client id/],
    ['AADSTS90002', 400, /directory id/],
    ['AADSTS500011', 400, /service principal of Project Synergy/],
    ['AADSTS99', 400, /Check directory id, client id, client secret and resource/],
  ])('%s tells what to do', async (code, httpStatus, remedy) => {
    microsoft.onToken(
      json(
        { error: 'invalid_request', error_description: `${code}: No. Trace ID: 1`, error_codes: [] },
        {},
        httpStatus,
      ),
    )
    const error = await failureOf(microsoft.client(fakeTime()).listConsents(RANGE))
    expect(error).toMatchObject({ kind: 'token-refused', operation: 'token', status: httpStatus, transient: false })
    expect(error.remedy).toMatch(remedy)
    expect(error.detail).toContain(code)
    expect(microsoft.tokenRequests()).toBe(1)
    expect(microsoft.apiRequests()).toEqual([])
  })

  test('a wrong authority is named as such', async () => {
    microsoft.onToken(status(404, { 'content-type': 'text/html' }, '<html></html>'))
    expect((await failureOf(microsoft.client().listConsents(RANGE))).remedy).toContain('authority')
  })

  test('throttling and trouble are retried, once: not again by the call that wants the token', async () => {
    const time = fakeTime()
    microsoft.onToken(status(429, { 'retry-after': '3' }))
    expect(await failureOf(microsoft.client(time).listConsents(RANGE))).toMatchObject({
      kind: 'throttled',
      operation: 'token',
      retryAfterMs: 3000,
    })
    expect(microsoft.tokenRequests()).toBe(6)
    expect(time.sleeps).toEqual([3000, 3000, 3000, 3000, 3000])
    microsoft.onToken((response, request) =>
      (microsoft.tokenRequests() < 9 ? status(503) : token(1))(response, request),
    )
    expect((await microsoft.client(time).listConsents(RANGE)).recordCount).toBe(0)
  })

  test.each([
    ['not JSON'],
    ['{}'],
    ['null'],
    ['{"access_token":"x"}'],
    ['{"access_token":"","expires_in":5}'],
    ['{"access_token":"x","expires_in":0}'],
  ])('200 with %s is malformed', async (body) => {
    microsoft.onToken(status(200, {}, body))
    expect(await failureOf(microsoft.client(fakeTime()).listConsents(RANGE))).toMatchObject({
      kind: 'malformed',
      operation: 'token',
    })
  })
})
