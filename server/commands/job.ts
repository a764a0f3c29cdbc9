import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import type { OperatorPrincipal } from '../kernel/principal.ts'
import { type JobRunner, type RunRow, selectRun, startJobRunner } from '../platform/jobs/index.ts'
import { readArguments, UsageError } from './arguments.ts'
import { progressBar } from './progress-bar.ts'
import { chooseOperator, type OpenInstallation, withInstallation } from './with-installation.ts'

export const summary = 'Run a job now and watch its progress'

const USAGE = `Usage: leadline job run NAME [--operator ID]
       leadline job list

${summary}. Without --operator the job runs for every operator, one after the other.
Ctrl-C stops watching; a run that a worker has taken goes on.

Exit codes: 0 succeeded, 1 failed, 2 wrong arguments.`

const POLL_MS = 200
/** A worker takes a run within half a second; after this there is none, and the command does the work itself. */
const NO_WORKER_AFTER_MS = 3_000

export async function run(args: string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(USAGE)
    return 0
  }
  return withInstallation(USAGE, async (open) => {
    const { values, positionals } = readArguments(args, { operator: { type: 'string' } }, { list: 1, run: 2 })
    const [verb, name] = positionals
    if (verb === 'list') return list(open)
    if (verb !== 'run' || name === undefined) throw new UsageError('Say which job: leadline job run NAME.')
    if (!open.context.registry.find(name)) {
      const names = open.context.registry.all.map((job) => job.name).join(', ')
      throw new UsageError(`There is no job ${name}. Jobs are: ${names}.`)
    }
    const operators = values.operator === undefined ? await open.context.listOperators() : [values.operator]
    let failed = 0
    for (const operator of operators) {
      const principal = await chooseOperator(open.context, String(operator))
      if (!(await runAndWatch(open, principal, name))) failed++
    }
    return failed === 0 ? 0 : 1
  })
}

function list({ context }: OpenInstallation): number {
  for (const job of context.registry.all) {
    const every = job.everySeconds === null ? 'on demand' : `every ${job.everySeconds} s`
    console.log(`${job.name.padEnd(30)} ${every.padEnd(14)} ${job.summary}`)
  }
  return 0
}

async function runAndWatch(open: OpenInstallation, principal: OperatorPrincipal, job: string): Promise<boolean> {
  const { context, terminal } = open
  const { operatorId } = principal
  const { run: asked, created } = await context.registry.requestRun(principal, { job, operatorId, trigger: 'cli' })
  if (!created) terminal.say(`${job} for operator ${operatorId} is going already: watching that run.`)
  const askedAt = performance.now()
  let runner: JobRunner | null = null
  try {
    for (;;) {
      const row = await context.transact(principal, (tx) => selectRun(tx, asked.runId))
      if (row === null) throw new UsageError('The run is gone: somebody has cleared the history.')
      if (row.state !== 'queued' && row.state !== 'running') return conclude(open, row)
      terminal.progress(`${job} ${operatorId}`, describe(row))
      if (runner === null && row.state === 'queued' && !row.error && performance.now() - askedAt > NO_WORKER_AFTER_MS) {
        terminal.say('No worker is running, so the work is done here.')
        const { registry, transact, listOperators } = context
        runner = startJobRunner({ registry, transact, listOperators, log: pino({ level: 'silent' }), concurrency: 1 })
      }
      await sleep(POLL_MS)
    }
  } finally {
    await runner?.stop()
  }
}

function conclude({ terminal }: OpenInstallation, row: RunRow): boolean {
  const counts = Object.entries(row.progress.counts ?? {}).map(([name, count]) => `${count} ${name}`)
  const seconds = row.startedAt && row.finishedAt ? (row.finishedAt.getTime() - row.startedAt.getTime()) / 1_000 : 0
  const head = `${row.job} for operator ${row.operatorId} ${row.state} in ${seconds.toFixed(1)} s`
  if (row.state === 'succeeded') terminal.say(counts.length > 0 ? `${head}: ${counts.join(', ')}` : head)
  else terminal.complain(`${head}: ${row.error?.message ?? 'no reason is known'}`, row.error?.remedy)
  return row.state === 'succeeded'
}

function describe(row: RunRow): string {
  if (row.error) return `waiting for the next try: ${row.error.message}`
  const { done, total, unit = '' } = row.progress
  if (done === undefined) return row.phase ?? row.state
  const bar = total === undefined ? '' : `${progressBar(done, total)} `
  return `${bar}${done}${total === undefined ? '' : ` of ${total}`} ${unit} · ${row.phase}`
}
