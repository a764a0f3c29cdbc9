import { Readable } from 'node:stream'
import zlib from 'node:zlib'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { Type } from 'typebox'
import { afterEach, describe, expect, it } from 'vitest'
import { defineEndpoint } from '../../../contract/endpoint.ts'
import type { Permission } from '../../../contract/permissions.ts'
import { systemClock } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Principal } from '../../kernel/principal.ts'
import type { Authenticate } from './credentials.ts'
import { createHttpServer, type HttpServer, type HttpSettings } from './http-server.ts'
import { type Route, route } from './route.ts'

const listThings = defineEndpoint({
  operationId: 'listThings',
  method: 'GET',
  path: '/api/v2/things',
  tag: 'test',
  summary: '',
  description: '',
  source: 'own',
  permission: 'leads.read',
  documented: true,
  lenientQueryNames: true,
  query: Type.Object({
    PageSize: Type.Optional(Type.Integer({ minimum: 0, maximum: 20_000 })),
    PageNumber: Type.Optional(Type.Integer({ minimum: 0 })),
    checkOnline: Type.Optional(Type.Boolean()),
    status: Type.Optional(Type.Array(Type.Enum(['Active', 'Removed']))),
    q: Type.Optional(Type.String({ maxLength: 20 })),
  }),
  responses: { 200: { description: '', schema: Type.Any() } },
})

const createThing = defineEndpoint({
  ...listThings,
  operationId: 'createThing',
  method: 'POST',
  path: '/api/v4/things',
  documented: false,
  query: Type.Object({}),
  operatorOnly: true,
  body: Type.Object({
    name: Type.String({ minLength: 1 }),
    size: Type.Optional(Type.Object({ from: Type.Integer() })),
  }),
  responses: { 201: { description: '', schema: Type.Any() } },
})

const bindThing = defineEndpoint({ ...createThing, operationId: 'bindThing', path: '/api/v2/things', documented: true })

const open = defineEndpoint({
  ...listThings,
  operationId: 'open',
  path: '/open',
  permission: 'none',
  documented: false,
})

const echo = route(listThings, async (input) => ({ json: input.query }))

const principal: Principal = {
  kind: 'client',
  id: 'c1',
  name: 'client one',
  operatorId: 868,
  channelId: null,
  permissions: new Set<Permission>(['leads.read']),
  requestId: 'r',
  sourceIp: null,
}

const byToken: Authenticate = async ({ headers }) => {
  if (headers.authorization === 'Bearer good') return principal
  if (headers.authorization === 'Bearer writer') return { ...principal, id: 'c2', permissions: new Set(['leads.read']) }
  if (headers.authorization === 'Bearer channel') return { ...principal, id: 'c3', channelId: 907 }
  const missing = headers.authorization === undefined
  throw new AppError({
    code: missing ? 'credentials-missing' : 'token-invalid',
    status: 401,
    detail: 'No "good" token.',
  })
}

let server: HttpServer | undefined
const logged: Record<string, unknown>[] = []

function start(routes: Route[], settings: Partial<HttpSettings> = {}) {
  const registry = new Registry()
  logged.length = 0
  const logger = pino({}, { write: (line: string) => void logged.push(JSON.parse(line)) })
  server = createHttpServer({
    routes,
    authenticate: byToken,
    settings: { publicUrl: 'http://leadline.test', trustedProxies: [], rateLimitPerMinute: 600, ...settings },
    logger,
    metrics: registry,
    clock: systemClock,
  })
  return { app: server.app, registry, server }
}

afterEach(async () => {
  await server?.close(100)
  server = undefined
})

const matching = (detail: string | RegExp) => (typeof detail === 'string' ? detail : expect.stringMatching(detail))

const good = { authorization: 'Bearer good' }

describe('query', () => {
  const ask = async (query: string) => {
    const { app } = start([echo])
    const response = await app.inject({ url: `/api/v2/things?${query}`, headers: good })
    return { status: response.statusCode, body: response.json() }
  }

  it.each([
    ['PageSize=20000&PageNumber=0', { PageSize: 20_000, PageNumber: 0 }],
    ['pagesize=5', { PageSize: 5 }],
    ['Page%20Number=2&Page+Size=3', { PageNumber: 2, PageSize: 3 }],
    ['checkOnline=True', { checkOnline: true }],
    ['CHECKONLINE=false', { checkOnline: false }],
    ['status=Active&status=Removed', { status: ['Active', 'Removed'] }],
    ['status=Active,Removed', { status: ['Active', 'Removed'] }],
    ['q=%C3%A4+%25', { q: 'ä %' }],
    ['&&q=', { q: '' }],
    ['', {}],
  ])('reads %s', async (query, expected) => {
    expect(await ask(query)).toEqual({ status: 200, body: expected })
  })

  it.each([
    ['PageSize=20001', '/query/PageSize', 'Must be 0 to 20000, was 20001.'],
    ['PageSize=', '/query/PageSize', 'Must be a whole number written in digits only, was "".'],
    ['PageSize=1e3', '/query/PageSize', 'Must be a whole number written in digits only, was "1e3".'],
    ['PageSize=%2B5', '/query/PageSize', 'Must be a whole number written in digits only, was "+5".'],
    ['PageSize=-1', '/query/PageSize', 'Must be a whole number written in digits only, was "-1".'],
    ['PageSize=%205', '/query/PageSize', 'Must be a whole number written in digits only, was " 5".'],
    ['PageSize=9999999999999999999', '/query/PageSize', /digits only/],
    ['PageSize=5&pageSize=6', '/query/PageSize', 'Given more than once: give it once.'],
    ['checkOnline=yes', '/query/checkOnline', 'Must be true or false, was "yes".'],
    ['Foo=1', '/query/Foo', /^Unknown: .* Known here: PageSize, PageNumber, checkOnline, status, q\.$/],
    ['__proto__=1', '/query/__proto__', /^Unknown/],
    ['status=Gone', '/query/status/0', 'Must be "Active" or "Removed", was "Gone".'],
    ['q=aaaaaaaaaaaaaaaaaaaaaaa', '/query/q', 'Must have at most 20 characters, has 23.'],
    ['q=%ff', '/query', /percent escapes/],
    ['q=%00', '/query', /NUL/],
    [`${'q=1&'.repeat(101)}`, '/query', /at most 100/],
  ])('refuses %s', async (query, pointer, detail) => {
    const { status, body } = await ask(query)
    expect(status).toBe(400)
    expect(body).toMatchObject({ code: 'bad-request', type: 'http://leadline.test/docs/errors/bad-request' })
    expect(body.errors).toEqual([{ pointer, detail: matching(detail) }])
  })

  it('names every wrong parameter at once', async () => {
    const { body } = await ask('PageSize=x&Foo=1&checkOnline=2')
    expect(body.errors.map((one: { pointer: string }) => one.pointer)).toEqual([
      '/query/PageSize',
      '/query/Foo',
      '/query/checkOnline',
    ])
  })
})

describe('body', () => {
  const send = async (url: string, payload: string | Buffer, type = 'application/json') => {
    const taken = async (input: { body: unknown }) => ({ status: 201, json: input.body })
    const { app } = start([route(createThing, taken), route(bindThing, taken)])
    const headers = { ...good, 'content-type': type }
    const response = await app.inject({ method: 'POST', url, headers, payload })
    return { status: response.statusCode, body: response.json() }
  }

  it('takes what fits', async () => {
    expect(await send('/api/v4/things', '{"name":"a","size":{"from":1}}')).toEqual({
      status: 201,
      body: { name: 'a', size: { from: 1 } },
    })
  })

  it.each([
    ['{"name":"a","nmae":1}', '/body/nmae', /^Unknown/],
    ['{"name":"a","size":{"from":1,"to":2}}', '/body/size/to', /Known here: from/],
    ['{"name":"a","size":{"from":"1"}}', '/body/size/from', 'Must be a whole number, was "1".'],
    ['{}', '/body/name', 'Missing: give name.'],
    ['[]', '/body', 'Must be an object, was [].'],
    ['{"name":', '/body', /not valid JSON/],
    ['', '/body', /^Missing/],
    ['{"name":"a\\u0000b"}', '/body/name', /NUL/],
    [Buffer.from([0x7b, 0xff, 0x7d]), '/body', /UTF-8/],
    ['['.repeat(100_000), '/body', /not valid JSON/],
  ])('refuses %s under /api/v4', async (payload, pointer, detail) => {
    const { status, body } = await send('/api/v4/things', payload)
    expect(status).toBe(400)
    expect(body.errors).toEqual([{ pointer, detail: matching(detail) }])
  })

  it('binds documented bodies in any letter case and ignores unknown keys', async () => {
    expect(await send('/tenantui/api/v2/things', '{"NAME":"a","Size":{"FROM":2,"x":1},"more":1}')).toEqual({
      status: 201,
      body: { name: 'a', size: { from: 2 } },
    })
    expect((await send('/api/v2/things', '{"NAME":"a","name":"b"}')).body.errors[0].pointer).toBe('/body/name')
  })

  it('refuses other media types and large bodies', async () => {
    expect(await send('/api/v4/things', 'name=a', 'application/x-www-form-urlencoded')).toMatchObject({
      status: 415,
      body: { code: 'unsupported-media-type' },
    })
    expect(await send('/api/v4/things', '{"name":"a"}', 'application/json; charset=utf-16')).toMatchObject({
      status: 415,
    })
    expect(await send('/api/v4/things', `{"name":"${'x'.repeat(1024 * 1024)}"}`)).toMatchObject({
      status: 413,
      body: { code: 'body-too-large' },
    })
  })
})

describe('refusals', () => {
  it('answers 401 with a challenge, before it looks at anything else', async () => {
    const { app } = start([echo])
    const none = await app.inject({ url: '/api/v2/things?Foo=1' })
    expect(none.statusCode).toBe(401)
    expect(none.headers['www-authenticate']).toBe('Bearer realm="leadline"')
    const bad = await app.inject({ url: '/api/v2/things', headers: { authorization: 'Bearer x' } })
    expect(bad.headers['www-authenticate']).toContain(`error="invalid_token", error_description="No 'good' token."`)
    expect(bad.headers['content-type']).toMatch(/^application\/problem\+json/)
  })

  it('answers 403 naming the permission, and for channel credentials on operator objects', async () => {
    const needsMore = defineEndpoint({ ...listThings, permission: 'clients.manage' })
    const { app } = start([route(needsMore, async () => ({})), route(createThing, async () => ({}))])
    const response = await app.inject({ url: '/api/v2/things', headers: good })
    expect(response.json()).toMatchObject({ status: 403, code: 'permission-missing', detail: /clients\.manage/ })
    const channel = await app.inject({
      method: 'POST',
      url: '/api/v4/things',
      headers: { authorization: 'Bearer channel' },
    })
    expect(channel.json()).toMatchObject({ status: 403, code: 'operator-only' })
  })

  it('answers 404, 405 with Allow, 414', async () => {
    const { app } = start([echo])
    expect((await app.inject({ url: '/nowhere' })).json()).toMatchObject({ status: 404, code: 'not-found' })
    const wrong = await app.inject({ method: 'DELETE', url: '/tenantui/api/v2/things' })
    expect(wrong.json()).toMatchObject({ status: 405, code: 'method-not-allowed' })
    expect(wrong.headers.allow).toBe('GET, HEAD, OPTIONS')
    const long = await app.inject({ url: `/api/v2/things?q=${'a'.repeat(9000)}`, headers: good })
    expect(long.json()).toMatchObject({ status: 414, code: 'url-too-long' })
  })

  it('limits by client, not by address, and says when to come back', async () => {
    const { app } = start([echo], { rateLimitPerMinute: 2 })
    const ask = (token: string) => app.inject({ url: '/api/v2/things', headers: { authorization: `Bearer ${token}` } })
    expect((await ask('good')).headers['ratelimit-remaining']).toBe('1')
    await ask('good')
    const third = await ask('good')
    expect(third.json()).toMatchObject({ status: 429, code: 'rate-limited' })
    expect(Number(third.headers['retry-after'])).toBeGreaterThan(0)
    expect((await ask('writer')).statusCode).toBe(200)
    expect([(await ask('x')).statusCode, (await ask('x')).statusCode, (await ask('x')).statusCode]).toEqual([
      401, 401, 429,
    ])
    expect((await ask('writer')).statusCode).toBe(200)
  })

  it('tells nothing of the inside, and logs it', async () => {
    const failing = route(listThings, async () => {
      throw new Error('password=hunter2')
    })
    const { app } = start([failing])
    const response = await app.inject({ url: '/api/v2/things', headers: { ...good, 'x-request-id': 'abc-1' } })
    expect(response.json()).toMatchObject({ status: 500, code: 'internal-error', requestId: 'abc-1' })
    expect(response.body).not.toMatch(/hunter2|http-server|node_modules/)
    expect(response.headers['x-request-id']).toBe('abc-1')
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(logged[0]).toMatchObject({ operationId: 'listThings', requestId: 'abc-1', status: 500 })
    expect(JSON.stringify(logged[0]?.err)).toContain('hunter2')
  })

  it('replaces a request id that is not plain', async () => {
    const { app } = start([echo])
    const response = await app.inject({ url: '/open', headers: { 'x-request-id': 'a b\u0001' } })
    expect(response.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('counts and logs without the query', async () => {
    const { app, registry } = start([echo])
    await app.inject({ url: '/api/v2/things?q=anna', headers: good })
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(logged[0]).toMatchObject({ operationId: 'listThings', status: 200, principal: 'c1', operatorId: 868 })
    expect(JSON.stringify(logged)).not.toContain('anna')
    expect(await registry.metrics()).toContain('leadline_http_requests_total{operationId="listThings",status="200"} 1')
  })
})

describe('answers', () => {
  const big = JSON.stringify({ rows: 'lead '.repeat(1000) })

  it.each([
    ['zstd, gzip', 'zstd', zlib.zstdDecompressSync],
    ['gzip, deflate, br', 'gzip', zlib.gunzipSync],
    ['zstd;q=0.5, gzip', 'gzip', zlib.gunzipSync],
    ['zstd;q=0, br', undefined, (bytes: Buffer) => bytes],
    [undefined, undefined, (bytes: Buffer) => bytes],
  ])('compresses text and streams for %s', async (accept, encoding, decode) => {
    const chunks = Array.from({ length: 300 }, (_, index) => Buffer.from(`{"lead":${index}}`.repeat(50)))
    for (const [answer, expected] of [
      [() => ({ text: big }), big],
      [() => ({ stream: Readable.from(chunks, { objectMode: false }) }), Buffer.concat(chunks).toString()],
    ] as const) {
      const { app } = start([route(open, async () => answer())])
      const headers: Record<string, string> = accept === undefined ? {} : { 'accept-encoding': accept }
      const response = await app.inject({ url: '/open', headers })
      expect(response.headers['content-encoding']).toBe(encoding)
      expect(response.headers.vary).toContain('Accept-Encoding')
      expect(decode(response.rawPayload).toString()).toBe(expected)
      await server?.close()
    }
  })

  it('leaves small bodies alone, streamed or not', async () => {
    const { app } = start([
      route(open, async () => ({ stream: Readable.from([Buffer.from('[]')], { objectMode: false }) })),
    ])
    const response = await app.inject({ url: '/open', headers: { 'accept-encoding': 'zstd' } })
    expect(response.headers).toMatchObject({ 'content-length': '2' })
    expect(response.headers['content-encoding']).toBeUndefined()
    expect(response.body).toBe('[]')
  })

  it('answers 304 without making the body', async () => {
    let made = 0
    const produce = async () => {
      made += 1
      return { text: big, headers: { 'x-total-count': '7' } }
    }
    const { app } = start([route(open, async () => ({ etag: 'v7', headers: { 'x-total-count': '7' }, produce }))])
    const first = await app.inject({ url: '/open' })
    expect(first.headers).toMatchObject({ etag: 'W/"v7"', 'cache-control': 'private, no-cache', 'x-total-count': '7' })
    for (const tag of ['W/"v7"', '"v7"', '"a", W/"v7"', '*']) {
      const again = await app.inject({ url: '/open', headers: { 'if-none-match': tag } })
      expect([again.statusCode, again.body, again.headers.etag]).toEqual([304, '', 'W/"v7"'])
    }
    expect(made).toBe(1)
    expect((await app.inject({ url: '/open', headers: { 'if-none-match': '"v6"' } })).statusCode).toBe(200)
  })

  it('answers HEAD with the headers only', async () => {
    const { app } = start([route(open, async () => ({ text: big }))])
    const response = await app.inject({ method: 'HEAD', url: '/open' })
    expect([response.statusCode, response.body]).toEqual([200, ''])
    expect(response.headers['content-length']).toBe(String(big.length))
  })

  it('turns a stream that fails before its first byte into a problem', async () => {
    const failing = () =>
      new Readable({
        read() {
          this.destroy(
            new AppError({ code: 'database-unavailable', status: 503, detail: 'Down.', retryAfterSeconds: 5 }),
          )
        },
      })
    const { app } = start([route(open, async () => ({ etag: 'x', stream: failing() }))])
    const response = await app.inject({ url: '/open' })
    expect(response.json()).toMatchObject({ status: 503, code: 'database-unavailable' })
    expect(response.headers['retry-after']).toBe('5')
    expect(response.headers.etag).toBeUndefined()
  })

  it('has the security headers everywhere', async () => {
    const { app } = start([echo])
    for (const url of ['/nowhere', '/api/v2/things']) {
      expect((await app.inject({ url })).headers).toMatchObject({
        'content-security-policy': expect.stringContaining("default-src 'none'"),
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      })
    }
  })

  it('fails loudly on an answer outside its contract when asked to check', async () => {
    const typed = defineEndpoint({
      ...open,
      responses: { 200: { description: '', schema: Type.Object({ a: Type.Integer() }) } },
    })
    const { app } = start([route(typed, async () => ({ json: { a: 'x' } }))], { checkAnswers: true })
    expect((await app.inject({ url: '/open' })).statusCode).toBe(500)
  })
})
