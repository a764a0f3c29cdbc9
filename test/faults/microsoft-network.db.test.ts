import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Json } from '../harness/client.ts'
import { runNow, SYNC_LEADS, settled, startNow } from '../harness/runs.ts'
import { type ProxiedLeadline, startProxiedLeadline } from './proxied-leadline.ts'

// The network to Microsoft fails in every way it can, during a page and during the token call; the run succeeds all the
// same and stores what Microsoft has. Source: design/quality.md R4, R5.

const LEADS = 2_200
const PAGE_BYTES = 400_000

let leadline: ProxiedLeadline
let seed = 0
beforeAll(async () => {
  leadline = await startProxiedLeadline(LEADS)
  await leadline.northwind.send('PUT', '/api/v4/connections/868', { requestTimeoutMs: 1_500 })
})
afterAll(() => leadline?.close())
afterEach(() => leadline.toMicrosoft.set('pass'))

async function change(): Promise<number> {
  const { touched } = await leadline.outside.control('POST', '/touch', {
    operator: 'northwind',
    percent: 10,
    seed: ++seed,
  })
  return touched
}

async function expectAllStored(run: Json, touched: number): Promise<void> {
  expect(run.state, JSON.stringify(run.error)).toBe('succeeded')
  expect(run.counts.changed).toBe(touched)
  const { body } = await leadline.northwind.get('/api/v2/oc/lead?PageSize=20000')
  expect(body).toHaveLength(LEADS)
  const again = await runNow(leadline.northwind, SYNC_LEADS, 60)
  expect(again.counts).toMatchObject({ changed: 0, new: 0 })
}

/** The token is asked for anew: Microsoft does not take the one in use any more. */
async function forgetToken(): Promise<void> {
  await leadline.outside.control('POST', '/faults', {
    ...{ name: 'unauthorized', endpoint: 'list', operator: 'northwind', times: 1 },
  })
}

const CUTS = [
  { what: 'closed in the middle of a page', bytes: PAGE_BYTES, how: 'close' },
  { what: 'reset in the middle of a page', bytes: PAGE_BYTES, how: 'reset' },
  { what: 'closed within the head of an answer', bytes: 20, how: 'close' },
  { what: 'reset before the first byte', bytes: 0, how: 'reset' },
] as const

test.for(CUTS)('a connection that is $what', async ({ bytes, how }) => {
  const touched = await change()
  leadline.toMicrosoft.dropAll('close')
  leadline.toMicrosoft.cutNextAfter(bytes, how)
  await expectAllStored(await runNow(leadline.northwind, SYNC_LEADS, 60), touched)
})

test('an answer that ends early although its connection stands', async () => {
  const touched = await change()
  leadline.toMicrosoft.dropAll('close')
  leadline.toMicrosoft.halfCloseNextAfter(PAGE_BYTES)
  await expectAllStored(await runNow(leadline.northwind, SYNC_LEADS, 60), touched)
})

test.for([10, 60])('connections that are reset %i bytes into the token call', async (bytes) => {
  const touched = await change()
  await forgetToken()
  leadline.toMicrosoft.dropAll('close')
  leadline.toMicrosoft.cutNextAfter(bytes, 'reset')
  await expectAllStored(await runNow(leadline.northwind, SYNC_LEADS, 60), touched)
})

test.for(['page', 'token'])('a host that falls silent during the %s call, for 4 seconds', async (call) => {
  const touched = await change()
  if (call === 'token') await forgetToken()
  leadline.toMicrosoft.set('delay', { delayMs: 40 })
  const body = { id: await startNow(leadline.northwind) }
  await sleep(call === 'token' ? 500 : 900)
  leadline.toMicrosoft.set('hole')
  await sleep(4_000)
  leadline.toMicrosoft.set('pass')
  await expectAllStored(await settled(leadline.northwind, body.id, 90), touched)
})

test('a slow way only takes its time', async () => {
  const touched = await change()
  leadline.toMicrosoft.set('delay', { delayMs: 250 })
  await expectAllStored(await runNow(leadline.northwind, SYNC_LEADS, 60), touched)
})

test('nobody there: the run waits and tells why, and succeeds once somebody is', async () => {
  const touched = await change()
  leadline.toMicrosoft.set('refuse')
  leadline.toMicrosoft.dropAll('reset')
  const body = { id: await startNow(leadline.northwind) }
  await sleep(1_500)
  const { status } = await leadline.northwind.get('/api/v2/oc/lead?PageSize=10')
  expect(status).toBe(200)
  leadline.toMicrosoft.set('pass')
  await expectAllStored(await settled(leadline.northwind, body.id, 90), touched)
})
