import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, eventually, type Reply } from '../harness/client.ts'
import { type Leadline, startLeadline } from '../harness/leadline.ts'
import type { Objects } from '../sample-requests.ts'
import { type Caller, makeCallers } from './callers.ts'
import { type Belongings, leaksIn } from './leaks.ts'
import { allPlaces, fillPlaces, makeObjects, type Place, places, sees } from './places.ts'

// What could tell of others by a detour: Microsoft's words about an operator's connection, and work that a task does later
// with ids that were given to it. Source: design/quality.md S1.

let leadline: Leadline
let callers: Caller[]
const standing: Belongings = new Map()

beforeAll(async () => {
  leadline = await startLeadline({ leads: 20 })
  await eventually(
    () => ask(`${leadline.baseUrl}/health/ready`),
    (reply) => reply.status === 200,
  )
  await leadline.stopWorkers()
  await fillPlaces(leadline)
  for (const place of allPlaces) standing.set(place, await makeObjects(leadline, place))
  callers = (await makeCallers(leadline)).filter(
    ({ place, permissions }) => place !== null && permissions.includes('leads.write'),
  )
})

afterAll(() => leadline?.close())

const objectsOf = (place: Place | null) => standing.get(place as Place) as Objects

function send(caller: Caller, method: string, path: string, body?: unknown): Promise<Reply> {
  return ask(`${leadline.baseUrl}${path}`, {
    method,
    headers: { ...caller.headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
}

test('on which other lead Microsoft keeps a relation is told to those who see that lead', async () => {
  const [northwind, riverside] = [await leadline.as('northwind-api'), await leadline.as('riverside-api')]
  const tenantId = randomUUID()
  const company = 'Two Consents'
  const made = await riverside.send('POST', '/api/v4/leads', { tenantId, companyName: company })
  expect(made.status, made.text).toBe(201)
  const direct = made.body.id
  const { id: consented } = await leadline.outside.control('POST', '/consents', {
    ...{ operator: 'northwind', tenantId, company, countries: ['US'] },
  })
  const { stop } = await leadline.startWorker()
  await northwind.send('POST', '/api/v4/jobs/peering.sync-leads-job/runs')
  await eventually(
    async () => (await northwind.get(`/api/v4/leads/${consented}`)).status,
    (status) => status === 200,
  )

  const asked = { status: 'CustomerContacted' }
  const refused = await riverside.send('PUT', `/api/v4/leads/${direct}/relationship`, asked)
  expect([refused.status, refused.body.code]).toEqual([409, 'relationship-elsewhere'])
  expect(refused.text).toContain('ask the carrier')
  const ofCarrier = await northwind.send('PUT', `/api/v4/leads/${direct}/relationship`, asked)
  expect([ofCarrier.status, ofCarrier.body.detail]).toEqual([409, expect.stringContaining(consented)])

  const many = { action: 'set-relationship', relationship: asked, leadIds: [direct] }
  const begun = await riverside.send('POST', '/api/v4/leads/bulk', many)
  expect(begun.status, begun.text).toBe(202)
  const task = begun.body
  await eventually(
    async () => (await riverside.get(`/api/v4/tasks/${task.id}`)).body.state,
    (state) => state === 'failed',
  )
  await stop()
  for (const path of [`/api/v4/tasks/${task.id}/items`, `/api/v4/leads/${direct}/status`]) {
    const { text } = await riverside.get(path)
    expect(text, path).toContain('ask the carrier')
    expect(text, path).not.toContain(consented)
  }
  expect(refused.text).not.toContain(consented)

  const away = await northwind.send('PUT', `/api/v4/leads/${consented}/channel`, { channelId: 907 })
  expect(away.status, away.text).toBe(200)
  const own = await riverside.send('PUT', `/api/v4/leads/${direct}/relationship`, asked)
  expect([own.status, own.body.detail]).toEqual([409, expect.stringContaining(consented)])
})

test('why Microsoft refuses the connection of an operator is told to its people, and not to its channels', async () => {
  for (const { operatorId, marker } of [places.northwind, places.fabrikam]) {
    await leadline.db.asOwner.query(
      'update connection set directory_id = $2, version = version + 1 where operator_id = $1',
      [operatorId, `${marker}.example`],
    )
  }
  const newLead = () => ({ tenantId: randomUUID(), companyName: `Sample ${randomUUID()}` })
  const unknown = `checkOnline=true&msTenantId=${randomUUID()}`
  let refusals = 0
  for (const caller of callers) {
    const { leadId } = objectsOf(caller.place)
    const replies = [
      await send(caller, 'POST', '/api/v2/oc/lead', newLead()),
      await send(caller, 'POST', '/api/v4/leads', newLead()),
      await send(caller, 'PUT', `/api/v4/leads/${leadId}/relationship`, { status: 'CustomerContacted' }),
      await send(caller, 'GET', `/api/v2/oc/lead?${unknown}`),
    ]
    for (const reply of replies) {
      expect([reply.status, reply.body.code], `${caller.name}: ${reply.text}`).toEqual([503, 'microsoft-unavailable'])
      expect(leaksIn(reply, caller, standing), caller.name).toEqual([])
      const isOfChannel = caller.place?.channelId != null
      expect(/AADSTS|directory/.test(reply.text), `${caller.name}: ${reply.text}`).toBe(!isOfChannel)
      refusals++
    }
    // Kept with the lead by the sync of addresses, and shown with it.
    const shown = await send(caller, 'GET', `/api/v4/leads/${leadId}`)
    expect(shown.body.addresses.failure, caller.name).toMatch(caller.place?.channelId == null ? /No token/ : /operator/)
    expect(leaksIn(shown, caller, standing), caller.name).toEqual([])
  }
  expect(refusals).toBeGreaterThan(20)
})

test('a task finds nothing of the leads of others that it was given', async () => {
  for (const caller of callers) {
    const leadIds = allPlaces.map((place) => objectsOf(place).leadId)
    const reply = await send(caller, 'POST', '/api/v4/leads/bulk', { action: 'archive', leadIds })
    expect(reply.status, reply.text).toBe(202)
  }
  const { stop } = await leadline.startWorker()
  await eventually(
    async () =>
      (
        await leadline.db.asOwner.query(
          `select count(*)::int as open from task where state in ('queued', 'running', 'waiting')`,
        )
      ).rows[0].open,
    (open) => open === 0,
  )
  await stop()
  for (const caller of callers) {
    const { data: tasks } = (await send(caller, 'GET', '/api/v4/tasks?kind=leads.archive')).body
    expect(tasks.length, caller.name).toBeGreaterThan(0)
    for (const { id, channelId } of tasks) {
      const of = { operatorId: caller.place?.operatorId ?? 0, channelId }
      const found = await send(caller, 'GET', `/api/v4/tasks/${id}/items`)
      for (const place of allPlaces) {
        const item = found.body.data.find(({ objectId }: { objectId: string }) => objectId === objectsOf(place).leadId)
        const isOwn = sees(of, place)
        const told = [item.state, item.code, item.objectName !== null]
        expect(told, `${caller.name}, a task of ${channelId}: ${place.name}`).toEqual(
          isOwn ? ['failed', 'lead-not-removed', true] : ['failed', 'not-found', false],
        )
      }
    }
  }
})
