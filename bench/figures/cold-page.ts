import type { CopyAnswer } from '../bare-copy.ts'
import { result } from '../report.ts'
import { loopDelayOf } from '../server-figures.ts'
import { type Figure, fetchPage, roundsOf } from './figure.ts'

/** P1: the large page against PostgreSQL's own COPY of the same rows. */
export const coldPage: Figure = {
  name: 'P1',
  async measure(world, extent) {
    const copy = { url: world.ownerUrl, operatorId: world.operatorId, limit: extent.pageSize }
    const pages: number[] = []
    const firstBytes: number[] = []
    const copies: number[] = []
    const delays: number[] = []
    await world.bareCopy.ask(copy)
    await fetchPage(world, extent)
    for (const _round of roundsOf(extent)) {
      copies.push((await world.bareCopy.ask<CopyAnswer>(copy)).milliseconds)
      const delay = await loopDelayOf(world.web.origin, async () => {
        const page = await fetchPage(world, extent)
        pages.push(page.milliseconds)
        firstBytes.push(page.firstByteMs)
      })
      delays.push(delay)
    }
    const page = `page of ${extent.pageSize}`
    return [
      result({
        figure: 'P1',
        what: `cold ${page}`,
        unit: 'ms',
        values: pages,
        limit: { name: "COPY's", values: copies },
        judgeRatio: true,
        bound: { floor: 2, aim: 1.3, better: 'lower' },
      }),
      result({
        figure: 'P1',
        what: `first byte of it`,
        unit: 'ms',
        values: firstBytes,
        bound: { floor: 50, better: 'lower' },
      }),
      result({ figure: 'P1', what: 'event-loop delay p99', unit: 'ms', values: delays }),
    ]
  },
}
