import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemClock } from '../../kernel/clock.ts'
import { createHttpServer, type HttpServer, mountPortal } from './index.ts'

let directory: string
let server: HttpServer

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'leadline-portal-'))
  server = createHttpServer({
    routes: [],
    authenticate: async () => {
      throw new Error('The portal asks for no credentials.')
    },
    settings: { publicUrl: 'http://127.0.0.1:8080', trustedProxies: [], rateLimitPerMinute: 1 },
    logger: pino({ level: 'silent' }),
    metrics: new Registry(),
    clock: systemClock,
  })
  mountPortal(server.app, { directory })
})
afterEach(async () => {
  await server.close(0)
  rmSync(directory, { recursive: true, force: true })
})

function build(): void {
  mkdirSync(join(directory, 'assets'))
  writeFileSync(join(directory, 'index.html'), '<meta nonce="leadline-nonce"><script nonce="leadline-nonce"></script>')
  writeFileSync(join(directory, 'assets/main-a1b2.js'), 'plain')
  writeFileSync(join(directory, 'assets/main-a1b2.js.br'), 'packed')
  writeFileSync(join(directory, 'secret.txt'), 'nobody may read this')
}

const get = (url: string, headers: Record<string, string> = {}) => server.app.inject({ method: 'GET', url, headers })

test('every address of the portal answers its one page, whatever stands in the query', async () => {
  build()
  const addresses = [
    '/',
    '/sign-in',
    '/accept-invitation',
    '/account',
    '/operators',
    '/operators/868/leads/x?q=1&q=2&%',
  ]
  for (const url of addresses) {
    const answer = await get(url)
    expect([url, answer.statusCode, answer.headers['content-type']]).toEqual([url, 200, 'text/html; charset=utf-8'])
  }
})

test('each answer has a nonce of its own, in its page and in its policy', async () => {
  build()
  const nonces = await Promise.all(
    [1, 2].map(async () => {
      const { body, headers } = await get('/')
      const nonce = /'nonce-([^']+)'/.exec(String(headers['content-security-policy']))?.[1] ?? ''
      expect(body).toBe(`<meta nonce="${nonce}"><script nonce="${nonce}"></script>`)
      return nonce
    }),
  )
  expect(new Set(nonces).size).toBe(2)
  expect(nonces[0]).toMatch(/^[\w+/=]{24}$/)
})

test('assets may be kept for ever, and come packed to those who take it', async () => {
  build()
  const plain = await get('/assets/main-a1b2.js')
  expect([plain.statusCode, plain.body, plain.headers['content-encoding']]).toEqual([200, 'plain', undefined])
  expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable')
  const packed = await get('/assets/main-a1b2.js', { 'accept-encoding': 'gzip, br' })
  expect([packed.body, packed.headers['content-encoding'], packed.headers.vary]).toEqual([
    'packed',
    'br',
    'Accept-Encoding',
  ])
})

test('nothing but assets is given out', async () => {
  build()
  const wrong = ['..%2fsecret.txt', '..%2f..%2fsecret.txt', 'main-a1b2.js.br', 'secret.txt', '%00.js', 'none.js', '.js']
  for (const file of wrong) {
    const answer = await get(`/assets/${file}`)
    expect([file, answer.statusCode >= 400, answer.body.includes('nobody may')]).toEqual([file, true, false])
  }
  expect((await get('/api/nothing')).statusCode).toBe(404)
  expect((await get('/operators-elsewhere')).statusCode).toBe(404)
})

test('while the portal is not built, its page says how to build it', async () => {
  const answer = await get('/operators/868/leads')
  expect(answer.statusCode).toBe(503)
  expect(answer.body).toContain('vite build')
})
