import { afterAll, beforeAll, expect, test } from 'vitest'
import { FABRIKAM, NORTHWIND } from '../server/sandbox.ts'
import { ask, eventually, type Json, type Reply } from './harness/client.ts'
import { type Leadline, startLeadline } from './harness/leadline.ts'

// A production installation from nothing to leads, with a browser alone: no command line, no operator there before.

let leadline: Leadline
let cookie = ''

beforeAll(async () => {
  leadline = await startLeadline({ leads: 12, env: { LEADLINE_SANDBOX: 'false' } })
})
afterAll(async () => {
  await leadline?.close()
})

async function send(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Reply> {
  return ask(`${leadline.baseUrl}${path}`, {
    method,
    headers: {
      cookie,
      'x-leadline-csrf': '1',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
}
const told = ({ status, body }: Reply) => [status, body?.code]

test('the first administrator makes the first operator, connects it, and reads its leads', async () => {
  const link = await leadline.context.people.invitations.inviteFirstAdministrator()
  const token = link?.split('#')[1]
  const person = { email: 'ada@carrier.example', name: 'Ada Wills', newPassword: 'three quiet green lamps' }
  expect(told(await send('POST', '/api/v4/invitations/accept', { token, ...person }))).toEqual([200, undefined])
  const signedIn = await send('POST', '/api/v4/sessions', { email: person.email, password: person.newPassword })
  cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  expect(signedIn.body).toMatchObject({ operators: [], operatorId: null })

  const nothing = await send('GET', '/api/v4/leads')
  expect(told(nothing)).toEqual([409, 'operator-not-chosen'])
  expect(nothing.body.detail).toContain('POST /api/v4/operators')
  expect((await send('GET', '/api/v4/operators')).body).toEqual({ data: [] })

  const made = await send('POST', '/api/v4/operators', { name: '  Northwind Voice ' })
  expect(made.status, made.text).toBe(201)
  expect(made.body).toMatchObject({ operatorId: 1, name: 'Northwind Voice', connected: false })
  expect(made.headers.get('location')).toBe(`${leadline.baseUrl}/api/v4/operators/1`)
  expect((await send('GET', '/api/v4/operators/1')).body).toEqual(made.body)

  const { simulator } = leadline.outside
  const { directoryId, clientId, secret } = NORTHWIND
  const connection = { directoryId, clientId, secret, baseUrl: `${simulator.url}/api`, authority: simulator.url }
  expect((await send('PUT', '/api/v4/connections/1', connection)).status).toBe(200)
  expect((await send('POST', '/api/v4/connections/1/test')).body).toMatchObject({ ok: true })
  expect((await send('GET', '/api/v4/operators')).body.data).toMatchObject([{ operatorId: 1, connected: true }])
  await send('POST', '/api/v4/jobs/peering.sync-leads-job/runs')
  const leads = await eventually(
    () => send('GET', '/api/v4/leads'),
    ({ body }) => body.data?.length > 0,
  )
  expect(leads.body.data.length).toBe(12)
})

test('numbers and names are there once, and a refusal leaves nothing', async () => {
  expect(told(await send('POST', '/api/v4/operators', { name: 'Other', operatorId: 1 }))).toEqual([
    409,
    'operator-exists',
  ])
  expect(told(await send('POST', '/api/v4/operators', { name: 'northwind VOICE' }))).toEqual([
    409,
    'operator-name-taken',
  ])
  const at869 = await send('POST', '/api/v4/operators', { name: FABRIKAM.name, operatorId: 869 })
  expect(at869.body).toMatchObject({ operatorId: 869 })
  expect((await send('POST', '/api/v4/operators', { name: 'Next one' })).body.operatorId).toBe(870)
  expect(told(await send('PATCH', '/api/v4/operators/869', { name: 'Northwind voice' }))).toEqual([
    409,
    'operator-name-taken',
  ])
  expect((await send('PATCH', '/api/v4/operators/869', { name: 'Fabrikam Group' })).body.name).toBe('Fabrikam Group')
  expect(told(await send('PATCH', '/api/v4/operators/4242', { name: 'Nobody' }))).toEqual([404, 'not-found'])
  for (const body of [{ name: ' ' }, { name: '' }, { name: 'x'.repeat(201) }, {}, { name: 'A', operatorId: 0 }]) {
    expect(told(await send('POST', '/api/v4/operators', body)), JSON.stringify(body)).toEqual([400, 'bad-request'])
  }
  const { body } = await send('GET', '/api/v4/operators')
  expect(body.data.map((one: Json) => [one.operatorId, one.name])).toEqual([
    [869, 'Fabrikam Group'],
    [870, 'Next one'],
    [1, 'Northwind Voice'],
  ])
})

test('two who add operators at once get two numbers', async () => {
  const both = await Promise.all(['Twin one', 'Twin two'].map((name) => send('POST', '/api/v4/operators', { name })))
  expect(both.map(({ status }) => status)).toEqual([201, 201])
  expect(new Set(both.map(({ body }) => body.operatorId)).size).toBe(2)
})

test('with several operators one is chosen, and what was done to each stands in its own journal', async () => {
  expect(told(await send('GET', '/api/v4/leads'))).toEqual([409, 'operator-not-chosen'])
  const { body } = await send('GET', '/api/v4/journal?objectType=operator', undefined, { 'x-leadline-operator': '869' })
  expect(body.data.map((entry: Json) => [entry.action, entry.actor.name])).toEqual([
    ['operator.renamed', 'Ada Wills'],
    ['operator.created', 'Ada Wills'],
  ])
})

test('the journal of the installation can be read, filtered and verified before an operator is chosen', async () => {
  const { body } = await send('GET', '/api/v4/installation/journal')
  const actions = body.data.map((entry: Json) => entry.action)
  expect(actions).toContain('session.begun')
  expect(actions).toContain('invitation.created')
  expect(actions).not.toContain('operator.created')
  const one = await send('GET', '/api/v4/installation/journal?action=session.begun&pageSize=1')
  expect(one.body.data).toMatchObject([{ action: 'session.begun', actor: { name: 'Ada Wills' } }])
  const verified = await eventually(
    () => send('GET', '/api/v4/installation/journal/verification'),
    (reply) => reply.body.unsealed === 0,
  )
  expect(verified.body).toMatchObject({ ok: true })
  expect(verified.body.entries).toBeGreaterThan(1)
})
