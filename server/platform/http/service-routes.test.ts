import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { afterEach, expect, it } from 'vitest'
import { systemClock } from '../../kernel/clock.ts'
import { createHttpServer, type HttpServer, serviceRoutes } from './index.ts'

let server: HttpServer | undefined

function start(metricsToken: string | null = null, ready = true) {
  const metrics = new Registry()
  server = createHttpServer({
    routes: serviceRoutes({
      metrics,
      metricsToken,
      readiness: async () => ({ ready, checks: { database: { ok: ready, ...(!ready && { detail: 'Down.' }) } } }),
      openApi: '{"openapi":"3.1.0"}\n',
      errorDocsDirectory: fileURLToPath(new URL('../../../docs/errors', import.meta.url)),
    }),
    authenticate: async () => Promise.reject(new Error('Nothing here asks for credentials.')),
    settings: { publicUrl: 'http://leadline.test', trustedProxies: [], rateLimitPerMinute: 5, checkAnswers: true },
    logger: pino({ level: 'silent' }),
    metrics,
    clock: systemClock,
  })
  return server.app
}

afterEach(async () => {
  await server?.close(100)
})

it('tells health without end, as probes ask often', async () => {
  const app = start()
  for (let round = 0; round < 10; round++) {
    expect((await app.inject({ url: '/health/live' })).json()).toEqual({ live: true })
    expect((await app.inject({ url: '/health/ready' })).statusCode).toBe(200)
  }
})

it('says why it is not ready', async () => {
  const response = await start(null, false).inject({ url: '/health/ready' })
  expect(response.statusCode).toBe(503)
  expect(response.json()).toEqual({ ready: false, checks: { database: { ok: false, detail: 'Down.' } } })
})

it('gives figures to this machine only, unless there is a token', async () => {
  const open = start()
  const own = await open.inject({ url: '/metrics' })
  expect(own.headers['content-type']).toMatch(/^text\/plain/)
  expect(own.body).toContain('leadline_http_requests_total')
  expect((await open.inject({ url: '/metrics', remoteAddress: '192.0.2.1' })).json().code).toBe('metrics-local-only')
  const proxied = await open.inject({ url: '/metrics', headers: { 'x-forwarded-for': '192.0.2.1' } })
  expect(proxied.statusCode).toBe(403)
  await server?.close()
  const closed = start('s3cret')
  const ask = (authorization: string) =>
    closed.inject({ url: '/metrics', remoteAddress: '192.0.2.1', headers: { authorization } })
  expect((await closed.inject({ url: '/metrics' })).json().code).toBe('metrics-token-wrong')
  expect((await ask('Bearer s3crex')).statusCode).toBe(401)
  expect((await ask('Bearer s3cret')).statusCode).toBe(200)
})

it('gives documents: the description, its page, and a paragraph per error code', async () => {
  const app = start()
  const description = await app.inject({ url: '/openapi.json' })
  expect(description.body).toBe('{"openapi":"3.1.0"}\n')
  const again = await app.inject({
    url: '/openapi.json',
    headers: { 'if-none-match': String(description.headers.etag) },
  })
  expect(again.statusCode).toBe(304)
  const page = await app.inject({ url: '/docs' })
  expect(page.headers['content-security-policy']).toContain("script-src 'self'")
  expect(page.body).not.toMatch(/https?:\/\/|<script>|style=/)
  const script = await app.inject({ url: '/docs/assets/swagger-ui-bundle.js', headers: { 'accept-encoding': 'gzip' } })
  expect([script.statusCode, script.headers['content-encoding']]).toEqual([200, 'gzip'])
})

it('answers error paragraphs as Markdown, and nothing outside their folder', async () => {
  const app = start()
  const paragraph = await app.inject({ url: '/docs/errors/rate-limited' })
  expect(paragraph.headers['content-type']).toMatch(/^text\/markdown/)
  expect(paragraph.body).toContain('Retry-After')
  expect((await app.inject({ url: '/docs/errors/no-such-code' })).statusCode).toBe(404)
  for (const path of ['..%2f..%2fpackage', '%2e%2e%2fx', 'a%00b']) {
    expect((await app.inject({ url: `/docs/errors/${path}` })).statusCode).toBeGreaterThanOrEqual(400)
  }
})
