import { result } from '../report.ts'
import { loopDelayOf } from '../server-figures.ts'
import { type Figure, fetchPage, LEADS_PATH, load, roundsOf } from './figure.ts'

/** P3: a page that the caller has already, asked for again by 32 clients. */
export const notModified: Figure = {
  name: 'P3',
  async measure(world, extent) {
    const { etag } = await fetchPage(world, extent)
    if (etag === null) throw new Error('The page has no ETag')
    const rates: number[] = []
    const slowest: number[] = []
    const delays: number[] = []
    const question = {
      origin: world.web.origin,
      paths: [`${LEADS_PATH}?PageSize=${extent.pageSize}`],
      headers: { 'if-none-match': etag },
      clients: 32,
      durationMs: extent.loadMs,
      expectStatus: 304,
    }
    await load(world, question)
    for (const _round of roundsOf(extent)) {
      const delay = await loopDelayOf(world.web.origin, async () => {
        const answer = await load(world, question)
        rates.push(answer.perSecond)
        slowest.push(answer.p99Ms)
      })
      delays.push(delay)
    }
    return [
      result({
        figure: 'P3',
        what: `304 for a page of ${extent.pageSize}, 32 clients`,
        unit: '/s',
        values: rates,
        bound: { floor: 1_000, aim: 2_000, better: 'higher' },
      }),
      result({ figure: 'P3', what: '304 p99', unit: 'ms', values: slowest }),
      result({ figure: 'P3', what: 'event-loop delay p99', unit: 'ms', values: delays }),
    ]
  },
}
