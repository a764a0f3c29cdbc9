import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { call, control, startForTest } from './simulator.test-kit.ts'
import type { RunningSimulator } from './simulator.ts'

let simulator: RunningSimulator
const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`

beforeAll(async () => {
  simulator = await startForTest()
})
afterAll(() => simulator.close())

function send(name: string, id: string, body = '{"type":"lead.created"}', signedWith: string | null = secret) {
  const at = new Date()
  return call(`${simulator.url}/webhooks/${name}`, {
    method: 'POST',
    redirect: 'manual',
    body,
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      ...(signedWith !== null && { 'webhook-signature': new Webhook(signedWith).sign(id, at, body) }),
    },
  })
}

test('shows what arrived, with what the official library says of each signature', async () => {
  await control(simulator, 'PATCH', '/receivers/crm', { secret })
  await send('crm', 'one')
  await send('crm', 'one')
  await send('crm', 'two', '{}', `whsec_${Buffer.alloc(32, 8).toString('base64')}`)
  await send('crm', 'three', '{}', null)
  const { arrivals, counters } = await control(simulator, 'GET', '/receivers/crm')
  expect(arrivals.map((one: { signature: string }) => one.signature)).toEqual(['missing', 'bad', 'good', 'good'])
  expect(arrivals.map((one: { isRepeated: boolean }) => one.isRepeated)).toEqual([false, false, true, false])
  expect(arrivals[3]).toMatchObject({ body: '{"type":"lead.created"}', headers: { 'webhook-id': 'one' } })
  expect(counters).toEqual({ requests: 4, distinct: 3, good: 2, bad: 1 })
  await control(simulator, 'DELETE', '/receivers/crm')
  expect((await control(simulator, 'GET', '/receivers/crm')).arrivals).toEqual([])
})

test('behaves as it is told, as often as it is told', async () => {
  await control(simulator, 'PATCH', '/receivers/odd', { behaviour: 'status', status: 503, times: 2 })
  const statuses = [await send('odd', '1'), await send('odd', '2'), await send('odd', '3')].map(({ status }) => status)
  expect(statuses).toEqual([503, 503, 200])
  await control(simulator, 'PATCH', '/receivers/odd', { behaviour: 'redirect' })
  expect((await send('odd', '4')).status).toBe(307)
  await control(simulator, 'PATCH', '/receivers/odd', { behaviour: 'reset' })
  await expect(send('odd', '5')).rejects.toThrow()
  await control(simulator, 'PATCH', '/receivers/odd', { behaviour: 'huge-body' })
  const huge = await fetch(`${simulator.url}/webhooks/odd`, { method: 'POST', body: '{}' })
  expect(huge.headers.get('content-length')).toBe(String(1024 ** 3))
  await huge.body?.cancel()
})

test('refuses what it does not know', async () => {
  await expect(control(simulator, 'PATCH', '/receivers/crm', { behaviour: 'sulk' })).rejects.toThrow()
  await expect(control(simulator, 'PATCH', '/receivers/crm', { secret: 'hunter2' })).rejects.toThrow()
  await expect(control(simulator, 'GET', '/receivers/a%20b')).rejects.toThrow()
})
