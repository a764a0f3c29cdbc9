import { setTimeout as sleep } from 'node:timers/promises'
import { SYNC_LEADS_JOB } from '../../server/modules/peering/index.ts'
import { result } from '../report.ts'
import { ask, post, type World } from '../world.ts'
import { type Extent, type Figure, LEADS_PATH, load } from './figure.ts'

const PERCENT = 10
/**
 * What a thousand people ask for who look at another page every twenty seconds. At a fixed rate: clients that ask as fast as
 * they can take the processor that the burst is delivered with, and what they wait for is each other.
 */
const PAGES_PER_SECOND = 50
/** So long is looked at each time: the slowest of a few dozen pages is chance. */
const SAMPLE_LOADS = 4
const RECEIVER = 'bench'
const LONGEST_MS = 300_000

/**
 * Leads that change all at once, told to a fast receiver: how many a second arrive from the first to the last, and how long
 * somebody waits meanwhile for ten leads. Source: issue 6, Figures.
 */
export const webhookBurst: Figure = {
  name: 'webhooks',
  async measure(world, extent) {
    const url = `${world.simulator}/webhooks/${RECEIVER}`
    const webhook = (await ask(world, 'POST', '/api/v4/webhooks', { url, events: ['lead.changed'] })) as {
      id: string
      secret: string
    }
    await control(world, 'PATCH', `/receivers/${RECEIVER}`, { secret: webhook.secret })
    const alone = (await smallPages(world, extent)).p99Ms
    const { touched } = (await post(`${world.simulator}/control/touch`, {
      operator: 'northwind',
      percent: PERCENT,
      seed: 6,
    })) as { touched: number }
    await ask(world, 'POST', `/api/v4/jobs/${SYNC_LEADS_JOB}/runs`)
    await arrived(world, (count) => count > 0)
    const started = performance.now()
    const beside: number[] = []
    let last = started
    const reading = (async () => {
      do beside.push((await smallPages(world, extent)).p99Ms)
      while (last === started)
    })()
    await arrived(world, (count) => count >= touched)
    last = performance.now()
    await reading
    await ask(world, 'DELETE', `/api/v4/webhooks/${webhook.id}`)
    await control(world, 'DELETE', `/receivers/${RECEIVER}`)
    return [
      result({
        figure: 'webhooks',
        what: `burst of ${touched} to a fast receiver`,
        unit: '/s',
        values: [touched / ((last - started) / 1_000)],
        bound: { floor: 500, better: 'higher' },
      }),
      result({
        figure: 'webhooks',
        what: `p99 of ${PAGES_PER_SECOND} pages of 10 a second meanwhile`,
        unit: 'ms',
        values: beside,
        // Measured once, for all that follow.
        limit: { name: 'alone', values: beside.map(() => alone) },
        judgeRatio: true,
        bound: { floor: 1.5, better: 'lower' },
      }),
    ]
  },
}

function smallPages(world: World, extent: Extent) {
  const last = Math.max(1, Math.min(50, Math.floor(world.leadCount / 10)))
  const paths = Array.from({ length: last }, (_, page) => `${LEADS_PATH}?PageNumber=${page + 1}&PageSize=10`)
  return load(world, {
    ...{
      origin: world.web.origin,
      paths,
      clients: 1,
      perSecond: PAGES_PER_SECOND,
      durationMs: SAMPLE_LOADS * extent.loadMs,
      expectStatus: 200,
    },
    changing: true,
  })
}

async function control(world: World, method: string, path: string, body?: object): Promise<unknown> {
  const answer = await fetch(`${world.simulator}/control${path}`, {
    method,
    signal: AbortSignal.timeout(10_000),
    ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`)
  return answer.json()
}

async function arrived(world: World, enough: (count: number) => boolean): Promise<void> {
  const deadline = performance.now() + LONGEST_MS
  for (;;) {
    const { counters } = (await control(world, 'GET', `/receivers/${RECEIVER}`)) as { counters: { distinct: number } }
    if (enough(counters.distinct)) return
    if (performance.now() > deadline) throw new Error(`Only ${counters.distinct} events have arrived`)
    await sleep(50)
  }
}
