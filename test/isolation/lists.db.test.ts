import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Endpoint } from '../../contract/endpoint.ts'
import { endpoints } from '../../contract/index.ts'
import { isOfOneOperator } from '../../tools/endpoint-access.ts'
import { ask, eventually, type Json, type Reply } from '../harness/client.ts'
import { type Leadline, startLeadline } from '../harness/leadline.ts'
import { type Objects, sampleRequests } from '../sample-requests.ts'
import { type Caller, makeCallers, seesAsCaller } from './callers.ts'
import { type Belongings, leaksIn } from './leaks.ts'
import { allPlaces, fillPlaces, LEADS_PER_PLACE, makeObjects, type Place, places } from './places.ts'

// Lists, counts, facets, searches, files, cursors and streams, as everybody who may read them sees them: nothing of another
// operator or channel is in them, nor counted in them. Source: design/quality.md S1.

let leadline: Leadline
let readers: Caller[]
const standing: Belongings = new Map()

const lists = endpoints.filter((endpoint) => isOfOneOperator(endpoint) && endpoint.method === 'GET' && !endpoint.params)
const titled = (list: readonly Endpoint[]) => list.map((endpoint) => ({ name: endpoint.operationId, endpoint }))

beforeAll(async () => {
  leadline = await startLeadline({ leads: 20 })
  await eventually(
    () => ask(`${leadline.baseUrl}/health/ready`),
    (reply) => reply.status === 200,
  )
  await leadline.stopWorkers()
  await fillPlaces(leadline)
  for (const place of allPlaces) {
    for (let i = 2; i < LEADS_PER_PLACE; i++) await makeObjects(leadline, place)
    standing.set(place, await makeObjects(leadline, place))
  }
  // Each place once with everything, and once narrowed: what a list holds is decided by the place alone.
  readers = (await makeCallers(leadline)).filter(
    ({ name, place, level }) => place !== null && (/every permission|other operator/.test(name) || level === 'monitor'),
  )
})

afterAll(async () => {
  await leadline?.close()
})

const placeOf = (caller: Caller) => caller.place as Place
const seenBy = (caller: Caller) => allPlaces.filter((place) => seesAsCaller(caller, place))
const unseenBy = (caller: Caller) => allPlaces.filter((place) => !seesAsCaller(caller, place))

async function get(caller: Caller, path: string, headers = {}): Promise<Reply> {
  const reply = await ask(`${leadline.baseUrl}${path}`, { headers: { ...caller.headers, ...headers } })
  expect(leaksIn(reply, caller, standing, path), `${caller.name}: ${path}`).toEqual([])
  expect(reply.status, reply.text).toBeLessThan(500)
  return reply
}

describe.each(titled(lists))('$name', ({ endpoint }) => {
  const { path, query } = endpoint
  const { filters, isEmpty } = sampleRequests[endpoint.operationId] ?? {}
  const names = Object.keys(query?.properties ?? {})

  test('holds nothing of others, whole, sorted and in pages', async () => {
    const sorts = (query?.properties.sort as { enum?: string[] } | undefined)?.enum ?? []
    const pageSize = names.find((name) => /^pagesize$/i.test(name))
    const variants = [
      '',
      ...sorts.map((sort) => `?sort=${sort}`),
      ...(pageSize ? [`?${pageSize}=2`] : []),
      ...(names.includes('facets') ? ['?facets=true'] : []),
    ]
    for (const caller of readers) for (const variant of variants) await get(caller, path + variant)
  })

  test.runIf(names.includes('q'))('finds nothing of others by any word of theirs', async () => {
    for (const caller of readers.filter((one) => one.permissions.includes(endpoint.permission as never))) {
      for (const place of allPlaces) {
        const mayFind = seesAsCaller(caller, place)
        for (const word of [place.marker, `%${place.marker.slice(0, -2)}`, place.marker.slice(2, -3)]) {
          const reply = await get(caller, `${path}?q=${encodeURIComponent(word)}`)
          expect(reply.status).toBe(200)
          if (!mayFind) expect(isEmpty?.(reply.body), `${caller.name} finds ${word}`).toBe(true)
          else if (word === place.marker) expect(isEmpty?.(reply.body), `${caller.name} misses ${word}`).toBe(false)
        }
      }
    }
  })

  test.runIf(filters)('is empty for a filter that names an object of others', async () => {
    for (const caller of readers.filter((one) => one.permissions.includes(endpoint.permission as never))) {
      for (const place of unseenBy(caller)) {
        for (const filter of filters?.(standing.get(place) as Objects) ?? []) {
          const reply = await get(caller, `${path}?${new URLSearchParams(filter)}`)
          if (reply.status === 403) continue
          expect([reply.status, isEmpty?.(reply.body)], `${caller.name} ${JSON.stringify(filter)}`).toEqual([200, true])
        }
      }
    }
  })

  test.runIf(names.includes('cursor'))('gives nothing away for a cursor of others', async () => {
    const cursors = new Map<Caller, string>()
    const pageSize = names.find((name) => /^pagesize$/i.test(name))
    for (const caller of readers) {
      const reply = await get(caller, `${path}?${pageSize}=1`)
      const cursor = reply.body?.nextCursor ?? reply.headers.get('x-next-cursor')
      if (cursor) cursors.set(caller, cursor)
    }
    expect(cursors.size).toBeGreaterThan(1)
    for (const caller of readers) {
      for (const cursor of cursors.values())
        await get(caller, `${path}?${pageSize}=1&cursor=${encodeURIComponent(cursor)}`)
    }
  })
})

describe('figures of leads', () => {
  test('count what the caller sees, in headers, totals, facets and the file', async () => {
    for (const caller of readers.filter((one) => one.permissions.includes('leads.read'))) {
      const truth = await leadsOf(placeOf(caller))
      expect(truth.length, caller.name).toBeGreaterThanOrEqual(LEADS_PER_PLACE * seenBy(caller).length)
      const documented = await get(caller, '/api/v2/oc/lead?PageSize=20000')
      expect(documented.body.map((lead: Json) => lead.id).sort(), caller.name).toEqual(truth)
      expect(documented.headers.get('x-total-count')).toBe(String(truth.length))
      const desk = await get(caller, '/api/v4/leads?facets=true&pageSize=1000')
      expect(desk.body.total).toBe(truth.length)
      expect(desk.body.data.map((lead: Json) => lead.id).sort()).toEqual(truth)
      for (const facet of ['status', 'isDirectLead']) {
        const sum = desk.body.facets[facet].reduce((total: number, { count }: Json) => total + count, 0)
        expect(sum, `${caller.name} ${facet}`).toBe(truth.length)
      }
      const file = await get(caller, '/api/v4/leads.csv')
      expect(file.text.trimEnd().split('\r\n')).toHaveLength(truth.length + 1)
      expect(file.headers.get('x-total-count')).toBe(String(truth.length))
    }
  })

  test('do not change when others get more', async () => {
    const riverside = readers.find(({ place, kind }) => place === places.riverside && kind === 'client') as Caller
    const look = async () => {
      const reply = await get(riverside, '/api/v2/oc/lead?PageSize=5')
      return [reply.headers.get('etag'), reply.headers.get('x-total-count'), reply.text]
    }
    const before = await look()
    for (const place of unseenBy(riverside)) await makeObjects(leadline, place)
    expect(await look()).toEqual(before)
    const { etag } = Object.fromEntries((await get(riverside, '/api/v2/oc/lead?PageSize=5')).headers)
    expect((await get(riverside, '/api/v2/oc/lead?PageSize=5', { 'if-none-match': String(etag) })).status).toBe(304)
  })

  test('a tag of others is good for nobody else', async () => {
    const path = '/api/v4/leads?pageSize=2'
    const tags = new Map<Place, string>()
    const reading = readers.filter((one) => one.permissions.includes('leads.read') && one.kind === 'client')
    for (const caller of reading) tags.set(placeOf(caller), (await get(caller, path)).headers.get('etag') ?? '')
    for (const caller of reading) {
      for (const [place, tag] of tags) {
        const { status } = await get(caller, path, { 'if-none-match': tag })
        expect(status, `${caller.name} with a tag of ${place.name}`).toBe(place === placeOf(caller) ? 304 : 200)
      }
    }
  })
})

describe('live updates', () => {
  const streams = endpoints.filter(({ responses }) => responses[200]?.contentType === 'text/event-stream')

  test('tell nobody of what happens to others', async () => {
    for (const endpoint of streams) {
      for (const caller of readers) {
        const control = new AbortController()
        const response = await fetch(`${leadline.baseUrl}${endpoint.path}`, {
          headers: caller.headers,
          signal: control.signal,
        })
        const heard = read(response)
        for (const place of unseenBy(caller)) await makeObjects(leadline, place)
        await new Promise((resolve) => setTimeout(resolve, 700))
        control.abort()
        const text = await heard
        const reply = { status: response.status, headers: response.headers, body: text, text }
        expect(leaksIn(reply, caller, standing), `${caller.name}: ${endpoint.path}`).toEqual([])
      }
    }
  })
})

/** What a stream said until it was cut off. */
async function read(response: Response): Promise<string> {
  let text = ''
  const decoder = new TextDecoder()
  try {
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk as Uint8Array, { stream: true })
  } catch (error) {
    if ((error as Error).name !== 'AbortError') throw error
  }
  return text
}

/** Ids of the leads that belong to a place and what is in it. */
async function leadsOf({ operatorId, channelId }: Place): Promise<string[]> {
  const { rows } = await leadline.db.asOwner.query<{ lead_id: string }>(
    `select lead_id from lead where operator_id = $1 and ($2::integer is null or channel_id = $2) order by lead_id`,
    [operatorId, channelId],
  )
  return rows.map((row) => row.lead_id).sort()
}
