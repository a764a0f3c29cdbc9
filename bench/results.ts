import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { arch, cpus, release, totalmem } from 'node:os'
import type { Extent } from './figures/figure.ts'
import type { Result } from './report.ts'
import type { World } from './world.ts'

/** How much was measured, and which share of the processors the machine gave to others meanwhile. */
type Circumstances = { extent: Extent; stolen: number }

/** Writes what was measured with where, when and on what: figures of two machines are not compared. */
export async function writeResults(
  file: string,
  world: World,
  results: readonly Result[],
  { extent, stolen }: Circumstances,
): Promise<void> {
  const { rows } = await world.owner.query<{ version: string }>("select current_setting('server_version') as version")
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  const report = {
    date: new Date().toISOString(),
    versions: { leadline: version, commit: commit(), node: process.versions.node, postgresql: rows[0]?.version },
    machine: {
      cpus: cpus().length,
      model: cpus()[0]?.model,
      memoryGb: Math.round(totalmem() / 1e9),
      kernel: release(),
      arch: arch(),
      stolenShare: Number(stolen.toFixed(3)),
    },
    data: { leads: world.leadCount, ...extent },
    figures: results.map((one) => JSON.parse(JSON.stringify(one, rounded))),
  }
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`)
}

function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value
}

function commit(): string | null {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8', timeout: 5_000 }).trim()
  } catch {
    // An unpacked archive has no history; the version says enough.
    return null
  }
}
