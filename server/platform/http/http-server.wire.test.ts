import { once } from 'node:events'
import { type ClientRequest, get, type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import zlib from 'node:zlib'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { Type } from 'typebox'
import { afterEach, expect, it } from 'vitest'
import { defineEndpoint } from '../../../contract/endpoint.ts'
import { systemClock } from '../../kernel/clock.ts'
import { createHttpServer, type Handler, type HttpServer, type HttpSettings, route } from './index.ts'

const open = defineEndpoint({
  operationId: 'open',
  method: 'GET',
  path: '/open',
  tag: 'test',
  summary: '',
  description: '',
  source: 'own',
  permission: 'none',
  responses: { 200: { description: '', schema: Type.Any() } },
})

let server: HttpServer
const logged: { status: number; operationId: string }[] = []

/** A real server on a free port with one endpoint. */
async function start(handler: Handler<typeof open>, settings: Partial<HttpSettings> = {}): Promise<URL> {
  logged.length = 0
  server = createHttpServer({
    routes: [route(open, handler)],
    authenticate: async () => Promise.reject(new Error('Nothing here asks for credentials.')),
    settings: { publicUrl: 'http://leadline.test', trustedProxies: [], rateLimitPerMinute: 0, ...settings },
    logger: pino({}, { write: (line: string) => void logged.push(JSON.parse(line)) }),
    metrics: new Registry(),
    clock: systemClock,
  })
  return new URL('/open', await server.listen({ host: '127.0.0.1', port: 0 }))
}

afterEach(async () => {
  await server.close(100)
})

async function answerOf(sent: ClientRequest): Promise<IncomingMessage> {
  const [response] = await once(sent, 'response')
  return response
}

/** Endless rows; tells how many bytes were asked of it and whether it was destroyed. */
function endless() {
  const state = { made: 0, destroyed: false }
  const stream = new Readable({
    highWaterMark: 64 * 1024,
    read() {
      const chunk = Buffer.alloc(64 * 1024, '{"lead":1},')
      state.made += chunk.length
      this.push(chunk)
    },
    destroy(error, done) {
      state.destroyed = true
      done(error)
    },
  })
  return { state, stream }
}

it.each(['identity', 'zstd'])(
  'makes no more than a slow reader takes, and stops when he goes away (%s)',
  async (encoding) => {
    const { state, stream } = endless()
    let aborted = false
    const url = await start(async (_input, { signal }) => {
      signal.addEventListener('abort', () => {
        aborted = true
      })
      return { stream }
    })
    const sent = get(url, { headers: { 'accept-encoding': encoding } })
    const response = await answerOf(sent)
    response.pause()
    // Constant rows compress a thousandfold: only the identity reader fills the socket soon.
    if (encoding === 'identity') {
      await wait(200)
      const made = state.made
      await wait(200)
      expect(state.made).toBe(made)
      expect(made).toBeLessThan(20 * 1024 * 1024)
    }
    sent.destroy()
    await expect.poll(() => [state.destroyed, aborted]).toEqual([true, true])
    await expect.poll(() => logged.map((line) => line.status)).toEqual([499])
  },
)

it.each(['identity', 'gzip', 'zstd'])(
  'cuts the connection when a stream fails after its first byte (%s)',
  async (encoding) => {
    const failing = Readable.from(
      (async function* () {
        for (let part = 0; part < 40; part++)
          yield Buffer.from(Array.from({ length: 8_000 }, () => Math.random()).join())
        throw new Error('the database went away')
      })(),
      { objectMode: false },
    )
    const url = await start(async () => ({ stream: failing }))
    const response = await answerOf(get(url, { headers: { 'accept-encoding': encoding } }))
    expect(response.statusCode).toBe(200)
    const ended = once(response.resume(), 'end')
    await expect(ended).rejects.toThrow(/aborted|ECONNRESET|socket hang up/)
    expect(response.complete).toBe(false)
  },
)

it('streams a large compressed body whole', async () => {
  const rows = Array.from({ length: 2_000 }, (_, index) =>
    Buffer.from(`{"lead":${index},"company":"${'x'.repeat(500)}"},`),
  )
  const url = await start(async () => ({ stream: Readable.from(rows, { objectMode: false }) }))
  for (const [encoding, decode] of [
    ['zstd', zlib.createZstdDecompress],
    ['gzip', zlib.createGunzip],
  ] as const) {
    const response = await answerOf(get(url, { headers: { 'accept-encoding': encoding } }))
    expect(response.headers['content-encoding']).toBe(encoding)
    const chunks = await response.pipe(decode()).toArray()
    expect(Buffer.concat(chunks).equals(Buffer.concat(rows))).toBe(true)
  }
})

it('answers what is not HTTP, and headers beyond all measure, with a problem', async () => {
  const url = await start(async () => ({ json: {} }))
  const raw = async (text: string) => {
    const socket = connect(Number(url.port), '127.0.0.1').setEncoding('utf8')
    socket.write(text)
    return (await socket.toArray()).join('')
  }
  expect(await raw('NONSENSE\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 .*"code":"bad-request"/s)
  const large = await raw(`GET /open HTTP/1.1\r\nHost: x\r\nX-Large: ${'a'.repeat(20_000)}\r\n\r\n`)
  expect(large).toMatch(/^HTTP\/1\.1 431 .*http:\/\/leadline\.test\/docs\/errors\/headers-too-large/s)
})

it('believes X-Forwarded-For from trusted proxies only', async () => {
  const seen = async () => {
    const response = await answerOf(get(url, { headers: { 'x-forwarded-for': '203.0.113.7' } }))
    return JSON.parse((await response.toArray()).join('')).sourceIp
  }
  const handler: Handler<typeof open> = async (_input, { sourceIp }) => ({ json: { sourceIp } })
  let url = await start(handler)
  expect(await seen()).toBe('127.0.0.1')
  await server.close()
  url = await start(handler, { trustedProxies: ['127.0.0.0/8'] })
  expect(await seen()).toBe('203.0.113.7')
})

it('lets a running request finish when it closes, and takes no new ones', async () => {
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const url = await start(async () => {
    await held
    return { json: { done: true } }
  })
  const running = answerOf(get(url))
  await wait(50)
  const closed = server.close(5_000)
  await wait(50)
  await expect(answerOf(request(url).end())).rejects.toThrow(/ECONNREFUSED/)
  release()
  const response = await running
  expect([response.statusCode, (await response.toArray()).join('')]).toEqual([200, '{"done":true}'])
  await closed
})

it('cuts off what does not finish within its grace', async () => {
  const url = await start(() => new Promise(() => {}))
  const running = answerOf(get(url))
  running.catch(() => {})
  await wait(50)
  await server.close(100)
  await expect(running).rejects.toThrow(/hang up|ECONNRESET/)
})

it('passes over an expectation that nobody knows, where Node would refuse it without a word', async () => {
  const url = await start(async () => ({ json: { ok: true } }))
  const response = await answerOf(get(url, { headers: { expect: '200-maybe' } }))
  expect([response.statusCode, response.headers['x-request-id']]).toEqual([200, expect.any(String)])
})

it('names a request in a refusal that comes before any route, too', async () => {
  const url = await start(async () => ({ json: {} }))
  const response = await answerOf(get({ host: url.hostname, port: url.port, path: '/open/%zz' }))
  const body = JSON.parse((await response.toArray()).join(''))
  expect([response.statusCode, body.requestId]).toEqual([400, response.headers['x-request-id']])
})

it('gives what was no request at all a problem with every field', async () => {
  const url = await start(async () => ({ json: {} }))
  const socket = connect(Number(url.port), url.hostname)
  socket.end('hello\r\n\r\n')
  const said = (await socket.toArray()).join('')
  const body = JSON.parse(said.slice(said.indexOf('{')))
  expect(Object.keys(body).sort()).toEqual(['code', 'detail', 'instance', 'requestId', 'status', 'title', 'type'])
})
