import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  failureOf,
  fakeTime,
  json,
  reports,
  type ScriptedMicrosoft,
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
      (await microsoft.client({ ...fakeTime(), ...calls }, { requestTimeoutMs: 500 }).listConsents(RANGE)).recordCount,
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
    const calls = reports()
    const client = microsoft.client(calls)
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
    await vi.waitFor(() => expect(calls.lines).toContain('civicAddresses 1 429 throttled'))
    await Promise.all([first, client.civicAddresses(TENANT), client.civicAddresses(TENANT)])
    expect(arrivalsMs).toHaveLength(3)
    expect(Math.min(...arrivalsMs)).toBeGreaterThanOrEqual(990)
  })
})
