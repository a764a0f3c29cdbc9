import { exportLeads } from '../../contract/leads.ts'
import type { FetchAnswer } from '../load-generator.ts'
import { result } from '../report.ts'
import { addedMemoryOf, loopDelayOf } from '../server-figures.ts'
import { type Figure, roundsOf } from './figure.ts'

/** P9: every lead as CSV, in the desk's order. */
export const csvExport: Figure = {
  name: 'P9',
  async measure(world, extent) {
    const perLead = world.leadCount / 100_000
    const fetchFile = () =>
      world.generator.ask<FetchAnswer>({
        kind: 'fetch',
        origin: world.web.origin,
        path: exportLeads.path,
        headers: world.authorization,
        copies: 1,
      })
    // The heap grows to its working size once, whatever it is for.
    await fetchFile()
    const seconds: number[] = []
    const firstBytes: number[] = []
    const added: number[] = []
    const delays: number[] = []
    let bytes = 0
    for (const _round of roundsOf(extent)) {
      const delay = await loopDelayOf(world.web.origin, async () => {
        const megabytes = await addedMemoryOf(world.web.child.pid, async () => {
          const file = await fetchFile()
          seconds.push(file.milliseconds / 1_000)
          firstBytes.push(file.firstByteMs)
          bytes = file.bytes
        })
        added.push(megabytes)
      })
      delays.push(delay)
    }
    const line = { figure: 'P9' }
    return [
      result({
        ...line,
        what: `CSV of ${world.leadCount} leads`,
        unit: 's',
        values: seconds,
        bound: { floor: 1.5 * perLead, better: 'lower' },
        note: `${(bytes / 1e6).toFixed(1)} MB`,
      }),
      result({ ...line, what: 'first byte of it', unit: 'ms', values: firstBytes }),
      result({ ...line, what: 'added peak memory', unit: 'MB', values: added, bound: { floor: 30, better: 'lower' } }),
      result({ ...line, what: 'event-loop delay p99', unit: 'ms', values: delays }),
    ]
  },
}
