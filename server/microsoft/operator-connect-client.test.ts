import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { MicrosoftError } from './microsoft-error.ts'
import {
  fakeTime,
  json,
  reports,
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

async function failureOf(work: Promise<unknown>): Promise<MicrosoftError> {
  const error = await work.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  )
  if (error instanceof MicrosoftError) return error
  throw error
}

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
    expect(page.records()).toEqual(PAGE.Values)
    expect(microsoft.apiRequests()).toEqual(['/api/operator-consents?skip=200&top=100'])
    expect(microsoft.requests[1]?.authorization).toMatch(/^Bearer eyJ/)
  })

  test('a recalled page comes back as known', async () => {
    microsoft.onApi(json(PAGE))
    const client = microsoft.client()
    const { fingerprint } = await client.listConsents(RANGE)
    expect(
      await client.listConsents({ ...RANGE, recall: (asked) => (asked === fingerprint ? 2 : undefined) }),
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

  test('decodes gzip, and a byte order mark does no harm', async () => {
    microsoft.onApi((response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(JSON.stringify(PAGE))),
    )
    expect((await microsoft.client().listConsents(RANGE)).records()).toEqual(PAGE.Values)
    microsoft.onApi(status(200, {}, `\uFEFF${JSON.stringify(PAGE)}`))
    expect((await microsoft.client().listConsents(RANGE)).records()).toEqual(PAGE.Values)
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

describe('retries', () => {
  test.each([500, 502, 503, 504, 429, 408])(
    'status %i is tried again after a random share of a growing delay',
    async (code) => {
      const time = fakeTime()
      const calls = reports()
      microsoft.onApi(status(code), status(code), status(code), json(PAGE))
      await microsoft.client({ ...time, ...calls }).listConsents(RANGE)
      expect(time.sleeps).toEqual([250, 500, 1000])
      const kind = code === 429 ? 'throttled' : code === 408 ? 'timeout' : 'unavailable'
      expect(calls.lines).toEqual([
        'token 1 200 ok',
        `listConsents 1 ${code} ${kind}`,
        `listConsents 2 ${code} ${kind}`,
        `listConsents 3 ${code} ${kind}`,
        'listConsents 4 200 ok',
      ])
    },
  )

  test('gives up after the last attempt, with the last reason', async () => {
    const time = fakeTime()
    microsoft.onApi(json({ error: { code: 'ServerBusy', message: 'Come back' } }, { 'x-ms-request-id': 'r-1' }, 503))
    const error = await failureOf(microsoft.client(time).listConsents(RANGE))
    expect(error).toMatchObject({
      kind: 'unavailable',
      status: 503,
      requestId: 'r-1',
      transient: true,
      operation: 'listConsents',
    })
    expect(error.message).toContain('ServerBusy: Come back')
    expect(microsoft.apiRequests()).toHaveLength(6)
    expect(time.sleeps).toEqual([250, 500, 1000, 2000, 4000])
  })

  test('the delay is capped, the attempts and the whole time are settable', async () => {
    const time = fakeTime()
    microsoft.onApi(status(500))
    await failureOf(
      microsoft.client({ ...time, retry: { maxAttempts: 5, baseDelayMs: 1000, maxDelayMs: 3000 } }).listConsents(RANGE),
    )
    expect(time.sleeps).toEqual([500, 1000, 1500, 1500])
    const short = fakeTime()
    await failureOf(microsoft.client(short).listConsents(RANGE, { retry: { budgetMs: 1000 } }))
    expect(short.sleeps).toEqual([250, 500])
  })

  test.each([400, 405, 409, 501])('status %i is not tried again', async (code) => {
    microsoft.onApi(status(code))
    expect(await failureOf(microsoft.client(fakeTime()).listConsents(RANGE))).toMatchObject({
      status: code,
      transient: false,
    })
    expect(microsoft.apiRequests()).toHaveLength(1)
  })

  test('a redirect is never followed', async () => {
    microsoft.onApi(status(302, { location: `${microsoft.origin}/elsewhere` }))
    expect(await failureOf(microsoft.client().listConsents(RANGE))).toMatchObject({ kind: 'rejected', status: 302 })
    expect(microsoft.apiRequests()).toHaveLength(1)
  })

  test.each([
    ['cut short', status(200, {}, JSON.stringify(PAGE).slice(0, -8))],
    ['empty', status(200)],
    ['no list', json({ Hello: 1 })],
    ['a web page', status(200, { 'content-type': 'text/html' }, '<html>Sign in</html>')],
    ['damaged gzip', status(200, { 'content-encoding': 'gzip' }, 'no gzip')],
  ])('an answer that is %s is asked for again', async (_, broken) => {
    const calls = reports()
    microsoft.onApi(broken, json(PAGE))
    expect((await microsoft.client({ ...fakeTime(), ...calls }).listConsents(RANGE)).recordCount).toBe(2)
    expect(calls.lines[1]).toMatch(/listConsents 1 (200|null) malformed/)
    microsoft.onApi(broken)
    expect(await failureOf(microsoft.client(fakeTime()).listConsents(RANGE))).toMatchObject({
      kind: 'malformed',
      transient: true,
    })
  })

  test('a connection that breaks, before the answer or within it, is tried again', async () => {
    microsoft.onApi(
      (response) => response.destroy(),
      (response) => {
        response.writeHead(200, { 'content-length': '1000' }).write('{"Values":[')
        setTimeout(() => response.destroy(), 20)
      },
      json(PAGE),
    )
    const calls = reports()
    expect((await microsoft.client({ ...fakeTime(), ...calls }).listConsents(RANGE)).recordCount).toBe(2)
    expect(calls.lines.slice(1)).toEqual([
      'listConsents 1 null unavailable',
      'listConsents 2 null unavailable',
      'listConsents 3 200 ok',
    ])
  })

  test('an answer that never comes, or never ends, is a time-out and tried again', async () => {
    microsoft.onApi(
      () => {},
      (response) => response.writeHead(200).write('{"Values":['),
      json(PAGE),
    )
    const calls = reports()
    expect(
      (await microsoft.client({ ...fakeTime(), ...calls }, { requestTimeoutMs: 150 }).listConsents(RANGE)).recordCount,
    ).toBe(2)
    expect(calls.lines.slice(1)).toEqual([
      'listConsents 1 null timeout',
      'listConsents 2 null timeout',
      'listConsents 3 200 ok',
    ])
  })

  test('nobody listening, and a host that does not exist, are named', async () => {
    const nobody = microsoft.client({ ...fakeTime(), retry: { maxAttempts: 1 } }, { baseUrl: 'http://127.0.0.1:1/api' })
    expect(await failureOf(nobody.listConsents(RANGE))).toMatchObject({
      kind: 'unavailable',
      detail: expect.stringContaining('127.0.0.1:1'),
    })
  })

  test('an answer beyond the size limit is refused, packed or not, and not asked for again', async () => {
    const large = JSON.stringify({ Values: ['x'.repeat(5000)] })
    microsoft.onApi(status(200, {}, large))
    expect(await failureOf(microsoft.client({ maxBodyBytes: 4000 }).listConsents(RANGE))).toMatchObject({
      kind: 'malformed',
      transient: false,
      detail: expect.stringContaining('4000 bytes'),
    })
    microsoft.onApi((response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(large)))
    expect(await failureOf(microsoft.client({ maxBodyBytes: 4000 }).listConsents(RANGE))).toMatchObject({
      kind: 'malformed',
      transient: false,
      detail: expect.stringContaining('4000 bytes'),
    })
    expect(microsoft.apiRequests()).toHaveLength(2)
  })

  test('an encoding that was not asked for is named', async () => {
    microsoft.onApi(status(200, { 'content-encoding': 'br' }, 'x'))
    expect(await failureOf(microsoft.client().listConsents(RANGE))).toMatchObject({
      kind: 'malformed',
      detail: expect.stringContaining('"br"'),
    })
  })
})

describe('Retry-After', () => {
  test.each([
    ['1', 1000],
    ['60', 60_000],
    ['Tue, 01 Jan 2030 00:00:30 GMT', 30_000],
    ['0', 250],
    ['tomorrow', 250],
  ])('%s is waited for exactly', async (text, waitMs) => {
    const time = fakeTime()
    microsoft.onApi(status(429, { 'retry-after': text }), json(PAGE))
    await microsoft.client(time).listConsents(RANGE)
    expect(time.sleeps).toEqual([waitMs])
  })

  test('counts for 503 too', async () => {
    const time = fakeTime()
    microsoft.onApi(status(503, { 'retry-after': '7' }), json(PAGE))
    await microsoft.client(time).listConsents(RANGE)
    expect(time.sleeps).toEqual([7000])
  })

  test('longer than the longest wait it is handed to the caller, and nobody knocks before it is over', async () => {
    const time = fakeTime()
    microsoft.onApi(status(429, { 'retry-after': '315' }), json(PAGE))
    const client = microsoft.client(time)
    expect(await failureOf(client.listConsents(RANGE))).toMatchObject({
      kind: 'throttled',
      status: 429,
      retryAfterMs: 315_000,
      transient: true,
    })
    time.advance(100_000)
    expect(await failureOf(client.civicAddresses(TENANT))).toMatchObject({
      kind: 'throttled',
      retryAfterMs: 215_000,
      transient: true,
    })
    expect(microsoft.apiRequests()).toHaveLength(1)
    time.advance(100_000)
    await client.listConsents(RANGE)
    expect(time.sleeps).toEqual([115_000])
    expect(microsoft.apiRequests()).toHaveLength(2)
  })

  test('is not waited for beyond the time of the whole call', async () => {
    const time = fakeTime()
    microsoft.onApi(status(429, { 'retry-after': '60' }))
    expect(
      await failureOf(microsoft.client({ ...time, retry: { budgetMs: 150_000 } }).listConsents(RANGE)),
    ).toMatchObject({ kind: 'throttled', retryAfterMs: 60_000 })
    expect(time.sleeps).toEqual([60_000, 60_000])
  })

  test('holds back calls that run side by side', async () => {
    const client = microsoft.client({ random: () => 0 })
    const startedMs = Date.now()
    const arrivalsMs: number[] = []
    const late = (
      response: Parameters<ReturnType<typeof json>>[0],
      request: Parameters<ReturnType<typeof json>>[1],
    ) => {
      arrivalsMs.push(Date.now() - startedMs)
      json({ CivicAddresses: [] })(response, request)
    }
    microsoft.onApi(status(429, { 'retry-after': '1' }), late)
    const first = client.civicAddresses(TENANT)
    await vi.waitFor(() => expect(microsoft.apiRequests()).toHaveLength(1))
    await new Promise((resolve) => setTimeout(resolve, 50))
    await Promise.all([first, client.civicAddresses(TENANT), client.civicAddresses(TENANT)])
    expect(arrivalsMs).toHaveLength(3)
    expect(Math.min(...arrivalsMs)).toBeGreaterThanOrEqual(990)
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
