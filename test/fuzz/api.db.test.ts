import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { endpoints } from '../../contract/index.ts'
import { openApiDocument } from '../../contract/openapi.ts'
import { ask, eventually } from '../harness/client.ts'
import { type Leadline, startLeadline } from '../harness/leadline.ts'
import { type Caller, makeCallers } from '../isolation/callers.ts'
import { type Belongings, leaksIn } from '../isolation/leaks.ts'
import { allPlaces, fillPlaces, makeObjects, sees } from '../isolation/places.ts'
import { type Answer, judgeOf } from './judge.ts'
import { rawRequests } from './raw-requests.ts'
import { type PlannedRequest, requests } from './request-plan.ts'
import { closeConnections, send, sendBytes } from './wire.ts'

// Requests made from contract/ by chance: good, nearly good and hostile. Whatever comes, the answer is one that the contract
// describes, nothing of our inside is in it, and nothing of others. Source: design/quality.md S2.
// npm run fuzz -- --requests 20000 --seed 7

const REQUESTS = Number(process.env.LEADLINE_FUZZ_REQUESTS ?? 2_000)
// The same every time in `npm test`, so that what it finds is of the change at hand; `npm run fuzz` looks with new ones.
const SEED = Number(process.env.LEADLINE_FUZZ_SEED ?? 1)
const AT_ONCE = 6
const CHUNK = 500

let leadline: Leadline
let callers: Caller[]
let ids: string[]
const standing: Belongings = new Map()

// The caller who signs out is needed again.
const fuzzed = endpoints.filter(({ operationId }) => operationId !== 'signOut')
const document = openApiDocument(endpoints, '0') as Record<string, never>
const judges = new Map(endpoints.map((endpoint) => [endpoint, judgeOf(endpoint, document)]))

beforeAll(async () => {
  leadline = await startLeadline({ leads: 20 })
  await eventually(
    () => ask(`${leadline.baseUrl}/health/ready`),
    (reply) => reply.status === 200,
  )
  // Jobs that are asked for are not run: it is the answers that count here.
  await leadline.stopWorkers()
  await fillPlaces(leadline)
  for (const place of allPlaces) standing.set(place, await makeObjects(leadline, place))
  const wanted = [
    /^client with every/,
    /^channel client with every permission$/,
    /^nobody$/,
    /administrator$/,
    /other operator$/,
  ]
  callers = (await makeCallers(leadline)).filter(({ name }) => wanted.some((pattern) => pattern.test(name)))
  ids = [...standing.values()].flatMap((objects) => Object.values(objects).map(String))
})

afterAll(async () => {
  closeConnections()
  await leadline?.close()
})

test(`${REQUESTS} requests to every endpoint (seed ${SEED})`, { timeout: 60_000 + REQUESTS * 60 }, async ({ task }) => {
  const flaws = new Map<string, string[]>()
  const statuses = new Map<number, number>()
  const connections = await keptConnections()
  let sent = 0
  for (let from = 0; from < REQUESTS; from += CHUNK) {
    const plan = fc.sample(requests({ endpoints: fuzzed, callers: callers.length, ids }), {
      seed: SEED + from,
      numRuns: Math.min(CHUNK, REQUESTS - from),
    })
    const queue = plan.values()
    const work = async () => {
      for (const planned of queue) {
        const caller = callers[planned.caller] as Caller
        const answer = await send(leadline.baseUrl, { ...planned, headers: { ...caller.headers, ...planned.headers } })
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
        sent++
        for (const flaw of flawsOf(planned, caller, answer)) {
          const key = `${planned.endpoint.operationId} ${flaw}`
          flaws.set(key, [...(flaws.get(key) ?? []), shownRequest(planned, caller, answer)])
        }
        // Wherever it leads now, the next test of it would wait for that.
        if (planned.endpoint.operationId === 'setConnection') await connections.restore()
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
  }
  const failures = [...statuses]
    .filter(([status]) => status >= 500 && status !== 503)
    .reduce((sum, [, n]) => sum + n, 0)
  const table = [...statuses].sort(([one], [other]) => one - other).map(([status, n]) => `${status}: ${n}`)
  Object.assign(task.meta, {
    measured: `S2: ${sent} requests (seed ${SEED}): ${failures} 5xx, ${flaws.size} flaws; ${table.join(', ')}`,
  })
  expect(
    [...flaws].map(([flaw, examples]) => `${flaw} (${examples.length} times)\n  ${examples.slice(0, 2).join('\n  ')}`),
  ).toEqual([])
  expect(new Set(statuses.keys()).has(200)).toBe(true)
  expect(leadline.warnings.filter((line) => Number(line.level) >= 50)).toEqual([])
})

test('bytes that are hardly a request are refused in words, and leave the server as it was', async () => {
  const before = await ask(`${leadline.baseUrl}/health/live`)
  for (const [what, bytes] of rawRequests(callers[1]?.headers.authorization ?? '')) {
    const said = await sendBytes(leadline.baseUrl, bytes)
    const statuses = [...said.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status))
    expect(
      statuses.filter((status) => status >= 500),
      `${what}: ${said.slice(0, 300)}`,
    ).toEqual([])
    expect(said, what).not.toMatch(/^x-injected/im)
    expect(said, what).not.toMatch(/node_modules|\.ts:\d|\bat .+:\d+:\d+/)
  }
  expect((await ask(`${leadline.baseUrl}/health/live`)).body).toEqual(before.body)
})

function flawsOf(planned: PlannedRequest, caller: Caller, answer: Answer): string[] {
  const flaws = judges.get(planned.endpoint)?.(answer, planned.method) ?? []
  const headers = new Headers()
  for (const [name, value] of Object.entries(answer.headers)) headers.set(name, [value ?? ''].flat().join(', '))
  // What a caller sent may come back to him.
  const asked = `${planned.target} ${JSON.stringify(planned.headers)} ${planned.body?.toString() ?? ''}`
  const headed = planned.headers['x-leadline-operator'] !== undefined || planned.headers.authorization !== undefined
  if (caller.tier === 'platform' || headed) return flaws
  const reply = { status: answer.status, headers, text: answer.text, body: answer.text }
  return [...flaws, ...leaksIn(reply, caller, standing, asked)]
}

function shownRequest({ method, target, headers, body }: PlannedRequest, caller: Caller, answer: Answer): string {
  const sent = `${caller.name}: ${method} ${target.slice(0, 300)} ${JSON.stringify(headers).slice(0, 200)} ${JSON.stringify(body?.toString().slice(0, 400) ?? null)}`
  return `${sent}\n    → ${answer.status} ${answer.text.slice(0, 400)}${reasonOf(answer)}`
}

/** What the log says of a failure, by the request id of its answer. */
function reasonOf({ status, headers }: Answer): string {
  if (status < 500) return ''
  const line = leadline.warnings.find((one) => one.requestId === headers['x-request-id'])
  return `\n    ${JSON.stringify(line?.err ?? null).slice(0, 600)}`
}

async function keptConnections(): Promise<{ restore(): Promise<void> }> {
  const { asOwner } = leadline.db
  const { rows } = await asOwner.query('select to_jsonb(c) as row from connection c')
  return {
    async restore() {
      for (const { row } of rows) {
        const { operator_id: _, version: __, ...columns } = row
        const names = Object.keys(columns)
        await asOwner.query(
          `update connection c set (${names.join(', ')}) = (select ${names.map((name) => `r.${name}`).join(', ')}
             from jsonb_populate_record(null::connection, $1) r), version = c.version + 1
           where operator_id = $2 and to_jsonb(c) - 'version' <> $1::jsonb - 'version'`,
          [row, row.operator_id],
        )
      }
    },
  }
}

test('the callers of this test see different things', () => {
  expect(callers.length).toBeGreaterThan(5)
  for (const caller of callers.filter(({ place }) => place !== null)) {
    expect(allPlaces.some((place) => caller.place && !sees(caller.place, place))).toBe(true)
  }
})
