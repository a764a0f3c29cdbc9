import type { LoadAnswer, LoadQuestion } from '../load-generator.ts'
import { result } from '../report.ts'
import { loopDelayOf } from '../server-figures.ts'
import { type Figure, fetchPage, LEADS_PATH, load, roundsOf } from './figure.ts'

const LARGE_PAGES = 8
const SMALL_CLIENTS = 4

/** P6: how long somebody who asks for ten leads waits while eight others fetch 20,000 each, again and again. */
export const smallBesideLarge: Figure = {
  name: 'P6',
  async measure(world, extent) {
    const { origin } = world.web
    const large: LoadQuestion = {
      kind: 'load',
      origin,
      paths: [`${LEADS_PATH}?PageSize=${extent.pageSize}`],
      headers: world.authorization,
      clients: LARGE_PAGES,
      durationMs: extent.loadMs,
      expectStatus: 200,
    }
    // Different pages, as different people ask.
    const last = Math.max(1, Math.min(50, Math.floor(world.leadCount / 10)))
    const paths = Array.from({ length: last }, (_, page) => `${LEADS_PATH}?PageNumber=${page + 1}&PageSize=10`)
    const small = { origin, paths, clients: SMALL_CLIENTS, durationMs: extent.loadMs, expectStatus: 200 }
    // The readers check the page once, which takes them as long as the page.
    await world.readers.ask<LoadAnswer>({ ...large, clients: 1, durationMs: 1 })
    await fetchPage(world, extent)
    await load(world, { ...small, durationMs: extent.loadMs / 3 })
    const alone: number[] = []
    const beside: number[] = []
    const delays: number[] = []
    const rates: number[] = []
    for (const _round of roundsOf(extent)) {
      alone.push((await load(world, small)).p99Ms)
      const delay = await loopDelayOf(origin, async () => {
        // They go on until the last of them is through, so the small ones are never alone.
        const [answer, read] = await Promise.all([load(world, small), world.readers.ask<LoadAnswer>(large)])
        beside.push(answer.p99Ms)
        rates.push(read.perSecond)
      })
      delays.push(delay)
    }
    return [
      result({
        figure: 'P6',
        what: `page of 10 p99 beside ${LARGE_PAGES} pages of ${extent.pageSize}`,
        unit: 'ms',
        values: beside,
        limit: { name: 'alone', values: alone },
        bound: { floor: 300, aim: 100, better: 'lower' },
      }),
      result({ figure: 'P6', what: 'large pages meanwhile', unit: '/s', values: rates }),
      result({ figure: 'P6', what: 'event-loop delay p99', unit: 'ms', values: delays }),
    ]
  },
}
