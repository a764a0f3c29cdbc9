import { setTimeout as sleep } from 'node:timers/promises'
import { result } from '../report.ts'
import { quantile } from '../statistics.ts'
import { ask, processorMsOfWorld, type World } from '../world.ts'
import { type Extent, type Figure, roundsOf } from './figure.ts'

/** A tenth of the leads where there are few: a look at whether everything runs need not take long. */
const LICENSES_MAX = 200
const CLIENTS = 8
const PAGES = 25
const LONGEST_MS = 300_000

/** How fast leads become services, and the first page of very many services. Source: issue 7, Figures. */
export const services: Figure = {
  name: 'services',
  async measure(world, extent) {
    const licensed = await licenses(world)
    const count = world.leadCount
    await addServices(world, count)
    const pages = await firstPages(world, extent)
    await world.owner.query(`delete from service where short_name like 'bench-%'`)
    await recount(world)
    const line = { figure: 'services', unit: 'ms', bound: { floor: 50, better: 'lower' } } as const
    return [
      result({
        figure: 'services',
        what: `licenses applied, of ${licensed.count} asked for at once`,
        unit: '/s',
        values: [licensed.perSecond],
        bound: { floor: 20, better: 'higher' },
        note: 'from the first request to the end of the last task; Microsoft answers at once',
      }),
      result({
        ...{ figure: 'services', unit: 'ms', what: 'processor time of web, worker and database for one license' },
        values: [licensed.processorMs],
      }),
      result({ ...line, what: `${count} services, first page p95`, values: pages.plain }),
      result({ ...line, what: `${count} services, last by name, first page p95`, values: pages.sorted }),
    ]
  },
}

async function licenses(world: World): Promise<{ count: number; perSecond: number; processorMs: number }> {
  const wanted = Math.min(LICENSES_MAX, Math.ceil(world.leadCount / 10))
  const path = `/api/v4/leads?licensed=false&status=Active&isDirectLead=false&sort=-arrival&pageSize=${wanted}`
  const { data } = (await ask(world, 'GET', path)) as { data: { id: string }[] }
  const processorBefore = await processorMsOfWorld(world)
  const started = performance.now()
  const queue = data.entries()
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      for (const [i, { id }] of queue) {
        await ask(world, 'POST', `/api/v4/leads/${id}/license`, { shortName: `lic-${i}`, fullName: `License ${i}` })
      }
    }),
  )
  await allOver(world)
  const perSecond = data.length / ((performance.now() - started) / 1_000)
  const processorMs = ((await processorMsOfWorld(world)) - processorBefore) / data.length
  return { count: data.length, perSecond, processorMs }
}

async function allOver({ owner }: World): Promise<void> {
  const deadline = performance.now() + LONGEST_MS
  for (;;) {
    const { rows } = await owner.query<{ open: number; failed: number }>(
      `select count(*) filter (where finished_at is null)::int as open, count(*) filter (where state = 'failed')::int as failed
       from task where kind = 'licensing.apply-license'`,
    )
    const { open = 0, failed = 0 } = rows[0] ?? {}
    if (failed > 0) throw new Error(`${failed} licenses could not be applied`)
    if (open === 0) return
    if (performance.now() > deadline) throw new Error(`${open} licenses are not applied yet`)
    await sleep(20)
  }
}

/** As many services as there are leads, past the application: what is measured is how they are read. */
async function addServices(world: World, count: number): Promise<void> {
  await world.owner.query(
    `insert into service (operator_id, service_id, arrival, tenant_id, lead_id, short_name, short_name_folded, full_name, license,
       model, state, origin, connections)
     select $1, gen_random_uuid(), 1000000 + n, gen_random_uuid(), gen_random_uuid(), 'bench-' || n, 'bench-' || n,
       'Company ' || md5(n::text), 'OC Essential', case when n % 5 = 0 then 'ip-group' else 'tenant' end, 'Active', 'adopted', 1
     from generate_series(1, $2::integer) n`,
    [world.operatorId, count],
  )
  await recount(world)
  await world.owner.query('analyze service')
}

async function recount(world: World): Promise<void> {
  await world.owner.query(
    `update service_scope set version = version + 1, total = (select count(*) from service where operator_id = $1)
     where operator_id = $1 and channel_id = 0`,
    [world.operatorId],
  )
}

async function firstPages(world: World, extent: Extent): Promise<{ plain: number[]; sorted: number[] }> {
  const times = async (path: string) => {
    const started = performance.now()
    await ask(world, 'GET', path)
    return performance.now() - started
  }
  const plain: number[] = []
  const sorted: number[] = []
  // Each page is asked for once, so that none is remembered.
  let size = 50
  for (const _round of roundsOf(extent)) {
    const [inOrder, byName]: [number[], number[]] = [[], []]
    for (let page = 0; page < PAGES; page++) {
      size++
      inOrder.push(await times(`/api/v4/services?pageSize=${size}`))
      byName.push(await times(`/api/v4/services?sort=-fullName&pageSize=${size}`))
    }
    plain.push(quantile(inOrder, 0.95))
    sorted.push(quantile(byName, 0.95))
  }
  return { plain, sorted }
}
