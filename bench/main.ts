import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { watchStolenTime } from '../tools/stolen-time.ts'
import { shapeAddresses } from './addresses.ts'
import { bulk } from './figures/bulk.ts'
import { coldPage } from './figures/cold-page.ts'
import { compressedPage } from './figures/compressed-page.ts'
import { csvExport } from './figures/csv-export.ts'
import { exportEverything } from './figures/export.ts'
import type { Extent, Figure } from './figures/figure.ts'
import { journal } from './figures/journal.ts'
import { notModified } from './figures/not-modified.ts'
import { pageMemory } from './figures/page-memory.ts'
import { portal } from './figures/portal.ts'
import { resellerPage } from './figures/reseller-page.ts'
import { search } from './figures/search.ts'
import { services } from './figures/services.ts'
import { smallBesideLarge } from './figures/small-beside-large.ts'
import { smallPage } from './figures/small-page.ts'
import { type FirstLoad, firstLoad, sync } from './figures/sync.ts'
import { webhookBurst } from './figures/webhook-burst.ts'
import { type Result, result, table } from './report.ts'
import { writeResults } from './results.ts'
import { ready, startWorld, type World } from './world.ts'

// npm run bench: every performance figure of design/quality.md that stands, each in turn with its limit.
//   --full            1,000,000 leads and 15 rounds (default: 100,000 and short rounds)
//   --smoke           250 leads and one round: shows that everything runs, says nothing about speed
//   --only P1,P8      these figures
//   --leads N, --rounds N
//   --out FILE        default bench/results.json for a whole run; --smoke and --only write none unless asked

const FIGURES: Figure[] = [
  coldPage,
  pageMemory,
  notModified,
  compressedPage,
  smallPage,
  smallBesideLarge,
  search,
  sync,
  csvExport,
  portal,
  resellerPage,
  bulk,
  webhookBurst,
  journal,
  services,
  exportEverything,
]

const LEADS_DEFAULT = 100_000
const EXTENT: Extent = { rounds: 5, figureMs: 20_000, loadMs: 1_500, pageSize: 20_000, slowReadMs: 5_000 }
const FULL: Extent = { rounds: 15, figureMs: 3_600_000, loadMs: 3_000, pageSize: 20_000, slowReadMs: 60_000 }
const SMOKE: Extent = { rounds: 1, figureMs: 5_000, loadMs: 200, pageSize: 20_000, slowReadMs: 300 }

/** Below this share of the processors taken away by other guests of the host the figures are the machine's own. */
const STOLEN_NOTED = 0.02

const args = readArguments(process.argv.slice(2))
process.exitCode = await main()

async function main(): Promise<number> {
  let stopWorld = () => Promise.resolve()
  let stopping: Promise<void> | undefined
  const stop = () => {
    stopping ??= stopWorld()
    return stopping
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => void stop().finally(() => process.exit(130)))
  }
  try {
    const world = await startWorld(args.leads, say, (stopStarted) => {
      stopWorld = stopStarted
    })
    const stolenShare = watchStolenTime()
    const results = await measureAll(world)
    const stolen = stolenShare()
    console.log(`\n${table(results)}`)
    if (stolen > STOLEN_NOTED) console.log(stolenNote(stolen))
    if (args.out) {
      await writeResults(args.out, world, results, { extent: args.extent, stolen })
      say(`written to ${args.out}`)
    }
    return 0
  } catch (error) {
    if (stopping) return 130
    console.error(error instanceof Error ? error.message : error)
    return 1
  } finally {
    await stop()
  }
}

async function measureAll(world: World): Promise<Result[]> {
  say(`first sync of ${world.leadCount} leads`)
  const first = await firstLoad(world)
  const results: Result[] = []
  if (wanted('P8')) results.push(...firstLoadResults(world, first))
  await ready(world)
  await shapeAddresses(world)
  for (const figure of FIGURES) {
    if (!wanted(figure.name)) continue
    say(`measuring ${figure.name}`)
    results.push(...(await figure.measure(world, args.extent)))
  }
  return results
}

function stolenNote(share: number): string {
  return `This machine gave ${Math.round(share * 100)} % of the processor time asked for to others meanwhile: times and rates are worse than its own.`
}

function firstLoadResults(world: World, first: FirstLoad): Result[] {
  const line = { figure: 'P8' }
  return [
    result({
      ...line,
      what: `first load of ${world.leadCount}, own work`,
      unit: 'rows/s',
      values: [(world.leadCount / first.ownMs) * 1_000],
      bound: { floor: 12_000, better: 'higher' },
      note: `to the moment all leads can be read and found; the search index was complete ${(first.indexMs / 1_000).toFixed(1)} s later`,
    }),
    result({ ...line, what: 'first load, search index included', unit: 'rows/s', values: [rate(world, first)] }),
    result({
      ...line,
      what: 'first load, processor time of worker and database for 1,000 rows',
      unit: 'ms',
      values: [(first.processorMs / world.leadCount) * 1_000],
      note: 'of both together, the search index not counted; what they can do at once takes the longer of the two',
    }),
    result({ ...line, what: 'first load, added peak memory', unit: 'MB', values: [first.addedMb] }),
    result({ ...line, what: 'first load, event-loop delay p99', unit: 'ms', values: [first.delayMs] }),
  ]
}

function rate({ leadCount }: World, { ownMs, indexMs }: FirstLoad): number {
  return (leadCount / (ownMs + indexMs)) * 1_000
}

function wanted(name: string): boolean {
  return args.only === null || args.only.includes(name.toUpperCase())
}

function say(text: string): void {
  process.stderr.write(`${text}\n`)
}

type Arguments = { leads: number; extent: Extent; only: string[] | null; out: string | null }

function readArguments(given: string[]): Arguments {
  const { values } = parseArgs({
    args: given,
    options: {
      full: { type: 'boolean' },
      smoke: { type: 'boolean' },
      only: { type: 'string' },
      leads: { type: 'string' },
      rounds: { type: 'string' },
      out: { type: 'string' },
    },
  })
  const extent = values.full ? FULL : values.smoke ? SMOKE : EXTENT
  const leads = values.full ? 1_000_000 : values.smoke ? 250 : LEADS_DEFAULT
  return {
    leads: numberOf(values.leads, 11, 1_000_000) ?? leads,
    extent: { ...extent, rounds: numberOf(values.rounds, 1, 1_000) ?? extent.rounds },
    only: values.only?.toUpperCase().split(',') ?? null,
    out: values.out ?? (values.smoke || values.only ? null : join(import.meta.dirname, 'results.json')),
  }
}

function numberOf(text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined
  const number = Number(text)
  if (Number.isInteger(number) && number >= least && number <= most) return number
  throw new Error(`${text} is not a whole number from ${least} to ${most}`)
}
