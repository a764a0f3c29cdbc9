import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, eventually, type Json } from '../harness/client.ts'
import { killed, type Leadline, startLeadline } from '../harness/leadline.ts'
import { startNow } from '../harness/runs.ts'

// kill -9 of the worker in the middle of delivering: at least once, never lost, the same webhook-id. Source: quality.md R1, R3.

let leadline: Leadline
let northwind: Client
beforeAll(async () => {
  leadline = await startLeadline({ leads: 600, worker: false })
  northwind = await leadline.as('northwind-api')
})
afterAll(() => leadline?.close())

test('every event arrives although its worker is killed while it delivers', { timeout: 120_000 }, async () => {
  const { control, simulator } = leadline.outside
  let worker = leadline.spawnWorker()
  await eventually(
    () => northwind.get('/health/ready'),
    ({ status }) => status === 200,
    60,
  )
  const url = `${simulator.url}/webhooks/crash`
  const { body } = await northwind.send('POST', '/api/v4/webhooks', { url, events: ['lead.changed'] })
  await control('PATCH', '/receivers/crash', { secret: body.secret, behaviour: 'slow', delayMs: 300 })
  const { touched } = await control('POST', '/touch', { operator: 'northwind', percent: 50, seed: 5 })
  await startNow(northwind)
  const arrivals = () => control('GET', '/receivers/crash') as Promise<Json>
  for (const enough of [10, 60]) {
    await eventually(arrivals, ({ counters }) => counters.requests >= enough, 60)
    await sleep(50)
    await killed(worker)
    worker = leadline.spawnWorker()
  }
  await eventually(arrivals, ({ counters }) => counters.distinct === touched, 90)
  // What was under way when its worker was killed comes again when the claims have run out.
  await eventually(
    async () => (await northwind.get('/api/v4/webhooks')).body.data[0].health,
    ({ waiting, dead }) => waiting === 0 && dead === 0,
    60,
  )
  const { counters } = await arrivals()
  expect(counters.requests).toBeGreaterThan(touched)
  expect(counters).toMatchObject({ distinct: touched, bad: 0, good: counters.requests })
})
