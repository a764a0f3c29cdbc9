import type { LoadAnswer } from '../load-generator.ts'
import { result } from '../report.ts'
import { loopDelayOf, processorMsOfAll } from '../server-figures.ts'
import type { World } from '../world.ts'
import { type Figure, LEADS_PATH, load, roundsOf } from './figure.ts'

const PAGE_SIZE = 100
const PAGES_MAX = 50
/** Pages of these sizes are asked for as well, so many that hardly one is asked for twice: sizes about a hundred, all of the list. */
const OTHER_SIZES = [97, 98, 99, 101, 102, 103]

async function costing(world: World, costs: number[], work: () => Promise<LoadAnswer>): Promise<LoadAnswer> {
  const { rows } = await world.owner.query<{ pid: number }>('select pid from pg_stat_activity')
  const pids = [world.plainWeb.child.pid, ...rows.map((row) => row.pid)]
  const before = processorMsOfAll(pids)
  const answer = await work()
  costs.push((processorMsOfAll(pids) - before) / answer.count)
  return answer
}

/**
 * P5: pages of 100 for 32 clients, against a plain handler in the same server process: pages that others have asked for
 * since the last change, and, beside it, pages that nobody has.
 */
export const smallPage: Figure = {
  name: 'P5',
  async measure(world, extent) {
    const inList = Math.max(1, Math.floor(world.leadCount / PAGE_SIZE))
    const paths = (path: string, pages: number, size: number) =>
      Array.from({ length: pages }, (_, page) => `${path}?PageNumber=${page + 1}&PageSize=${size}`)
    const asked = (path: string) => paths(path, Math.min(PAGES_MAX, inList), PAGE_SIZE)
    // Round by round further on in one long list of pages, so that none comes twice.
    const unasked = OTHER_SIZES.flatMap((size) => paths(LEADS_PATH, inList, size))
    const { origin } = world.plainWeb
    const run = (path: string, pages = asked(path)): Promise<LoadAnswer> =>
      load(world, { origin, paths: pages, clients: 32, durationMs: extent.loadMs, expectStatus: 200 })
    const ours: number[] = []
    const first: number[] = []
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
      const answer = await run(LEADS_PATH, unasked)
      unasked.push(...unasked.splice(0, answer.count))
      first.push(answer.perSecond)
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
        what: 'each page asked for the first time',
        unit: '/s',
        values: first,
        limit: { name: 'plain', values: plain },
        judgeRatio: true,
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
