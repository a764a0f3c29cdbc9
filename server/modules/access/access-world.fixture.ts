import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type JWTPayload, SignJWT } from 'jose'
import type pg from 'pg'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { Type } from 'typebox'
import { defineEndpoint } from '../../../contract/endpoint.ts'
import { allPermissions, type Permission } from '../../../contract/permissions.ts'
import { jobPrincipal } from '../../kernel/principal.ts'
import type { Transact } from '../../platform/db/transaction.ts'
import { createHttpServer, type HttpServer, route } from '../../platform/http/index.ts'
import { createSealer, parseMasterKeys } from '../../platform/secrets/index.ts'
import { type Access, type AccessSettings, createAccess, ensureClient } from './index.ts'

/** For tests of this module: two operators, five clients, an outside issuer, and as many web instances as wanted. */
export type AccessWorld = Awaited<ReturnType<typeof startAccessWorld>>

export type Instance = { access: Access; server: HttpServer; app: HttpServer['app'] }

export const PUBLIC_URL = 'http://leadline.test'
export const AUDIENCE = 'api://leadline'

/** Who the request turned out to be. */
const whoAmI = defineEndpoint({
  operationId: 'whoAmI',
  method: 'GET',
  path: '/api/v4/who-am-i',
  tag: 'test',
  summary: '',
  description: '',
  source: 'own',
  permission: 'leads.read',
  responses: { 200: { description: '', schema: Type.Any() } },
})

export async function startAccessWorld(db: { transact: Transact; asOwner: pg.Pool; appUrl: string }) {
  const time = { now: Date.parse('2026-11-22T08:00:00Z') }
  const clock = { now: () => new Date(time.now) }
  const issuer = await startOutsideIssuer()
  const closing: (() => Promise<void>)[] = [issuer.close]
  await addOperators(db.asOwner)
  await addClients(db.transact, clock.now())

  function makeAccess(settings: Partial<AccessSettings> = {}): Access {
    const access = createAccess({
      transact: db.transact,
      sealer: createSealer(parseMasterKeys('11'.repeat(32))),
      clock,
      logger: pino({ level: 'silent' }),
      settings: {
        publicUrl: PUBLIC_URL,
        audience: AUDIENCE,
        trustedIssuers: [issuer.url],
        databaseUrl: db.appUrl,
        ...settings,
      },
    })
    closing.push(() => access.close())
    return access
  }

  function startInstance(): Instance {
    const access = makeAccess()
    const who = route(whoAmI, async (_input, { principal }) => {
      const { permissions, ...rest } = principal
      return { json: { ...rest, permissions: [...permissions] } }
    })
    const server = createHttpServer({
      routes: [...access.routes, who],
      authenticate: access.authenticate,
      settings: { publicUrl: PUBLIC_URL, trustedProxies: [], rateLimitPerMinute: 0, checkAnswers: true },
      logger: pino({ level: 'silent' }),
      metrics: new Registry(),
      clock,
    })
    closing.unshift(() => server.close(100))
    return { access, server, app: server.app }
  }

  const first = startInstance()
  await first.access.start()

  async function post(url: string, form: Record<string, string>, headers: Record<string, string> = {}, on = first) {
    return on.app.inject({
      method: 'POST',
      url,
      payload: new URLSearchParams(form).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    })
  }

  async function tokenOf(clientId: string, secret?: string, on = first): Promise<string> {
    const response = await post('/oauth2/v2.0/token', credentials(clientId, secret), {}, on)
    if (response.statusCode !== 200) throw new Error(`No token for ${clientId}: ${response.body}`)
    return response.json().access_token
  }

  return {
    app: first.app,
    clock,
    issuer,
    startInstance,
    makeAccess,
    post,
    tokenOf,
    pass: (milliseconds: number) => {
      time.now += milliseconds
    },
    ask: (token: string, headers: Record<string, string> = {}, on = first) =>
      on.app.inject({ url: '/api/v4/who-am-i', headers: { authorization: `Bearer ${token}`, ...headers } }),
    /** A call under /api/v4/clients. */
    call: async (token: string, method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, payload?: object) => {
      const response = await first.app.inject({
        method,
        url: `/api/v4/clients${path}`,
        headers: { authorization: `Bearer ${token}`, ...(payload && { 'content-type': 'application/json' }) },
        ...(payload && { payload: JSON.stringify(payload) }),
      })
      return { status: response.statusCode, body: response.json() }
    },
    close: async () => {
      for (const close of closing) await close()
    },
  }
}

/** The form of a token request; fixed clients have their id and `-secret` as secret. */
export function credentials(clientId: string, secret = `${clientId}-secret`) {
  return { grant_type: 'client_credentials', client_id: clientId, client_secret: secret }
}

async function addOperators(asOwner: pg.Pool): Promise<void> {
  for (const [operatorId, name, channelId] of [
    [868, 'Northwind Voice', 907],
    [901, 'Fabrikam Telecom', 908],
  ]) {
    await asOwner.query('insert into operator (operator_id, name) values ($1, $2)', [operatorId, name])
    await asOwner.query('insert into channel (operator_id, channel_id, name) values ($1, $2, $3)', [
      operatorId,
      channelId,
      'Riverside IT',
    ])
  }
}

async function addClients(transact: Transact, now: Date): Promise<void> {
  const fixed = (clientId: string, operatorId: number, permissions: Permission[], channelId: number | null = null) =>
    transact(jobPrincipal('test', operatorId, 'r'), (tx) =>
      ensureClient(tx, { clientId, clientSecret: `${clientId}-secret`, name: clientId, permissions, channelId, now }),
    )
  await fixed('northwind', 868, [...allPermissions])
  // A second start finds it there.
  await fixed('northwind', 868, [...allPermissions])
  await fixed('fabrikam', 901, [...allPermissions])
  await fixed('riverside', 868, ['leads.read', 'clients.manage'], 907)
  await fixed('reader', 868, ['leads.read'])
  await fixed('manager', 868, ['leads.read', 'clients.manage'])
}

export type OutsideIssuer = {
  url: string
  readonly metadataAsked: number
  sign(claims: JWTPayload): Promise<string>
  close(): Promise<void>
}

/** An identity provider with one key, as Entra publishes it. `metadataIssuer`: what it calls itself, when it lies. */
export async function startOutsideIssuer(options: { metadataIssuer?: string } = {}): Promise<OutsideIssuer> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  let metadataAsked = 0
  const server = createServer((request, response) => {
    const isMetadata = request.url === '/.well-known/openid-configuration'
    if (isMetadata) metadataAsked += 1
    const body = isMetadata
      ? { issuer: options.metadataIssuer ?? url, jwks_uri: `${url}/keys` }
      : { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'outside-1', use: 'sig' }] }
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    get metadataAsked() {
      return metadataAsked
    },
    sign: (claims) => new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'outside-1' }).sign(privateKey),
    close: async () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
