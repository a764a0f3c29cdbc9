import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  failureOf,
  fakeTime,
  json,
  type ScriptedMicrosoft,
  SECRET,
  startScriptedMicrosoft,
  status,
} from './scripted-microsoft.ts'

const TENANT = 'f889d778-d028-49e0-8056-b5d24abb7ca7'
const PAGE = { Values: [{ Id: 'one' }, null], TotalCount: 2 }
const RANGE = { skip: 0, top: 100 }

let microsoft: ScriptedMicrosoft
beforeEach(async () => {
  microsoft = await startScriptedMicrosoft()
})
afterEach(() => microsoft.stop())

describe('reading', () => {
  test('lists consents with range and token', async () => {
    microsoft.onApi(json({ ...PAGE, NextLink: '/api/operator-consents?skip=2' }))
    const page = await microsoft.client().listConsents({ skip: 200, top: 100 })
    expect(page).toMatchObject({
      recordCount: 2,
      totalCount: 2,
      nextLink: '/api/operator-consents?skip=2',
      known: false,
    })
    expect((await page.records()).map(({ value }) => value)).toEqual(PAGE.Values)
    expect(microsoft.apiRequests()).toEqual(['/api/operator-consents?skip=200&top=100'])
    expect(microsoft.requests[1]?.authorization).toMatch(/^Bearer eyJ/)
  })

  test('a recalled page comes back as known', async () => {
    microsoft.onApi(json(PAGE))
    const client = microsoft.client()
    const { fingerprint } = await client.listConsents(RANGE)
    expect(
      await client.listConsents({ ...RANGE, recall: { page: (asked) => (asked === fingerprint ? 2 : undefined) } }),
    ).toMatchObject({ known: true, recordCount: 2 })
  })

  test('paths are templates below the base URL; tenant ids are asked for in lower case', async () => {
    microsoft.onApi(json({ Id: 'one' }), json({ CivicAddresses: [{ Id: 'a' }] }))
    const client = microsoft.client(
      {},
      {
        baseUrl: `${microsoft.origin}/v1.0/`,
        paths: { consents: 'c?x=1', consentByTenant: 'c/{tenantId}/it', civicAddresses: '/a?t={tenantId}' },
      },
    )
    expect(await client.consentByTenant(TENANT.toUpperCase())).toEqual({ Id: 'one' })
    expect(await client.civicAddresses(TENANT)).toEqual([{ Id: 'a' }])
    microsoft.onApi(json(PAGE))
    await client.listConsents(RANGE)
    expect(microsoft.apiRequests()).toEqual([
      `/v1.0/c/${TENANT}/it`,
      `/v1.0/a?t=${TENANT}`,
      '/v1.0/c?x=1&skip=0&top=100',
    ])
  })

  test.each([[{ CivicAddresses: [] }], [{ civicAddresses: null }], [[]]])('no addresses: %j', async (body) => {
    microsoft.onApi(json(body))
    expect(await microsoft.client().civicAddresses(TENANT)).toEqual([])
  })

  test('204 is nothing: no addresses, no consent', async () => {
    microsoft.onApi(status(204))
    expect(await microsoft.client().civicAddresses(TENANT)).toEqual([])
    expect(await microsoft.client().consentByTenant(TENANT)).toBeNull()
  })

  test.each([
    [{ AcquiredNumbers: [{ TelephoneNumber: '+441134960100' }], TotalCount: 1_200 }, 1_200],
    [{ acquiredNumbers: [{}], totalCount: '7' }, 7],
    // No total, or one that is too low: at least what is there.
    [{ Values: [{}] }, 1],
    [{ AcquiredNumbers: [{}], TotalCount: 0 }, 1],
    [{ AcquiredNumbers: null, TotalCount: 0 }, 0],
  ])('numbers in %j: %i', async (body, count) => {
    microsoft.onApi(json(body))
    expect(await microsoft.client().acquiredNumberCount(TENANT)).toBe(count)
    expect(microsoft.apiRequests()).toEqual([`/api/number-management/tenants/${TENANT}/acquired-numbers?skip=0&top=1`])
  })

  test('no list of numbers is not "no numbers"; a web page in place of it is a wrong path', async () => {
    microsoft.onApi((response) => response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":{}}'))
    expect(await microsoft.client().acquiredNumberCount(TENANT)).toBeNull()
    microsoft.onApi((response) => response.writeHead(404, { 'content-type': 'text/html' }).end('<html></html>'))
    expect(await failureOf(microsoft.client().acquiredNumberCount(TENANT))).toMatchObject({ kind: 'not-found' })
  })

  test('decodes gzip, and a byte order mark does no harm', async () => {
    microsoft.onApi((response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(JSON.stringify(PAGE))),
    )
    expect((await (await microsoft.client().listConsents(RANGE)).records()).map(({ value }) => value)).toEqual(
      PAGE.Values,
    )
    microsoft.onApi(status(200, {}, `\uFEFF${JSON.stringify(PAGE)}`))
    expect((await (await microsoft.client().listConsents(RANGE)).records()).map(({ value }) => value)).toEqual(
      PAGE.Values,
    )
  })

  test('the connection is kept alive between calls', async () => {
    const sockets = new Set<unknown>()
    microsoft.onApi((response, request) => {
      sockets.add(request.socket)
      json(PAGE)(response, request)
    })
    const client = microsoft.client()
    for (let call = 0; call < 8; call++) await client.listConsents(RANGE)
    // The pool may open a second one while the first is being freed; what counts is that calls share them.
    expect(sockets.size).toBeLessThanOrEqual(2)
  })

  test.each([[{ skip: -1, top: 10 }], [{ skip: 0.5, top: 10 }], [{ skip: 0, top: 0 }], [{ skip: 0, top: 1001 }]])(
    'the range %j is not asked for',
    async (range) => {
      expect(await failureOf(microsoft.client().listConsents(range))).toMatchObject({ kind: 'rejected' })
      expect(microsoft.requests).toEqual([])
    },
  )

  test.each(['', '868', `${TENANT}/../../x`])('the tenant id %j is not asked for', async (tenantId) => {
    expect(await failureOf(microsoft.client().consentByTenant(tenantId))).toMatchObject({ kind: 'rejected' })
    expect(await failureOf(microsoft.client().civicAddresses(tenantId))).toMatchObject({ kind: 'rejected' })
    expect(microsoft.requests).toEqual([])
  })
})

describe('not found', () => {
  test('a tenant without a consent is null, but not where a web page says so', async () => {
    microsoft.onApi(json({ error: { code: 'NotFound' } }, {}, 404), status(404))
    const client = microsoft.client()
    expect(await client.consentByTenant(TENANT)).toBeNull()
    expect(await client.consentByTenant(TENANT)).toBeNull()
    microsoft.onApi(status(404, { 'content-type': 'text/html' }, '<!doctype html><p>no</p>'))
    expect(await failureOf(client.consentByTenant(TENANT))).toMatchObject({
      kind: 'not-found',
      status: 404,
      transient: false,
    })
  })

  test('addresses of an unknown tenant, and a list at a wrong path, are errors', async () => {
    microsoft.onApi(json({}, {}, 404))
    expect(await failureOf(microsoft.client().civicAddresses(TENANT))).toMatchObject({
      kind: 'not-found',
      operation: 'civicAddresses',
    })
    expect(await failureOf(microsoft.client().listConsents(RANGE))).toMatchObject({
      kind: 'not-found',
      operation: 'listConsents',
    })
  })

  test('null with status 200 is not taken for "no consent"', async () => {
    microsoft.onApi(status(200, {}, 'null'))
    expect(await failureOf(microsoft.client({ ...fakeTime() }).consentByTenant(TENANT))).toMatchObject({
      kind: 'malformed',
    })
  })
})

describe('calling off', () => {
  test('before, during the request, during a wait', async () => {
    const client = microsoft.client()
    expect(await failureOf(client.listConsents(RANGE, { signal: AbortSignal.abort(new Error('gone')) }))).toMatchObject(
      { kind: 'aborted', cause: new Error('gone') },
    )
    expect(microsoft.requests).toEqual([])

    const during = new AbortController()
    microsoft.onApi(() => during.abort())
    expect(await failureOf(client.listConsents(RANGE, { signal: during.signal }))).toMatchObject({ kind: 'aborted' })

    const waiting = new AbortController()
    microsoft.onApi(status(429, { 'retry-after': '100' }))
    const call = failureOf(microsoft.client().listConsents(RANGE, { signal: waiting.signal }))
    setTimeout(() => waiting.abort(), 100)
    expect(await call).toMatchObject({ kind: 'aborted' })
  })

  test('while waiting for a token, without taking it from the others', async () => {
    const impatient = new AbortController()
    microsoft.onToken((response) => {
      impatient.abort()
      setTimeout(() => response.end('{"access_token":"opaque","expires_in":"3599"}'), 50)
    })
    microsoft.onApi(json(PAGE))
    const client = microsoft.client()
    const [gone, served] = await Promise.all([
      failureOf(client.listConsents(RANGE, { signal: impatient.signal })),
      client.listConsents(RANGE),
    ])
    expect(gone.kind).toBe('aborted')
    expect(served.recordCount).toBe(2)
    expect(microsoft.tokenRequests()).toBe(1)
  })

  test('closing calls everything off, and later calls as well', async () => {
    microsoft.onApi(() => {})
    const client = microsoft.client()
    const call = failureOf(client.listConsents(RANGE))
    await vi.waitFor(() => expect(microsoft.apiRequests()).toHaveLength(1))
    await client.close()
    expect(await call).toMatchObject({ kind: 'aborted' })
    expect(await failureOf(client.listConsents(RANGE))).toMatchObject({ kind: 'aborted' })
    await client.close()
  })

  test('leaves no listener behind on a long-lived signal', async () => {
    microsoft.onApi(json(PAGE))
    const signal = new AbortController().signal
    const added = vi.spyOn(signal, 'addEventListener')
    const removed = vi.spyOn(signal, 'removeEventListener')
    await microsoft.client().listConsents(RANGE, { signal })
    expect(added.mock.calls.length).toBeGreaterThan(0)
    expect(removed).toHaveBeenCalledTimes(added.mock.calls.length)
  })
})

describe('links to the next page', () => {
  test.each([['/api/more?token=x'], ['?token=x']])('%s is followed on the same origin', async (nextLink) => {
    microsoft.onApi(json(PAGE))
    await microsoft.client().listConsents({ ...RANGE, nextLink })
    await microsoft.client().listConsents({ ...RANGE, nextLink: `${microsoft.origin}/api/whole` })
    expect(microsoft.apiRequests()).toEqual([nextLink.startsWith('/') ? nextLink : `/api/${nextLink}`, '/api/whole'])
  })

  test.each([
    'http://169.254.169.254/latest',
    '//evil.example/x',
    'https://evil.example',
    'file:///etc/passwd',
    'http://user@127.0.0.1:1/',
    'http://[',
    'javascript:1',
  ])('%s is not followed', async (nextLink) => {
    expect(await failureOf(microsoft.client().listConsents({ ...RANGE, nextLink }))).toMatchObject({ kind: 'paging' })
    expect(microsoft.requests).toEqual([])
  })

  test('a user name on the right origin is not followed', async () => {
    const nextLink = microsoft.origin.replace('://', '://user:word@')
    expect(await failureOf(microsoft.client().listConsents({ ...RANGE, nextLink }))).toMatchObject({ kind: 'paging' })
  })
})

test('neither secret nor token is in any message or log line, whatever Microsoft echoes', async () => {
  const lines: string[] = []
  const log = (fields: object, message: string) => lines.push(JSON.stringify(fields), message)
  const echo =
    (code: number) =>
    (response: Parameters<ReturnType<typeof json>>[0], request: Parameters<ReturnType<typeof json>>[1]) =>
      json(
        {
          error: { code: 'Echo', message: `${request.headers.authorization} ${SECRET} ${encodeURIComponent(SECRET)}` },
        },
        {},
        code,
      )(response, request)
  for (const code of [400, 401, 403, 503]) {
    microsoft.onApi(echo(code))
    const error = await failureOf(
      microsoft.client({ ...fakeTime(), logger: { debug: log, warn: log } }).listConsents(RANGE),
    )
    lines.push(error.message, error.stack ?? '', String(error.cause))
  }
  microsoft.onApi(json(PAGE))
  microsoft.onToken(json({ error: 'invalid_client', error_description: `AADSTS7000215: ${SECRET}` }, {}, 401))
  lines.push(
    (await failureOf(microsoft.client({ ...fakeTime(), logger: { debug: log, warn: log } }).listConsents(RANGE)))
      .message,
  )
  microsoft.onToken(status(200, {}, `{"access_token":"eyJhbGciOi.eyJzdWIiOi.c2ln ${SECRET}`))
  const unreadable = await failureOf(
    microsoft.client({ ...fakeTime(), logger: { debug: log, warn: log } }).listConsents(RANGE),
  )
  lines.push(unreadable.message, String(unreadable.cause))
  const text = lines.join('\n')
  expect(text).toContain('Echo: [token]'.replace('[token]', 'Bearer [token]'))
  expect(text).not.toContain(SECRET)
  expect(text).not.toContain(encodeURIComponent(SECRET))
  expect(text).not.toMatch(/eyJ/)
})
