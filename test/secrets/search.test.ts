import { createHmac, createPrivateKey, randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import pg from 'pg'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startEmbeddedPostgres } from '../../server/platform/embedded-postgres/index.ts'
import { createSealer, parseMasterKeys } from '../../server/platform/secrets/index.ts'
import { ask, eventually, type Json, type Reply } from '../harness/client.ts'
import { dumpDatabase } from './dump.ts'
import { filesBelow, type Installation, startInstallation } from './installation.ts'
import { findTraces, type Haystack, type Planted } from './traces.ts'

// S4: known secrets are planted, a busy day runs, and then everything that was written, said or answered is searched.
// An answer that gives a secret once, as documented, is left out; everything else is searched.

const random = (prefix: string) => `${prefix}${randomBytes(18).toString('base64')}`
const PUT_IN = {
  microsoftSecret: random('ms~8Q~'),
  microsoftSecretBefore: random('ms~7P~'),
  openIdSecret: random('oidc+'),
  metricsToken: `metrics-${randomBytes(18).toString('hex')}`,
  password: random('pass word/ä'),
  newPassword: random('newer word/'),
  wrongPassword: random('mistaken '),
  authorizationCode: random('0.AX'),
  inTheWrongPlace: random('misplaced~'),
  webhookHeader: `hook-header-${randomBytes(18).toString('hex')}`,
  sbcPassword: random('sbc-pass/'),
  sipPassword: random('sip-pass/'),
  scriptSecret: random('trunk-pin/'),
  webhookAddressKey: `hook-key-${randomBytes(18).toString('hex')}`,
}
const CONTROL = { email: `control-${randomBytes(6).toString('hex')}@northwind.example`, name: 'Planted Control' }

const planted: Planted[] = Object.entries(PUT_IN).map(([name, value]) => ({ name, value }))
const answers: Haystack[] = []
let leadline: Installation

beforeAll(async () => {
  leadline = await startInstallation({
    LEADLINE_LOG_LEVEL: 'trace',
    LEADLINE_SANDBOX_LEADS: '30',
    LEADLINE_METRICS_TOKEN: PUT_IN.metricsToken,
    LEADLINE_OUTBOUND_ALLOWED_RANGES: '127.0.0.1',
    LEADLINE_OIDC_ISSUER: 'http://127.0.0.1:9/directory/v2.0',
    LEADLINE_OIDC_CLIENT_ID: 'leadline-portal',
    LEADLINE_OIDC_CLIENT_SECRET: PUT_IN.openIdSecret,
  })
})
afterAll(() => leadline?.remove())

type Asked = {
  method?: string
  headers?: Record<string, string>
  json?: unknown
  body?: string
  once?: boolean
  want?: number
}

/** Asks; the answer with its headers is searched later, unless it is one that shows a secret `once`. */
async function send(
  path: string,
  { method, headers = {}, json, body, once = false, want }: Asked = {},
): Promise<Reply> {
  const content = json === undefined ? body : JSON.stringify(json)
  const reply = await ask(`${leadline.baseUrl}${path}`, {
    method: method ?? (content === undefined ? 'GET' : 'POST'),
    headers: { ...(json !== undefined && { 'content-type': 'application/json' }), ...headers },
    redirect: 'manual',
    ...(content !== undefined && { body: content }),
  })
  const head = [...reply.headers].map(([name, value]) => `${name}: ${value}`).join('\n')
  if (want !== undefined) expect(reply.status, `${path} ${reply.text}`).toBe(want)
  if (!once)
    answers.push({ name: `answer of ${method ?? 'GET'} ${path.slice(0, 60)}`, text: latin1(`${head}\n${reply.text}`) })
  return reply
}

async function command(
  words: string[],
  { input, once = false }: { input?: string; once?: boolean } = {},
): Promise<string> {
  const { code, said } = await leadline.command(words, input)
  if (once) expect(code, said).toBe(0)
  if (!once) answers.push({ name: `output of ${words.join(' ')}`, text: latin1(said) })
  return said
}

function plant(name: string, value: string | Buffer | undefined): string {
  if (!value || value.length < 8) throw new Error(`There is no ${name}`)
  planted.push({ name, value })
  return value.toString()
}

const latin1 = (text: string) => Buffer.from(text).toString('latin1')
const csrf = { 'x-leadline-csrf': '1' }

test('0 hits for known secrets in database, files, logs, answers, metrics, journal and process list', {
  timeout: 600_000,
}, async () => {
  const bearer = await workAsClient()
  const session = await workAsPerson(bearer)
  await work(bearer)
  await workOfWebhooks(bearer)
  await workOfSbcs(bearer)
  await secretsInWrongPlaces(bearer, session)
  await commandLine()
  await lookEverywhere(bearer, session)
  await plantKeys()

  const dump = await dumpWholeDatabase()
  const processes = leadline.processes()
  await leadline.stop()
  const files = filesBelow(leadline.dataDirectory)
  const [keyFile, otherFiles] = [files.filter(isKeyFile), files.filter((file) => !isKeyFile(file))]
  answers.push({ name: 'what the launcher printed', text: latin1(leadline.said()) })

  // What is searched is what was there: each kind holds what it must, the control among it.
  const control = (haystacks: Haystack[]) => haystacks.filter(({ text }) => text.includes(CONTROL.email)).length
  expect(control(dump)).toBeGreaterThan(1)
  expect(control(answers)).toBeGreaterThan(1)
  expect(control(otherFiles)).toBeGreaterThan(0)
  expect(keyFile).toHaveLength(1)
  for (const log of ['web.log', 'worker.log', 'launcher.log', 'simulator.log', 'postgres'])
    expect(
      otherFiles.some(({ name, text }) => name.includes(`logs/`) && name.includes(log) && text.length > 0),
      log,
    ).toBe(true)
  expect(processes.filter(({ name }) => name.startsWith('environment')).length).toBeGreaterThan(1)
  expect(processes.filter(({ text }) => /leadline.*(client|connection)/s.test(text)).length).toBeGreaterThan(1)
  expect(planted.length).toBeGreaterThan(25)

  const traces = findTraces(planted, [...dump, ...answers, ...processes])
  const onDisk = findTraces(planted, otherFiles)
  expect([...traces, ...onDisk]).toEqual([])
})

const isKeyFile = ({ name }: Haystack) => name === 'master.key'

/** A client that is made, gets a token and a new secret. */
async function workAsClient(): Promise<Record<string, string>> {
  const token = async (id: string, secret: string) => {
    const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: id, client_secret: secret })
    const reply = await send('/oauth2/v2.0/token', {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
      once: true,
    })
    return plant(`bearer token of ${id}`, (reply.body as Json).access_token)
  }
  const first = { authorization: `Bearer ${await token('northwind-api', 'northwind-sandbox-secret')}` }
  const made = (
    await send('/api/v4/clients', {
      headers: first,
      json: { name: 'Searched', permissions: ['leads.read'] },
      once: true,
    })
  ).body
  plant('client secret', made.clientSecret)
  const rotated = await send(`/api/v4/clients/${made.clientId}/rotate-secret`, {
    headers: first,
    json: { overlapHours: 1 },
    once: true,
  })
  plant('client secret, the second', rotated.body.clientSecret)
  await token(made.clientId, rotated.body.clientSecret)
  // Basic, right and wrong.
  const basic = (secret: string) => `Basic ${Buffer.from(`${made.clientId}:${secret}`).toString('base64')}`
  for (const secret of [rotated.body.clientSecret, PUT_IN.inTheWrongPlace])
    await send('/oauth2/v2.0/token', {
      headers: { authorization: basic(secret), 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=client_credentials',
      once: secret !== PUT_IN.inTheWrongPlace,
    })
  return first
}

/** A person who is invited, chooses a password, turns on a second factor, signs in and out, and changes it. */
async function workAsPerson(bearer: Record<string, string>): Promise<Record<string, string>> {
  const signIn = (json: object, once = true) => send('/api/v4/sessions', { headers: csrf, json, once })
  const cookieOf = (reply: Reply) =>
    plant('session cookie', /leadline_session=([^;]+)/.exec(reply.headers.get('set-cookie') ?? '')?.[1])
  const administrator = cookieOf(
    await signIn({ email: 'administrator@northwind.example', password: 'leadline-sandbox' }),
  )
  const asAdministrator = { ...csrf, cookie: `leadline_session=${administrator}`, 'x-leadline-operator': '868' }
  const invited = await send('/api/v4/users/invitations', {
    headers: asAdministrator,
    json: { ...CONTROL, tier: 'operator', level: 'monitor' },
    once: true,
  })
  const link = plant('invitation token', /#(lli_[\w-]+)/.exec(invited.text)?.[1])
  await send('/api/v4/invitations/open', { headers: csrf, json: { token: link } })
  await send('/api/v4/invitations/accept', {
    headers: csrf,
    json: { token: link, newPassword: PUT_IN.password },
    want: 200,
  })
  const signedIn = await signIn({ email: CONTROL.email, password: PUT_IN.password })
  const session = { ...csrf, cookie: `leadline_session=${cookieOf(signedIn)}`, 'x-leadline-operator': '868' }

  const factor = await send('/api/v4/me/second-factor', {
    headers: session,
    json: { password: PUT_IN.password },
    once: true,
    want: 200,
  })
  const seed = plant('TOTP seed', factor.body.secret)
  plant('TOTP seed, bytes', fromBase32(seed))
  const confirmed = await send('/api/v4/me/second-factor/confirm', {
    headers: session,
    json: { code: codeOf(seed) },
    once: true,
    want: 200,
  })
  for (const code of confirmed.body.recoveryCodes) {
    plant('recovery code', code)
    plant('recovery code without its lines', code.replaceAll('-', ''))
  }
  await send('/api/v4/me/password', {
    headers: session,
    json: { currentPassword: PUT_IN.password, newPassword: PUT_IN.newPassword },
    want: 204,
  })
  await signIn({ email: CONTROL.email, password: PUT_IN.wrongPassword }, false)
  const code = confirmed.body.recoveryCodes[0]
  cookieOf(await signIn({ email: CONTROL.email, password: PUT_IN.newPassword, code }))
  await signIn({ email: CONTROL.email, password: PUT_IN.newPassword, code }, false)
  await signIn({ email: PUT_IN.wrongPassword, password: CONTROL.email }, false)
  const person = (await send('/api/v4/users', { headers: bearer })).body.data.find(
    (one: Json) => one.email === CONTROL.email,
  )
  const reset = await send(`/api/v4/users/${person.personId}/reset`, {
    headers: asAdministrator,
    json: { secondFactor: true },
    once: true,
  })
  plant('link for a new password', /#(lli_[\w-]+)/.exec(reset.text)?.[1])
  // Through another provider: what the browser is given to keep is sealed.
  const away = await send('/api/v4/sign-in/openid-connect?returnTo=/leads')
  await send(`/api/v4/sign-in/openid-connect/callback?code=${encodeURIComponent(PUT_IN.authorizationCode)}&state=x`, {
    headers: { cookie: (away.headers.get('set-cookie') ?? '').split(';')[0] ?? '' },
  })
  return asAdministrator
}

/** Connections are set, tested and used, with right and with wrong secrets. */
async function work(bearer: Record<string, string>): Promise<void> {
  const reply = await send('/oauth2/v2.0/token', {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=client_credentials&client_id=fabrikam-api&client_secret=fabrikam-sandbox-secret',
    once: true,
  })
  const fabrikam = {
    authorization: `Bearer ${plant('bearer token of fabrikam-api', (reply.body as Json).access_token)}`,
  }
  for (const secret of [PUT_IN.microsoftSecretBefore, PUT_IN.microsoftSecret])
    await send('/api/v4/connections/869', { method: 'PUT', headers: fabrikam, json: { secret }, want: 200 })
  await send('/api/v4/connections/869/test', { method: 'POST', headers: fabrikam })
  await send('/api/v4/connections/868/test', { method: 'POST', headers: bearer })
  for (const [headers, path] of [
    [fabrikam, 'fails'],
    [bearer, 'succeeds'],
  ] as const) {
    await send('/api/v4/jobs/peering.sync-leads-job/runs', { method: 'POST', headers })
    const runs = () => send('/api/v4/jobs/peering.sync-leads-job/runs', { headers })
    await eventually(runs, ({ body }) => {
      const [last] = (body as Json).data
      return path === 'fails' ? last?.error != null || last?.state === 'failed' : last?.state === 'succeeded'
    })
  }
}

/** A device that refuses its password, and a script for one that is asked what it holds. */
async function workOfSbcs(bearer: Record<string, string>): Promise<void> {
  const address = `https://127.0.0.1:${Number(new URL(leadline.simulatorUrl).port) + 3}`
  const { body } = await send('/api/v4/sbcs', { headers: bearer, want: 200 })
  const [first, second] = (body as Json).data
  const access = { address, user: 'leadline', password: PUT_IN.sbcPassword }
  await send(`/api/v4/sbcs/${second.id}`, { method: 'PATCH', headers: bearer, json: access, want: 200 })
  const checked = await send(`/api/v4/sbcs/${second.id}/check`, { method: 'POST', headers: bearer, want: 200 })
  expect((checked.body as Json).trouble).toMatchObject({ code: 'sbc-credentials' })
  const given = { ShortName: 'planted', FullName: 'Planted', MsTenantId: 'x' }
  const variables = { ...given, ProxySet: 'Customers', CarrierUserName: 'planted' }
  const previewed = await send('/api/v4/script-templates/12/preview', {
    headers: bearer,
    json: { sbcId: first.id, variables: { ...variables, CarrierUserPassword: PUT_IN.sipPassword } },
    want: 200,
  })
  expect((previewed.body as Json).plan.commands).toContain('password "********"')
  const wrong = { ...variables, CarrierUserPassword: `${PUT_IN.sipPassword}"` }
  await send('/api/v4/script-templates/12/preview', { headers: bearer, json: { variables: wrong }, want: 200 })
  await workOfLicense(bearer, second.id)
}

/** A license with a registration and a secret of the carrier's own template, on a device that a person works. */
async function workOfLicense(headers: Record<string, string>, sbcId: number): Promise<void> {
  const variable = {
    name: 'TrunkPin',
    type: 'secret',
    title: 'PIN',
    help: 'Of the trunk',
    required: true,
    default: null,
  }
  const { body: template } = await send('/api/v4/script-templates', {
    headers,
    json: { name: 'Pinned', purpose: 'onboarding', script: 'pin "{{TrunkPin}}"', variables: [variable] },
    want: 201,
  })
  const leads = (await send('/api/v4/leads?licensed=false&status=Active&isDirectLead=false', { headers })).body
  const path = `/api/v4/leads/${(leads as Json).data[0].id}/license`
  const advanced = { sbcId, model: 'tenant', onboardingScript: (template as Json).id }
  const variables = { TrunkPin: PUT_IN.scriptSecret }
  await send(`${path}/preview`, { headers, json: { shortName: 'planted', advanced: { ...advanced, variables } } })
  await send(path, {
    headers,
    json: { shortName: 'planted', advanced: { ...advanced, variables: { ...variables, CarrierUserPassword: 'x' } } },
    want: 400,
  })
  const asked = await send(path, {
    headers,
    json: { shortName: 'planted', advanced: { ...advanced, variables } },
    want: 202,
  })
  const task = `/api/v4/tasks/${(asked.body as Json).id}`
  await eventually(
    () => send(task, { headers }),
    ({ body }) => (body as Json).state === 'waiting',
    60,
  )
  const [service] = ((await send('/api/v4/services', { headers, want: 200 })).body as Json).data
  const { sipConnections } = (await send(`/api/v4/services/${service.id}`, { headers, want: 200 })).body as Json
  await send(`/api/v2/sitelocation/${sipConnections[0].id}`, { headers, want: 200 })
  const [order] = ((await send('/api/v4/script-orders', { headers, want: 200 })).body as Json).data
  expect((await send(`/api/v4/script-orders/${order.id}/script`, { headers, want: 200 })).text).toContain('<TrunkPin>')
}

/** A webhook whose receiver sends back all that it got, as an echo would. */
async function workOfWebhooks(bearer: Record<string, string>): Promise<void> {
  const receiver = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    response.setHeader('x-echo', PUT_IN.webhookHeader)
    response.end(`${request.url}\n${JSON.stringify(request.headers)}\n${body}`)
  })
  await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done))
  const origin = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`
  const made = await send('/api/v4/webhooks', {
    headers: bearer,
    json: {
      name: 'Echo',
      url: `${origin}/echo?sig=${PUT_IN.webhookAddressKey}`,
      events: ['lead.created'],
      header: { name: 'X-Hook-Key', value: PUT_IN.webhookHeader },
    },
    once: true,
    want: 201,
  })
  plant('webhook secret', made.body.secret)
  const path = `/api/v4/webhooks/${made.body.id}`
  const rotated = await send(`${path}/rotate-secret`, {
    headers: bearer,
    json: { overlapHours: 1 },
    once: true,
    want: 200,
  })
  plant('webhook secret, the second', rotated.body.secret)
  const tested = await send(`${path}/test`, { headers: bearer, json: {}, want: 200 })
  expect(tested.body.state).toBe('delivered')
  await send(`${path}/deliveries/${tested.body.eventId}`, { headers: bearer, want: 200 })
  await send('/api/v4/webhooks', { headers: bearer, want: 200 })
  await send(path, { method: 'PATCH', headers: bearer, json: { name: 'Echo still' }, want: 200 })
  receiver.close()
}

/** What people and programs do by mistake: each is refused, or does not look at it. */
async function secretsInWrongPlaces(bearer: Record<string, string>, session: Record<string, string>): Promise<void> {
  const misplaced = PUT_IN.inTheWrongPlace
  const quoted = encodeURIComponent(misplaced)
  const token = bearer.authorization?.slice(7) ?? ''
  const invitation = planted.find(({ name }) => name === 'invitation token')?.value.toString() ?? ''
  const queries = [
    `access_token=${token}`,
    `client_secret=${quoted}`,
    `q=x&password=${quoted}`,
    `${quoted}=1`,
    `PageSize=${quoted}`,
    `status=${quoted}`,
    `cursor=${quoted}`,
  ]
  for (const path of ['/api/v2/oc/lead', '/api/v4/leads', '/oauth2/v2.0/token', '/api/v4/sessions', '/nowhere'])
    for (const query of queries) {
      await send(`${path}?${query}`, { headers: path === '/nowhere' ? {} : bearer })
      await send(`${path}?${query}`)
    }
  for (const path of [
    `/${token}`,
    `/api/v4/leads/${token.slice(0, 190)}`,
    `/api/v4/leads/${quoted}`,
    `/accept-invitation/${invitation}`,
    `/api/v4/invitations/${invitation}`,
    `/api/v4/users/${invitation}`,
    `/${quoted}/oauth2/v2.0/token`,
    `/docs/errors/${quoted}`,
  ])
    await send(path, { headers: bearer })
  const broken = ['{"secret":"', '"secret":{"value":"', '{"client_secret":"'].map((begin) => `${begin}${misplaced}`)
  const bodies: unknown[] = [
    { secret: { value: misplaced } },
    { secret: [misplaced] },
    { secrte: misplaced },
    { [misplaced]: true },
    { casing: misplaced },
    { secretExpiresOn: misplaced },
    { baseUrl: `https://user:${quoted}@microsoft.example/api` },
    { authority: `https://login.example/?client_secret=${quoted}` },
    misplaced,
  ]
  for (const path of [
    '/api/v4/connections/868',
    '/api/v4/me/password',
    '/api/v4/sessions',
    '/api/v4/invitations/accept',
    '/oauth2/v2.0/token',
    '/api/v4/clients',
  ]) {
    const method = path.includes('connections') ? 'PUT' : 'POST'
    const headers = path.includes('me/') ? session : { ...bearer, ...csrf }
    for (const json of bodies) await send(path, { method, headers, json })
    for (const body of broken) {
      await send(path, { method, headers: { ...headers, 'content-type': 'application/json' }, body })
      await send(path, { method, headers: { ...headers, 'content-type': 'text/plain' }, body })
    }
  }
  const credentials = [
    `Bearer ${token}x`,
    `Bearer ${quoted}`,
    `Basic ${Buffer.from(`a:${misplaced}`).toString('base64')}`,
    `Digest ${quoted}`,
    quoted,
  ]
  for (const authorization of credentials) await send('/api/v4/leads', { headers: { authorization } })
  for (const name of ['cookie', 'x-api-key', 'x-leadline-operator', 'x-ovoc-channel-id', 'if-none-match', 'accept'])
    await send('/api/v4/leads', {
      headers: { ...bearer, [name]: name === 'cookie' ? `leadline_session=${quoted}` : quoted },
    })
}

async function commandLine(): Promise<void> {
  const file = join(leadline.dataDirectory, '..', 'microsoft-secret')
  writeFileSync(file, PUT_IN.microsoftSecret, { mode: 0o600 })
  await command(['connection', 'set', '--operator', '869', '--secret-file', file])
  await command(['connection', 'set', '--operator', '869', '--secret-file', '-'], {
    input: PUT_IN.microsoftSecretBefore,
  })
  await command(['connection', 'show', '--operator', '869'])
  await command(['connection', 'test', '--operator', '869'])
  const made = await command(['client', 'create', '--name', 'From the terminal', '--operator', '868'], { once: true })
  plant('client secret of the terminal', /client_secret +(\S+)/.exec(made)?.[1])
  await command(['client', 'list', '--operator', '868'])
  const words = [
    'user',
    'invite',
    '--email',
    `t-${CONTROL.email}`,
    '--tier',
    'operator',
    '--level',
    'monitor',
    '--operator',
    '868',
  ]
  plant('link of the terminal', /#(lli_[\w-]+)/.exec(await command(words, { once: true }))?.[1])
  await command(['user', 'list'])
  await command(['config'])
  await command(['secrets', 'show'])
  await command(['doctor'])
}

/** Everything that can be read over HTTP, with each kind of credentials. */
async function lookEverywhere(bearer: Record<string, string>, session: Record<string, string>): Promise<void> {
  const paths = [
    '/api/v2/oc/lead',
    '/api/v4/leads',
    '/api/v4/clients',
    '/api/v4/users',
    '/api/v4/users/invitations',
    '/api/v4/connections',
    '/api/v4/connections/868',
    '/api/v4/jobs',
    '/api/v4/sync-findings',
    '/api/v4/journal?pageSize=1000',
    '/openapi.json',
    '/.well-known/jwks.json',
    '/.well-known/openid-configuration',
    '/health/ready',
    '/',
  ]
  for (const path of paths) for (const headers of [bearer, session, {}]) await send(path, { headers })
  for (const path of ['/api/v4/me', '/api/v4/sessions', '/api/v4/sign-in-options'])
    await send(path, { headers: session })
  const metrics = await send('/metrics', { headers: { authorization: `Bearer ${PUT_IN.metricsToken}` } })
  expect([metrics.status, metrics.text.includes('leadline_')]).toEqual([200, true])
}

/** What the installation keeps to itself: the master key in its forms, and what it has sealed. */
async function plantKeys(): Promise<void> {
  const text = readFileSync(join(leadline.dataDirectory, 'master.key'), 'utf8').trim()
  plant('master key', text)
  plant('master key, bytes', Buffer.from(text, 'base64'))
  const sealer = createSealer(parseMasterKeys(text))
  const server = await startEmbeddedPostgres({
    dataDirectory: leadline.dataDirectory,
    logger: pino({ level: 'silent' }),
  })
  const client = new pg.Client({ connectionString: server.superUrl })
  await client.connect()
  const { rows } = await client.query('select kid, private_key_sealed as sealed from signing_key')
  await client.end()
  await server.stop()
  expect(rows.length).toBeGreaterThan(0)
  for (const { kid, sealed } of rows) {
    const pem = sealer.open(sealed, { table: 'signing_key', row: kid, column: 'private_key_sealed' })
    plant('signing key, one line of it', pem.split('\n')[5])
    plant(
      'signing key, its exponent',
      Buffer.from(createPrivateKey(pem).export({ format: 'jwk' }).d ?? '', 'base64url'),
    )
  }
}

async function dumpWholeDatabase(): Promise<Haystack[]> {
  const server = await startEmbeddedPostgres({
    dataDirectory: leadline.dataDirectory,
    logger: pino({ level: 'silent' }),
  })
  try {
    const tables = await dumpDatabase(server.superUrl)
    return tables.map(({ table, text }) => ({ name: `table ${table}`, text }))
  } finally {
    await server.stop()
  }
}

function codeOf(seed: string): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)))
  const digest = createHmac('sha1', fromBase32(seed)).update(counter).digest()
  const at = (digest.at(-1) ?? 0) & 0xf
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

function fromBase32(text: string): Buffer {
  const bits = [...text].map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  )
  return Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}
