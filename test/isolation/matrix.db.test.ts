import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Endpoint } from '../../contract/endpoint.ts'
import { endpoints } from '../../contract/index.ts'
import { isOfOneOperator, refusalOf, type Standing } from '../../tools/endpoint-access.ts'
import { ask, eventually, type Reply } from '../harness/client.ts'
import { type Leadline, startLeadline } from '../harness/leadline.ts'
import { type Objects, type SampleRequest, sampleRequests, sessionRequests } from '../sample-requests.ts'
import { type Caller, makeCallers, seesAsCaller } from './callers.ts'
import { type Belongings, leaksIn, told } from './leaks.ts'
import { type OpenRequest, openRequests } from './open-requests.ts'
import {
  allPlaces,
  fillPlaces,
  LEADS_PER_PLACE,
  makeObjects,
  missingObjects,
  type Place,
  places,
  withNew,
} from './places.ts'
import { digestOfTheRest } from './truth.ts'

// Every route × every role and client × objects of every place: who sees what, and that nobody else does. What is expected
// comes from contract/ alone (tools/endpoint-access.ts). A new route joins by a line in test/sample-requests.ts.
// Source: design/quality.md S1.

let leadline: Leadline
let callers: Caller[]
const standing: Belongings = new Map()
/** Leads that callers give to tasks, whosever they are: a task names what it was given, so those are no leaks. */
const given: Belongings = new Map()
const missing = missingObjects()
const figures = { requests: 0, cells: 0, leaks: 0 }
const succeeded = new Set<string>()
const before = new Map<Place, Record<string, string>>()

const titled = (list: Endpoint[]) => list.map((endpoint) => ({ name: endpoint.operationId, endpoint }))
const isSampled = (endpoint: Endpoint) => !['none', 'signed-in'].includes(endpoint.permission as string)
const samples: Record<string, SampleRequest> = { ...sessionRequests, ...sampleRequests }
const sampled = endpoints.filter(isSampled)
const open = endpoints.filter((endpoint) => !isSampled(endpoint))

beforeAll(async () => {
  leadline = await startLeadline({ leads: 20 })
  await eventually(
    () => ask(`${leadline.baseUrl}/health/ready`),
    (reply) => reply.status === 200,
  )
  // What happens from here on happens because somebody asked for it.
  await leadline.stopWorkers()
  await fillPlaces(leadline)
  for (const place of allPlaces) {
    for (let i = 2; i < LEADS_PER_PLACE; i++) await makeObjects(leadline, place)
    standing.set(place, await makeObjects(leadline, place))
    given.set(place, await makeObjects(leadline, place))
  }
  callers = await makeCallers(leadline)
})

afterAll(async () => {
  await leadline?.close()
})

function sampleOf({ operationId }: Endpoint): SampleRequest {
  const sample: SampleRequest | undefined = samples[operationId]
  if (!sample) throw new Error(`${operationId} has no sample in test/sample-requests.ts`)
  return sample
}

function pathOf(endpoint: Endpoint, params: Record<string, string>): string {
  return endpoint.path.replace(/\{([^}]+)\}/g, (_, name: string) => {
    const value = params[name]
    if (value === undefined) throw new Error(`The sample of ${endpoint.operationId} does not say {${name}}.`)
    return encodeURIComponent(value)
  })
}

async function send(caller: Caller, endpoint: Endpoint, objects: Objects, query = '', headers = {}): Promise<Reply> {
  const { params, body } = sampleOf(endpoint)
  const url = `${leadline.baseUrl}${pathOf(endpoint, params?.(objects) ?? {})}${query && `?${query}`}`
  const sent = body?.(objects)
  return sendTo(caller, endpoint, url, sent === undefined ? undefined : JSON.stringify(sent), headers)
}

async function sendTo(caller: Caller, endpoint: Endpoint, url: string, body: string | undefined, headers = {}) {
  figures.requests++
  return ask(url, {
    method: endpoint.method,
    redirect: 'manual',
    headers: {
      ...caller.headers,
      ...(body !== undefined && { 'content-type': endpoint.bodyType ?? 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body }),
  })
}

function standingOf({ kind, permissions, place, tier, level }: Caller): Standing {
  return { kind, permissions, isChannel: place?.channelId != null, hasOperator: place !== null, tier, level }
}

/** What the caller may reach through this endpoint: all of it is his, or it does not exist for him. */
function reaches(endpoint: Endpoint, caller: Caller, place: Place): boolean {
  if (!isOfOneOperator(endpoint)) return true
  return seesAsCaller(caller, place)
}

/** Objects of every place; to whom the endpoint does not open, one's own and one of another operator will do. */
function targetsOf(home: Place, isRefused: boolean): Place[] {
  if (!isRefused) return allPlaces
  return [home, home.operatorId === 869 ? places.riverside : places.fabrikam]
}

/** Endpoints that change the object they name get one of their own each time. */
async function objectsFor(endpoint: Endpoint, place: Place, isLost: boolean): Promise<Objects> {
  const known = standing.get(place) as Objects
  if (endpoint.method === 'GET' || !isLost) return known
  const { params, body } = sampleOf(endpoint)
  const objects = await withNew(leadline, place, known, (named) => [params?.(named), body?.(named)])
  if (endpoint.operationId === 'resumeUser') {
    await leadline.db.asOwner.query(`update person set state = 'suspended' where person_id = $1`, [objects.personId])
  }
  return objects
}

/** Refusals of a good request to one's own object that the rules of its module give: he may not do this to that. */
const RULES = [403, 409]
const OF_ADMISSION = ['permission-missing', 'operator-only', 'channel-not-yours', 'platform-only']

function breachOf(endpoint: Endpoint, caller: Caller, reply: Reply): string | null {
  const wanted = [sampleOf(endpoint).status ?? (isOfOneOperator(endpoint) ? 200 : [200, 201, 204])].flat()
  if (wanted.includes(reply.status)) {
    succeeded.add(endpoint.operationId)
    return null
  }
  if (RULES.includes(reply.status) && !OF_ADMISSION.includes(reply.body?.code)) return null
  return `${caller.name}: ${reply.status} ${reply.text.slice(0, 200)}, wanted ${wanted.join(' or ')}`
}

/** What each caller who works for `home` got and should not have, or did not get and should have. */
async function breachesOf(endpoint: Endpoint, home: Place): Promise<string[]> {
  const breaches: string[] = []
  const { params, body, namesNoObject, ownNumbers, unsent, takesAnyId } = sampleOf(endpoint)
  const isNamed = !namesNoObject && (params !== undefined || (body?.length ?? 0) > 0)
  for (const caller of callers.filter((one) => (one.place ?? places.northwind) === home)) {
    const note = (place: string, problem: string | null) => {
      figures.cells++
      if (problem !== null) breaches.push(`${caller.name} → ${place}: ${problem}`)
    }
    const look = (place: string, reply: Reply, asked: Objects) => {
      const leaks = isOfOneOperator(endpoint) ? leaksIn(reply, caller, standing, JSON.stringify(asked)) : []
      figures.leaks += leaks.length
      if (leaks.length > 0) note(place, `leaks ${leaks.join(', ')}`)
      if (reply.status >= 500) note(place, `${reply.status} ${reply.text}`)
    }
    const refusal = refusalOf(endpoint, standingOf(caller))
    const none = isNamed ? await send(caller, endpoint, missing) : null
    if (none) look('missing', none, missing)
    for (const place of isNamed ? targetsOf(home, refusal !== null) : [home]) {
      // The number of another operator's channel may be that of one's own, and then means that.
      if (ownNumbers && place.operatorId !== home.operatorId && place.channelId !== null) continue
      const isOpen = refusal === null && (!isNamed || reaches(endpoint, caller, place))
      if (isOpen && unsent !== undefined) continue
      const objects = takesAnyId && !isOpen ? (given.get(place) as Objects) : await objectsFor(endpoint, place, isOpen)
      const reply = await send(caller, endpoint, objects)
      look(place.name, reply, objects)
      if (refusal !== null) {
        const got = { status: reply.status, code: reply.body?.code }
        const isSame = got.status === refusal.status && got.code === refusal.code
        note(place.name, isSame ? null : `${JSON.stringify(got)} where ${JSON.stringify(refusal)} was to come`)
      } else if (isOpen) note(place.name, breachOf(endpoint, caller, reply))
      else {
        const named = [objects, missing]
        const [words, wanted] = [told(reply, named), none ? told(none, named) : 'nothing']
        const isRefused = reply.status >= 400 && reply.status < 500
        const isSame = (isRefused || takesAnyId === true) && words === wanted
        note(place.name, isSame ? null : `tells a foreign object from a missing one: ${words} / ${wanted}`)
      }
    }
  }
  return breaches
}

describe.each(allPlaces.filter(({ name }) => name !== 'lakeside'))('who works for $name', (home) => {
  beforeAll(async () => {
    before.set(home, await digestOfTheRest(leadline.db.asOwner, home))
  })

  test.each(titled(sampled.filter(isOfOneOperator)))('$name', async ({ endpoint }) => {
    expect(await breachesOf(endpoint, home)).toEqual([])
  })

  test.each(titled(open))('nobody sees into $name', async ({ endpoint }) => {
    const request: OpenRequest | undefined = openRequests[endpoint.operationId]
    expect(request, `${endpoint.operationId} has no line in test/isolation/open-requests.ts`).toBeDefined()
    const { params = {}, query = '', body, unsent } = request ?? {}
    if (unsent !== undefined) return
    for (const caller of callers.filter((one) => (one.place ?? places.northwind) === home)) {
      const sessionId = await sessionOf(home === places.fabrikam ? places.northwind : places.fabrikam)
      const url = `${leadline.baseUrl}${pathOf(endpoint, { sessionId, ...params })}${query && `?${query}`}`
      const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body)
      const reply = await sendTo(caller, endpoint, url, text)
      figures.cells++
      expect(reply.status, reply.text).toBeLessThan(500)
      expect(leaksIn(reply, caller, standing), `${caller.name}: ${reply.text.slice(0, 300)}`).toEqual([])
      const refusal = refusalOf(endpoint, standingOf(caller))
      if (refusal) expect(reply.status, reply.text).toBe(refusal.status)
    }
  })

  test('a header that names another operator or channel opens nothing', async () => {
    for (const caller of callers.filter((one) => one.place === home)) {
      for (const endpoint of sampled.filter(isOfOneOperator).filter(({ method }) => method === 'GET')) {
        const objects = standing.get(home) as Objects
        if (refusalOf(endpoint, standingOf(caller))) continue
        const asked = JSON.stringify(objects)
        const channel = caller.headers['x-ovoc-channel-id'] === undefined ? '908' : '907,908'
        const narrowed = await send(caller, endpoint, objects, '', { 'x-ovoc-channel-id': channel })
        const elsewhere = { ...caller, place: { ...home, channelId: 908 } }
        if (home.channelId !== null) {
          expect([400, 403], `${caller.name} ${endpoint.operationId}`).toContain(narrowed.status)
          expect(leaksIn(narrowed, caller, standing, asked)).toEqual([])
        } else if (narrowed.status < 300) {
          expect(leaksIn(narrowed, elsewhere, standing), `${caller.name} ${endpoint.operationId} in a channel`).toEqual(
            [],
          )
        }
        if (caller.tier === null || caller.tier === 'platform') continue
        const other = await send(caller, endpoint, objects, '', {
          'X-Leadline-Operator': home.operatorId === 868 ? '869' : '868',
        })
        expect([other.status, other.body?.code], `${caller.name} ${endpoint.operationId}`).toEqual([404, 'not-found'])
        expect(leaksIn(other, caller, standing, asked)).toEqual([])
      }
    }
  })

  test('nothing that is not theirs was changed', async () => {
    expect(await digestOfTheRest(leadline.db.asOwner, home)).toEqual(before.get(home))
  })
})

describe('the installation as a whole', () => {
  test.each(titled(sampled.filter((endpoint) => !isOfOneOperator(endpoint))))('$name', async ({ endpoint }) => {
    expect(await breachesOf(endpoint, places.northwind)).toEqual([])
    expect(await breachesOf(endpoint, places.fabrikam)).toEqual([])
  })
})

test('every route answered somebody as its sample says, and nothing was logged as our failure', async ({ task }) => {
  const silent = sampled.filter(({ operationId }) => !succeeded.has(operationId) && !samples[operationId]?.unsent)
  expect(silent.map(({ operationId }) => operationId)).toEqual([])
  expect(leadline.warnings.filter((line) => Number(line.level) >= 50)).toEqual([])
  const { requests, cells, leaks } = figures
  const measured = `S1: ${endpoints.length} routes × ${callers.length} callers × ${allPlaces.length} places: ${cells} cells, ${requests} requests, ${leaks} leaks`
  Object.assign(task.meta, { measured })
  expect(leaks).toBe(0)
})

/** A session of somebody who works for that place only. */
async function sessionOf(place: Place): Promise<string> {
  const { rows } = await leadline.db.asOwner.query<{ session_id: string }>(
    `select session_id from session join membership using (person_id) where operator_id = $1 limit 1`,
    [place.operatorId],
  )
  return rows[0]?.session_id ?? ''
}
