import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Endpoint } from '../../contract/endpoint.ts'
import { endpoints } from '../../contract/index.ts'
import { openApiDocument } from '../../contract/openapi.ts'
import { isOfOneOperator, refusalOf } from '../../tools/endpoint-access.ts'
import { ask, eventually, type Reply } from '../harness/client.ts'
import { type Leadline, startLeadline } from '../harness/leadline.ts'
import { type Caller, makeCallers, seesAsCaller } from '../isolation/callers.ts'
import { type Belongings, leaksIn, told } from '../isolation/leaks.ts'
import { allPlaces, fillPlaces, makeObjects, missingObjects, type Place, places } from '../isolation/places.ts'
import { type Objects, sampleRequests } from '../sample-requests.ts'
import { judgeOf } from './judge.ts'

// A walk through what was there, is gone, or is somebody else's: objects that were deleted are used again, ids of others and of
// other kinds stand where one's own belong, a child is given a parent of others. Source: design/quality.md S2.

const STEPS = Math.ceil(Number(process.env.LEADLINE_FUZZ_REQUESTS ?? 2_000) / 4)
// The same every time in `npm test`, so that what it finds is of the change at hand; `npm run fuzz` looks with new ones.
const SEED = Number(process.env.LEADLINE_FUZZ_SEED ?? 1)

/** What can be deleted, and by which endpoint. */
const DEADLY: Partial<Record<keyof Objects, string>> = {
  leadId: 'deleteLead',
  customerId: 'deleteLcCustomer',
  channelId: 'deleteChannel',
  invitationId: 'revokeInvitation',
  personId: 'removeUser',
}
/** Whose object a request names. */
const STATES = ['own', 'dead', 'foreign', 'missing', 'other kind'] as const
type State = (typeof STATES)[number]
type Kind = keyof Objects

let leadline: Leadline
let callers: Caller[]
const standing: Belongings = new Map()
const dead = new Map<number, Partial<Objects>>()
const missing = missingObjects()

const document = openApiDocument(endpoints, '0') as Record<string, never>
const named = endpoints
  .filter(isOfOneOperator)
  .map((endpoint) => ({ endpoint, kinds: kindsOf(endpoint), judge: judgeOf(endpoint, document) }))
  .filter(({ kinds }) => kinds.length > 0)

beforeAll(async () => {
  leadline = await startLeadline({ leads: 20 })
  await eventually(
    () => ask(`${leadline.baseUrl}/health/ready`),
    (reply) => reply.status === 200,
  )
  await leadline.stopWorkers()
  await fillPlaces(leadline)
  for (const place of allPlaces) standing.set(place, await makeObjects(leadline, place))
  callers = (await makeCallers(leadline)).filter(({ name }) =>
    /^(client with every permission|channel client with every permission|client of the other operator)$|^(operator|platform) tier, administrator$/.test(
      name,
    ),
  )
})

afterAll(() => leadline?.close())

/** The kinds of objects that the sample of an endpoint names. */
function kindsOf({ operationId }: Endpoint): Kind[] {
  const sample = sampleRequests[operationId]
  const kinds = new Set<Kind>()
  const spy = new Proxy(missing, {
    get(target, kind) {
      kinds.add(kind as Kind)
      return target[kind as Kind]
    },
  })
  if (!sample?.namesNoObject) sample?.params?.(spy)
  sample?.body?.(spy)
  return [...kinds]
}

function send(caller: Caller, endpoint: Endpoint, objects: Objects): Promise<Reply> {
  const { params, body } = sampleRequests[endpoint.operationId] ?? {}
  const values = params?.(objects) ?? {}
  const path = endpoint.path.replace(/\{([^}]+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''))
  const sent = body?.(objects)
  return ask(`${leadline.baseUrl}${path}`, {
    method: endpoint.method,
    headers: { ...caller.headers, ...(sent !== undefined && { 'content-type': 'application/json' }) },
    ...(sent !== undefined && { body: JSON.stringify(sent) }),
  })
}

const endpointOf = (operationId: string) => endpoints.find((one) => one.operationId === operationId) as Endpoint
const homeOf = (caller: Caller) => caller.place as Place
const isRefused = (endpoint: Endpoint, caller: Caller) =>
  refusalOf(endpoint, { ...caller, isChannel: caller.place?.channelId != null, hasOperator: true }) !== null

/** New objects of the operator, then deleted through the API. */
async function bury(place: Place, caller: Caller): Promise<void> {
  const made = await makeObjects(leadline, place)
  const body = { tenantId: randomUUID(), companyName: `Sample ${randomUUID()}` }
  const reply = await ask(`${leadline.baseUrl}/api/v4/leads`, {
    method: 'POST',
    headers: { ...caller.headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  expect(reply.status, reply.text).toBe(201)
  const objects = { ...made, leadId: reply.body.id }
  for (const operationId of Object.values(DEADLY)) {
    const { status, text } = await send(caller, endpointOf(operationId), objects)
    expect(status, `${operationId}: ${text}`).toBe(204)
  }
  const gone = Object.fromEntries(Object.keys(DEADLY).map((kind) => [kind, objects[kind as Kind]]))
  dead.set(place.operatorId, gone)
}

test('what was deleted reads as what never was, on every route that names it', { timeout: 120_000 }, async () => {
  const [northwind, fabrikam] = ['client with every permission', 'client of the other operator'].map((name) =>
    callers.find((caller) => caller.name === name),
  ) as [Caller, Caller]
  await bury(places.northwind, northwind)
  await bury(places.fabrikam, fabrikam)
  const flaws: string[] = []
  let probes = 0
  for (const { endpoint, kinds } of named) {
    const { takesAnyId } = sampleRequests[endpoint.operationId] ?? {}
    for (const caller of callers.filter((one) => !isRefused(endpoint, one))) {
      const own = { ...(standing.get(homeOf(caller)) as Objects) }
      for (const kind of kinds.filter((one) => one in DEADLY)) {
        const gone = { ...own, [kind]: dead.get(homeOf(caller).operatorId)?.[kind] } as Objects
        const never = { ...own, [kind]: missing[kind] } as Objects
        const [reply, wanted] = [await send(caller, endpoint, gone), await send(caller, endpoint, never)]
        probes++
        const [words, other] = [told(reply, [gone, never]), told(wanted, [gone, never])]
        const isFine = words === other && (takesAnyId || (reply.status >= 400 && reply.status < 500))
        if (!isFine) flaws.push(`${caller.name}: ${endpoint.operationId} of a deleted ${kind}: ${words} / ${other}`)
      }
    }
  }
  expect(flaws).toEqual([])
  expect(probes).toBeGreaterThan(50)
})

test(`${STEPS} steps with ids of every state (seed ${SEED})`, { timeout: 60_000 + STEPS * 100 }, async ({ task }) => {
  const flaws = new Map<string, string>()
  const counts = { own: 0, dead: 0, foreign: 0, missing: 0, 'other kind': 0 }
  let [refused, done] = [0, 0]
  const steps = fc.sample(
    fc.record({ who: fc.nat(), what: fc.nat(), states: fc.array(fc.nat(), { minLength: 4, maxLength: 4 }) }),
    {
      seed: SEED,
      numRuns: STEPS,
    },
  )
  for (const { who, what, states } of steps) {
    const caller = callers[who % callers.length] as Caller
    const { endpoint, kinds, judge } = named[what % named.length] as (typeof named)[number]
    // What the walk deletes is its own; ids of one's own that are used twice may be gone, which is a state too.
    const mine = standing.get(homeOf(caller)) as Objects
    const objects = { ...mine }
    const chosen = kinds.map(
      (kind, index) => [kind, STATES[(states[index % 4] as number) % STATES.length] as State] as const,
    )
    for (const [kind, state] of chosen) {
      counts[state]++
      Object.assign(objects, { [kind]: pick(caller, kind, state, mine) })
    }
    const reply = await send(caller, endpoint, objects)
    const { status, headers, text } = reply
    const isGood = chosen.every(([, state]) => state === 'own')
    const asked = JSON.stringify(objects)
    const found = [
      ...judge({ status, headers: Object.fromEntries(headers), text }, endpoint.method),
      ...(caller.tier === 'platform' ? [] : leaksIn(reply, caller, standing, asked)),
    ]
    if (!isGood && status < 400 && !sampleRequests[endpoint.operationId]?.takesAnyId) {
      found.push(`answers ${status} to ${JSON.stringify(chosen)}`)
    }
    if (status < 400) done++
    else refused++
    for (const flaw of found)
      flaws.set(`${endpoint.operationId} ${flaw}`, `${caller.name} ${asked} → ${text.slice(0, 300)}`)
  }
  const told = Object.entries(counts).map(([state, count]) => `${count} ${state}`)
  Object.assign(task.meta, {
    measured: `S2 walk: ${STEPS} steps (seed ${SEED}), ids: ${told.join(', ')}; ${done} done, ${refused} refused, ${flaws.size} flaws`,
  })
  expect([...flaws]).toEqual([])
  expect(done).toBeGreaterThan(0)
  expect(leadline.warnings.filter((line) => Number(line.level) >= 50)).toEqual([])
})

function pick(caller: Caller, kind: Kind, state: State, mine: Objects): unknown {
  if (state === 'own') return mine[kind]
  if (state === 'dead') return dead.get(homeOf(caller).operatorId)?.[kind] ?? missing[kind]
  if (state === 'missing') return missing[kind]
  if (state === 'other kind')
    return kind === 'leadId' || kind === 'tenantId' ? mine.runId : kind === 'clientId' ? mine.leadId : mine.tenantId
  const foreign = allPlaces
    .filter((place) => !seesAsCaller(caller, place))
    .map((place) => standing.get(place) as Objects)
  // Numbers are each operator's own: only one that nobody else has is foreign for certain.
  return (
    foreign.map((objects) => objects[kind]).find((id) => id !== mine[kind] && id !== 907 && id !== 908) ?? missing[kind]
  )
}
