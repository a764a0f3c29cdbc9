import { afterEach, expect, test } from 'vitest'
import { firstTen } from './first-ten.ts'
import { fairLimit } from './harness/fair-limit.ts'
import { type Leadline, startLeadline } from './harness/leadline.ts'

// checkOnline before the first sync: it waits for one, and never looks like "no lead". Source: issue 2, 5.

let leadline: Leadline
afterEach(() => leadline.close())

test('an empty store waits for a sync, and answers with its leads', async () => {
  leadline = await startLeadline({ worker: false })
  const northwind = await leadline.as('northwind-api')
  expect((await northwind.get('/api/v2/oc/lead')).body).toEqual([])
  const waiting = northwind.get('/api/v2/oc/lead?checkOnline=true')
  await leadline.startWorker()
  const { status, body } = await waiting
  expect([status, body.map((lead: { id: string }) => lead.id)]).toEqual([200, firstTen.map((lead) => lead.id)])
})

test('an empty store is a 503 with Retry-After when Microsoft refuses', async () => {
  leadline = await startLeadline({ worker: false })
  await leadline.outside.control('PATCH', '/operators/northwind', { appIsAllowListed: false })
  await leadline.startWorker()
  const northwind = await leadline.as('northwind-api')
  const { status, body, headers } = await northwind.get('/api/v2/oc/lead?checkOnline=true')
  expect([status, body.code]).toEqual([503, 'microsoft-unavailable'])
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
})

test('an empty store is a 503 with Retry-After when nobody syncs', async () => {
  leadline = await startLeadline({ worker: false })
  const northwind = await leadline.as('northwind-api')
  const startedAt = performance.now()
  const { status, headers } = await northwind.get('/api/v2/oc/lead?checkOnline=true')
  expect([status, Number(headers.get('retry-after')) > 0]).toEqual([503, true])
  expect(performance.now() - startedAt).toBeLessThan(fairLimit(22_000))
})
