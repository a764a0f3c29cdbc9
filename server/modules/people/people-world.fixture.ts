import type { LightMyRequestResponse } from 'fastify'
import type pg from 'pg'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { Type } from 'typebox'
import { defineEndpoint } from '../../../contract/endpoint.ts'
import { allPermissions } from '../../../contract/permissions.ts'
import { jobPrincipal } from '../../kernel/principal.ts'
import type { Reader } from '../../platform/db/reader.ts'
import type { Transact } from '../../platform/db/transaction.ts'
import { createHttpServer, type HttpServer, route } from '../../platform/http/index.ts'
import { createSealer, parseMasterKeys } from '../../platform/secrets/index.ts'
import { createAccess, ensureClient } from '../access/index.ts'
import { createPeople, ensureSamplePeople, type People, type PeopleSettings, samplePeople } from './index.ts'
import { SANDBOX_PASSWORD } from './password.rules.ts'

export const PUBLIC_URL = 'http://leadline.test'
export const ADMINISTRATOR = 'administrator@northwind.example'
export const OPERATOR = 'operator@northwind.example'
export const MONITOR = 'monitor@northwind.example'
export const RESELLER = 'administrator@riverside.example'
export const STRANGER = 'administrator@fabrikam.example'
export const PLATFORM = 'platform@leadline.example'
/** Good everywhere. */
export const NEW_PASSWORD = 'three quiet green lamps'

export const SAMPLES = samplePeople({
  northwind: { operatorId: 868, name: 'Northwind Voice' },
  fabrikam: { operatorId: 869, name: 'Fabrikam Telecom' },
  riverside: { channelId: 907, name: 'Riverside IT' },
})

/** Who the request turned out to be; `change` for the rule about foreign pages. */
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
const change = defineEndpoint({ ...whoAmI, operationId: 'change', method: 'POST', permission: 'leads.write' })

export type Call = {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  url: string
  body?: object | undefined
  headers?: Record<string, string>
  from?: string
}

// biome-ignore lint/suspicious/noExplicitAny: tests read plain JSON freely.
export type Json = any

export type Reply = { status: number; body: Json; headers: LightMyRequestResponse['headers']; cookie: string }

export type PeopleWorld = Awaited<ReturnType<typeof startPeopleWorld>>

/** For tests of this module: two operators, a channel, the ten people of the sandbox, and web instances on one database. */
export async function startPeopleWorld(
  db: { reader: Reader; transact: Transact; asOwner: pg.Pool; appUrl: string },
  settings: Partial<PeopleSettings> = {},
) {
  const time = { now: Date.parse('2026-11-22T08:00:00Z') }
  const clock = { now: () => new Date(time.now) }
  const sealer = createSealer(parseMasterKeys('11'.repeat(32)))
  const logLines: string[] = []
  const logger = pino({ level: 'trace' }, { write: (line: string) => void logLines.push(line) })
  const closing: (() => Promise<void>)[] = []
  await addOperators(db.asOwner)
  await ensureSamplePeople(db.transact, SAMPLES, clock)
  await db.transact(jobPrincipal('test', 868, 'r'), (tx) =>
    ensureClient(tx, {
      ...{ clientId: 'northwind-api', clientSecret: 'northwind-secret', name: 'northwind-api', channelId: null },
      ...{ permissions: [...allPermissions], now: clock.now() },
    }),
  )

  function startInstance(more: Partial<PeopleSettings> = {}): { people: People; app: HttpServer['app'] } {
    const all = { publicUrl: PUBLIC_URL, openId: null, samplePeople: SAMPLES, ...settings, ...more }
    const people = createPeople({ reader: db.reader, transact: db.transact, sealer, clock, logger, settings: all })
    const access = createAccess({
      ...{ transact: db.transact, sealer, clock, logger, schemes: [people.scheme] },
      settings: { publicUrl: all.publicUrl, audience: 'api://leadline', trustedIssuers: [], databaseUrl: db.appUrl },
    })
    closing.push(() => access.close())
    const who = [whoAmI, change].map((endpoint) =>
      route(endpoint, async (_input, { principal }) => ({
        json: { ...principal, permissions: [...principal.permissions] },
      })),
    )
    const server = createHttpServer({
      routes: [...people.routes, ...access.routes, ...who],
      authenticate: access.authenticate,
      settings: { publicUrl: all.publicUrl, trustedProxies: ['127.0.0.1'], rateLimitPerMinute: 0, checkAnswers: true },
      logger,
      metrics: new Registry(),
      clock,
    })
    closing.unshift(() => server.close(100))
    return { people, app: server.app }
  }

  const first = startInstance()

  async function call({ method = 'GET', url, body, headers = {}, from }: Call, on = first): Promise<Reply> {
    const response = await on.app.inject({
      method,
      url,
      headers: {
        ...(body && { 'content-type': 'application/json' }),
        ...(from !== undefined && { 'x-forwarded-for': from }),
        'x-leadline-csrf': '1',
        ...headers,
      },
      ...(body && { payload: JSON.stringify(body) }),
    })
    const json = response.body === '' ? undefined : response.json()
    const cookie = [response.headers['set-cookie'] ?? ''].flat()[0] ?? ''
    return { status: response.statusCode, body: json, headers: response.headers, cookie }
  }

  type SignIn = { password?: string; code?: string; from?: string; headers?: Record<string, string> }

  function signIn(email: string, { password = SANDBOX_PASSWORD, code, from, headers }: SignIn = {}, on = first) {
    const body = { email, password, ...(code !== undefined && { code }) }
    return call(
      {
        method: 'POST',
        url: '/api/v4/sessions',
        body,
        ...(from !== undefined && { from }),
        ...(headers && { headers }),
      },
      on,
    )
  }

  /** Somebody with a session: sends its cookie with every call. */
  async function as(email: string, options: SignIn = {}) {
    const reply = await signIn(email, options)
    if (reply.status !== 200) throw new Error(`${email} cannot sign in: ${JSON.stringify(reply.body)}`)
    const cookie = reply.cookie.split(';')[0] ?? ''
    const send = (method: Call['method'], url: string, body?: object, headers: Record<string, string> = {}) =>
      call({ ...(method && { method }), url, body, headers: { cookie, ...headers } })
    return { cookie, me: reply.body, send, get: (url: string, headers = {}) => send('GET', url, undefined, headers) }
  }

  return {
    ...first,
    clock,
    logLines,
    startInstance,
    call,
    signIn,
    as,
    pass: (seconds: number) => {
      time.now += seconds * 1000
    },
    /** The journal as it is, newest last. */
    async journal(action?: string) {
      const { rows } = await db.asOwner.query('select * from journal_entry order by entry_id')
      return action === undefined ? rows : rows.filter((row) => row.action === action)
    },
    close: async () => {
      for (const close of closing) await close()
    },
  }
}

async function addOperators(asOwner: pg.Pool): Promise<void> {
  await asOwner.query(
    `insert into operator (operator_id, name) values (868, 'Northwind Voice'), (869, 'Fabrikam Telecom')`,
  )
  await asOwner.query(`insert into channel (operator_id, channel_id, name) values (868, 907, 'Riverside IT')`)
}
