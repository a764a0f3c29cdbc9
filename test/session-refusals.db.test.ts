import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { endpoints } from '../contract/index.ts'
import { ask, type Reply } from './harness/client.ts'
import { type Leadline, startLeadline } from './harness/leadline.ts'
import { type Objects, sessionRequests } from './sample-requests.ts'

// What routes refuse that a session opens and no permission: from the contract, written once, as test/refusals.db.test.ts.

let leadline: Leadline
let token: string | null
const cookies: Record<string, string> = {}
const objects = { operatorId: 868 } as Objects

const guarded = endpoints.filter(({ permission }) =>
  (['signed-in', 'platform-administrator'] as string[]).includes(permission),
)
const each = guarded.map((endpoint) => ({ name: endpoint.operationId, endpoint }))
type Guarded = (typeof guarded)[number]

beforeAll(async () => {
  leadline = await startLeadline({ leads: 1, worker: false })
  token = (await leadline.as('northwind-api')).token
  for (const email of [
    'administrator@northwind.example',
    'administrator@riverside.example',
    'platform@leadline.example',
  ])
    cookies[email] = await signIn(email)
})
afterAll(() => leadline?.close())

async function signIn(email: string): Promise<string> {
  const reply = await ask(`${leadline.baseUrl}/api/v4/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-leadline-csrf': '1' },
    body: JSON.stringify({ email, password: 'leadline-sandbox' }),
  })
  expect(reply.status, reply.text).toBe(200)
  return (reply.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
}

function send(endpoint: Guarded, headers: Record<string, string>, query = ''): Promise<Reply> {
  const sample = sessionRequests[endpoint.operationId]
  if (!sample) throw new Error(`${endpoint.operationId} has no sample in test/sample-requests.ts`)
  const params = sample.params?.(objects) ?? {}
  const path = endpoint.path.replace(/\{([^}]+)\}/g, (_, name: string) => params[name] ?? '')
  const body = sample.body?.(objects)
  return ask(`${leadline.baseUrl}${path}${query}`, {
    method: endpoint.method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
}

const problem = (reply: Reply) => ({ status: reply.status, code: reply.body?.code })

test('every such endpoint has a sample, and nothing else has one', () => {
  expect(Object.keys(sessionRequests).sort()).toEqual(guarded.map(({ operationId }) => operationId).sort())
})

describe.each(each)('$name', ({ endpoint }) => {
  test('asks who one is: 401, for the token of an API client and a dead cookie too', async () => {
    const csrf = { 'x-leadline-csrf': '1' }
    expect(problem(await send(endpoint, csrf))).toEqual({ status: 401, code: 'not-signed-in' })
    const bearer = await send(endpoint, { ...csrf, authorization: `Bearer ${token}` })
    expect(problem(bearer)).toEqual({ status: 401, code: 'not-signed-in' })
    const dead = await send(endpoint, { ...csrf, cookie: `leadline_session=${'x'.repeat(43)}` })
    expect(problem(dead)).toEqual({ status: 401, code: 'session-ended' })
  })

  test('lets no foreign page change anything with the cookie: 403', async () => {
    if (endpoint.method === 'GET') return
    const cookie = cookies['platform@leadline.example'] ?? ''
    for (const headers of [{ cookie }, { cookie, 'sec-fetch-site': 'cross-site' }]) {
      expect(problem(await send(endpoint, headers))).toEqual({ status: 403, code: 'csrf-header-missing' })
    }
  })

  test('is for the platform tier where its contract says so: 403 for everybody else', async () => {
    if (endpoint.permission !== 'platform-administrator') return
    for (const email of ['administrator@northwind.example', 'administrator@riverside.example']) {
      const reply = await send(endpoint, { cookie: cookies[email] ?? '', 'x-leadline-csrf': '1' })
      expect(problem(reply), email).toEqual({ status: 403, code: 'platform-only' })
    }
  })

  test('refuses a query parameter that it does not know: 400', async () => {
    const headers = { cookie: cookies['platform@leadline.example'] ?? '', 'x-leadline-csrf': '1' }
    const reply = await send(endpoint, headers, '?surprise=1')
    expect(problem(reply)).toEqual({ status: 400, code: 'bad-request' })
  })
})
