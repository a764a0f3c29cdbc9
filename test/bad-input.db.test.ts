import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createContext } from '../server/context.ts'
import { CERTIFICATE, CERTIFICATE_KEY } from '../server/microsoft/client-certificate.fixture.ts'
import { createWebServer } from '../server/web-role.ts'
import { ask, type Client, eventually, type Json, type Reply } from './harness/client.ts'
import { configOf, freePort, type Leadline, startLeadline } from './harness/leadline.ts'

// Bad input of issues 2 and 3 that reaches the server and has no test nearer to the code.

let leadline: Leadline
let northwind: Client

beforeAll(async () => {
  leadline = await startLeadline({ leads: 20 })
  northwind = await leadline.as('northwind-api')
  await eventually(
    () => ask(`${leadline.baseUrl}/health/ready`),
    (reply) => reply.status === 200,
  )
})
afterAll(() => leadline?.close())

const told = ({ status, body }: Reply) => [status, body?.code]

test('a connection secret with blanks around it is the secret without them', async () => {
  const { connections } = leadline.context
  const put = await northwind.send('PUT', '/api/v4/connections/868', { secret: ' \t northwind-sim-secret\r\n ' })
  expect(put.status, put.text).toBe(200)
  expect((await connections.openSettings(868))?.settings.secret).toBe('northwind-sim-secret')
  expect((await northwind.send('POST', '/api/v4/connections/868/test')).body).toMatchObject({ ok: true, stage: 'done' })
  const blank = await northwind.send('PUT', '/api/v4/connections/868', { secret: '   ' })
  expect([...told(blank), blank.body.errors[0].pointer]).toEqual([400, 'bad-request', '/secret'])
  expect((await connections.openSettings(868))?.settings.secret).toBe('northwind-sim-secret')
})

test('a certificate stands in place of the secret, and its key never comes out again', async () => {
  const { control } = leadline.outside
  const certificate = `${CERTIFICATE}${CERTIFICATE_KEY}`
  const half = await northwind.send('PUT', '/api/v4/connections/868', { certificate: CERTIFICATE })
  expect([...told(half), half.body.errors[0].pointer]).toEqual([400, 'bad-request', '/certificate'])
  const put = await northwind.send('PUT', '/api/v4/connections/868', { certificate })
  expect(put.body).toMatchObject({ hasSecret: false, secretExpiresOn: '2126-10-29' })
  expect(put.body.certificate).toMatchObject({ subject: 'CN=Leadline test', expiresOn: '2126-10-29' })
  const early = (await northwind.send('POST', '/api/v4/connections/868/test')).body
  expect([early.ok, early.stage, early.remedy]).toEqual([
    false,
    'token',
    expect.stringMatching(/upload its public part/),
  ])
  await control('PATCH', '/operators/northwind', { certificate: CERTIFICATE })
  expect((await northwind.send('POST', '/api/v4/connections/868/test')).body).toMatchObject({ ok: true, stage: 'done' })
  const shown = await northwind.get('/api/v4/connections/868')
  const entries = await leadline.db.asOwner.query(
    `select after::text from journal_entry where action = 'connection.changed'`,
  )
  for (const text of [shown.text, put.text, JSON.stringify(entries.rows)]) expect(text).not.toContain('PRIVATE KEY')
  const back = await northwind.send('PUT', '/api/v4/connections/868', { secret: 'northwind-sim-secret' })
  expect(back.body).toMatchObject({ hasSecret: true, certificate: null, secretExpiresOn: null })
  expect((await northwind.send('POST', '/api/v4/connections/868/test')).body).toMatchObject({ ok: true, stage: 'done' })
})

test('a secret that has expired at Microsoft is told as that, with its remedy', async () => {
  await leadline.outside.control('POST', '/faults', { name: 'token-secret-expired', operator: 'northwind' })
  const { body } = await northwind.send('POST', '/api/v4/connections/868/test')
  expect(body).toMatchObject({ ok: false, stage: 'token' })
  expect(body.detail).toContain('AADSTS7000222')
  expect(body.remedy).toMatch(/has expired: create a new one/)
  await leadline.outside.control('DELETE', '/faults')
})

test('a search of any length and content is answered, or refused in words', async () => {
  for (const [search, status] of [
    ['%', 200],
    ['_', 200],
    [`'; drop table lead; --`, 200],
    ['שלום ‏😀', 200],
    ['\\', 200],
    ['x'.repeat(201), 400],
    ['x'.repeat(4_000), 400],
    ['x'.repeat(10_000), 414],
  ] as const) {
    for (const path of ['/api/v4/leads', '/api/v2/oc/lead']) {
      const reply = await northwind.get(`${path}?q=${encodeURIComponent(search)}`)
      expect(reply.status, `${path} ${search.slice(0, 20)} ${reply.text.slice(0, 100)}`).toBe(status)
    }
  }
})

test('hostile company names come out as they came in, and never as a formula of a spreadsheet', async () => {
  const names = [
    '<script>alert(1)</script>',
    '=HYPERLINK("http://x","y")',
    `${'Donaudampfschiff'.repeat(19).slice(0, 300)}`,
  ]
  for (const company of names) {
    await leadline.outside.control('POST', '/consents', { operator: 'northwind', company, countries: ['DE'] })
  }
  await northwind.send('POST', '/api/v4/jobs/peering.sync-leads-job/runs')
  const list = await eventually(
    () => northwind.get('/api/v2/oc/lead?PageSize=100'),
    ({ body }) => names.every((name) => body.some((lead: Json) => lead.contactDetails?.companyName === name)),
  )
  expect(list.headers.get('content-type')).toMatch(/^application\/json/)
  expect(list.headers.get('x-content-type-options')).toBe('nosniff')
  const { text } = await northwind.get('/api/v4/leads.csv')
  expect(text).toContain(`"'=HYPERLINK(""http://x"",""y"")"`)
  expect(text).not.toMatch(/(^|,)"?=/m)
})

test('an instant at the far ends of time zones means that instant', async () => {
  const count = async (since: string) => {
    const reply = await northwind.get(`/api/v4/leads?consentedSince=${encodeURIComponent(since)}`)
    expect(reply.status, reply.text).toBe(200)
    return reply.body.total
  }
  expect(await count('2025-03-02T00:00:00+14:00')).toBe(await count('2025-03-01T10:00:00Z'))
  expect(await count('2025-03-01T00:00:00-12:00')).toBe(await count('2025-03-01T12:00:00Z'))
})

test('a server whose database is down at its start listens all the same, and says so', async () => {
  const port = await freePort()
  const databaseUrl = `postgres://nobody@127.0.0.1:${await freePort()}/none`
  const config = configOf(
    { DATABASE_URL: databaseUrl, LEADLINE_SANDBOX: 'false', LEADLINE_MASTER_KEY: '11'.repeat(32) },
    port,
  )
  const logger = pino({ level: 'silent' })
  const context = createContext({ config, databaseUrl, dataDirectory: '/nowhere', version: '0.0.0', logger })
  const web = createWebServer(context)
  const baseUrl = await web.listen({ host: '127.0.0.1', port })
  try {
    expect((await ask(`${baseUrl}/health/live`)).status).toBe(200)
    expect((await ask(`${baseUrl}/health/ready`)).status).toBe(503)
    const reply = await ask(`${baseUrl}/api/v4/leads`, { headers: { cookie: `leadline_session=${'x'.repeat(43)}` } })
    expect(told(reply)).toEqual([503, 'database-unavailable'])
    expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0)
  } finally {
    await web.close(0)
    await context.close()
  }
})
