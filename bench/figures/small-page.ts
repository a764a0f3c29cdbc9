import type { LoadAnswer } from '../load-generator.ts'
import { result } from '../report.ts'
import { loopDelayOf, processorMsOfAll } from '../server-figures.ts'
import type { World } from '../world.ts'
import { type Figure, LEADS_PATH, load, roundsOf } from './figure.ts'

const PAGE_SIZE = 100
const PAGES_MAX = 50

async function costing(world: World, costs: number[], work: () => Promise<LoadAnswer>): Promise<LoadAnswer> {
  const { rows } = await world.owner.query<{ pid: number }>('select pid from pg_stat_activity')
  const pids = [world.plainWeb.child.pid, ...rows.map((row) => row.pid)]
  const before = processorMsOfAll(pids)
  const answer = await work()
  costs.push((processorMsOfAll(pids) - before) / answer.count)
  return answer
}

/** P5: pages of 100 for 32 clients, against a plain handler in the same server process. */
export const smallPage: Figure = {
  name: 'P5',
  async measure(world, extent) {
    // Different pages, so that nobody gains by answering equal questions once.
    const pages = Math.max(1, Math.min(PAGES_MAX, Math.floor(world.leadCount / PAGE_SIZE)))
    const paths = (path: string) =>
      Array.from({ length: pages }, (_, page) => `${path}?PageNumber=${page + 1}&PageSize=${PAGE_SIZE}`)
    const { origin } = world.plainWeb
    const run = (path: string): Promise<LoadAnswer> =>
      load(world, { origin, paths: paths(path), clients: 32, durationMs: extent.loadMs, expectStatus: 200 })
    const ours: number[] = []
    const plain: number[] = []
    const slowest: number[] = []
    const delays: number[] = []
    for (const path of [LEADS_PATH, '/bench/plain-list']) await run(path)
    const costs = { ours: [] as number[], plain: [] as number[] }
    for (const _round of roundsOf(extent)) {
      const plainAnswer = await costing(world, costs.plain, () => run('/bench/plain-list'))
      plain.push(plainAnswer.perSecond)
      const delay = await loopDelayOf(origin, async () => {
        const answer = await costing(world, costs.ours, () => run(LEADS_PATH))
        ours.push(answer.perSecond)
        slowest.push(answer.p99Ms)
      })
      delays.push(delay)
    }
    return [
      result({
        figure: 'P5',
        what: `pages of ${PAGE_SIZE}, 32 clients`,
        unit: '/s',
        values: ours,
        limit: { name: 'plain', values: plain },
        judgeRatio: true,
        bound: { floor: 2.5, aim: 4, better: 'higher' },
      }),
      result({
        figure: 'P5',
        what: 'processor time of web and database, a page',
        unit: 'ms',
        values: costs.ours,
        limit: { name: 'plain', values: costs.plain },
      }),
      result({ figure: 'P5', what: 'page p99', unit: 'ms', values: slowest }),
      result({ figure: 'P5', what: 'event-loop delay p99', unit: 'ms', values: delays }),
    ]
  },
}
