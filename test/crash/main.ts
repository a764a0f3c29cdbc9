import { parseArgs } from 'node:util'
import { freePort } from '../../bench/ports.ts'
import { startTemporaryPostgres } from '../../server/platform/embedded-postgres/index.ts'
import { eventually } from '../harness/client.ts'
import { startOutside } from '../harness/outside.ts'
import { startCleanRun } from './clean-run.ts'
import { Installation, sweepAbandoned } from './installation.ts'
import { runPauses } from './pauses.ts'
import { isQuiet } from './quiet.ts'
import { table } from './report.ts'
import { type Lane, type RoundResult, runRound } from './round.ts'

// npm run crash: kill -9 of processes at random moments under load; the database must end as that of a clean run (R1).
//   --rounds N     kills (default 200), each with the seed --seed + its number; --seed N --rounds 1 repeats one
//   --lanes N      installations side by side (default 3)
//   --budget N     begins no round after so many seconds, but for the first --least N (default 1)
//   --leads N      leads of each installation (default 1300)
//   --r2           instead: two instances, four workers, --jobs N (default 10000), pauses longer than the lease (R2)

const args = readArguments(process.argv.slice(2))
process.exitCode = args.r2 ? await pauseAll() : await runKills()

async function pauseAll(): Promise<number> {
  say(`seed ${args.seed}`)
  const problems = await runPauses({ jobs: args.jobs, seed: args.seed, say })
  for (const problem of problems) say(`  ${problem}`)
  return problems.length === 0 ? 0 : 1
}

async function runKills(): Promise<number> {
  const startedAt = performance.now()
  say(`seed ${args.seed}, ${args.rounds} rounds in ${args.lanes} lanes`)
  sweepAbandoned()
  const cleanServer = await startTemporaryPostgres()
  const lanes: Lane[] = []
  const results: RoundResult[] = []
  let next = args.seed
  const last = args.seed + args.rounds - 1
  const work = async (lane: Lane) => {
    const inTime = () => next < args.seed + args.least || (performance.now() - startedAt) / 1_000 < args.budget
    while (next <= last && inTime()) {
      const seed = next++
      const result = await runRound(lane, seed).catch((error: Error) => broken(seed, error))
      results.push(result)
      say(lineOf(result))
      // What differs once differs ever after: the lane would tell the same of every round that follows.
      if (result.problems.length > 0) return
    }
  }
  try {
    const ends = await Promise.allSettled(
      Array.from({ length: args.lanes }, async (_, number) => {
        const lane = await openLane(cleanServer, number)
        lanes.push(lane)
        await work(lane)
      }),
    )
    for (const end of ends) if (end.status === 'rejected') throw end.reason
  } finally {
    await Promise.all(lanes.map(closeLane))
    await cleanServer.stop()
  }
  say(`\n${table(results, (performance.now() - startedAt) / 1_000)}`)
  return results.length > 0 && results.every(({ problems }) => problems.length === 0) ? 0 : 1
}

async function openLane(cleanServer: Parameters<typeof startCleanRun>[0], number: number): Promise<Lane> {
  const outside = await startOutside({ leads: args.leads })
  const simulatorPort = Number(new URL(outside.simulator.url).port)
  await addSentinels(outside)
  const installation = await Installation.create(await freePort(), simulatorPort)
  const clean = await startCleanRun(cleanServer, `clean_${process.pid}_${number}`, simulatorPort)
  installation.startServers()
  // With the addresses of all leads: how many would be asked for by the time of any look differs from one to the other.
  await Promise.all([
    clean.quiet(),
    eventually(
      () => isQuiet(installation.owner),
      (unfinished) => unfinished.length === 0,
      300,
    ),
  ])
  await eventually(
    async () => (await fetch(`${installation.baseUrl}/health/ready`).catch(() => null))?.status ?? 0,
    (status) => status === 200,
    300,
  )
  return { installation, outside, clean, tried: 30_000 }
}

/** Records that are never right: what is kept of them is compared too. */
async function addSentinels({ control }: Lane['outside']): Promise<void> {
  for (const name of ['unknown-status', 'unknown-company-size', 'malformed-record', 'country-uk', 'unknown-field']) {
    await control('POST', '/consents', { operator: 'northwind', company: `sentinel: ${name}`, countries: ['GB'] })
  }
}

async function closeLane({ installation, outside, clean }: Lane): Promise<void> {
  await installation.close()
  await clean.close()
  await outside.close()
}

function broken(seed: number, error: Error): RoundResult {
  const nothing = { wholeExports: 0, cutExports: 0, lists: 0, refused: 0, acknowledged: 0, tried: 0, wrong: [] }
  const times = { killedAfterMs: 0, resumedSeconds: 0, settledSeconds: 0 }
  return { seed, target: 'all', ...times, during: '?', seen: nothing, problems: [`broke: ${error.stack}`] }
}

function lineOf({
  seed,
  target,
  killedAfterMs,
  during,
  resumedSeconds,
  settledSeconds,
  seen,
  problems,
}: RoundResult): string {
  const exports = `exports ${seen.wholeExports} whole ${seen.cutExports} cut`
  const times = `resumed ${resumedSeconds.toFixed(1)} s, done ${settledSeconds.toFixed(1)} s`
  const line = `${problems.length === 0 ? 'ok ' : 'BAD'} seed ${seed}  ${target.padEnd(8)} at ${String(killedAfterMs).padStart(4)} ms (${during})  ${times}, ${exports}`
  return [line, ...problems.map((problem) => `    ${problem}`)].join('\n')
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

type Arguments = {
  rounds: number
  lanes: number
  seed: number
  budget: number
  least: number
  leads: number
  r2: boolean
  jobs: number
}

function readArguments(given: string[]): Arguments {
  const { values } = parseArgs({
    args: given,
    options: {
      rounds: { type: 'string' },
      lanes: { type: 'string' },
      seed: { type: 'string' },
      budget: { type: 'string' },
      least: { type: 'string' },
      leads: { type: 'string' },
      jobs: { type: 'string' },
      r2: { type: 'boolean' },
    },
  })
  return {
    rounds: numberOf('rounds', values.rounds, 1, 100_000) ?? 200,
    lanes: numberOf('lanes', values.lanes, 1, 16) ?? 3,
    seed: numberOf('seed', values.seed, 0, 2 ** 31) ?? Date.now() % 1_000_000,
    budget: numberOf('budget', values.budget, 1, 86_400) ?? 86_400,
    least: numberOf('least', values.least, 1, 100_000) ?? 1,
    leads: numberOf('leads', values.leads, 11, 100_000) ?? 1_300,
    jobs: numberOf('jobs', values.jobs, 1, 1_000_000) ?? 10_000,
    r2: values.r2 === true,
  }
}

function numberOf(name: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined
  const number = Number(text)
  if (Number.isInteger(number) && number >= least && number <= most) return number
  process.stderr.write(`--${name} is ${text}: give a whole number from ${least} to ${most}.\n`)
  process.exit(2)
}
