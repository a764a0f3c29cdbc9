import { result } from '../report.ts'
import { addedMemoryOf } from '../server-figures.ts'
import type { World } from '../world.ts'
import { type Extent, type Figure, fetchPage, roundsOf } from './figure.ts'

const SLOW_BYTES_PER_SECOND = 1_000_000

/** P2: what large pages add to the web process at their peak. */
export const pageMemory: Figure = {
  name: 'P2',
  async measure(world, extent) {
    // The first pages grow the heap to its working size once, whatever they are.
    for (let i = 0; i < 3; i++) await fetchPage(world, extent)
    const third = { ...extent, figureMs: extent.figureMs / 3 }
    const one = await added(world, third, () => fetchPage(world, extent))
    const eight = await added(world, third, () => fetchPage(world, extent, { copies: 8 }))
    const slowRounds = Math.max(1, Math.floor(extent.rounds / 5))
    const slow = await added(world, { ...third, rounds: slowRounds }, () =>
      fetchPage(world, extent, { bytesPerSecond: SLOW_BYTES_PER_SECOND, stopAfterMs: extent.slowReadMs }),
    )
    const lines = [
      { what: `added peak memory, one page of ${extent.pageSize}`, values: one, floor: 50 },
      { what: 'added peak memory, eight at once', values: eight, floor: 60 },
      { what: 'added peak memory, a reader at 1 MB/s', values: slow, floor: 20 },
    ]
    return lines.map(({ what, values, floor }) =>
      result({ figure: 'P2', what, unit: 'MB', values, bound: { floor, better: 'lower' } }),
    )
  },
}

async function added(world: World, extent: Extent, work: () => Promise<unknown>): Promise<number[]> {
  const values: number[] = []
  for (const _round of roundsOf(extent)) values.push(await addedMemoryOf(world.web.child.pid, work))
  return values
}
