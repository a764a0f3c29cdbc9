import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { type Child, startChild } from '../../bench/child.ts'
import { newId } from '../../server/kernel/ids.ts'
import { migrateDatabase } from '../../server/platform/db/migrate.ts'
import { startTemporaryPostgres } from '../../server/platform/embedded-postgres/index.ts'
import { JOBS } from './pauses-jobs.ts'
import { type Random, randomNumbers } from './random.ts'

const INSTANCES = 2
const WORKERS_EACH = 2
const TIMINGS = { leaseMs: 2_000, heartbeatMs: 400, pollMs: 50, tickMs: 60_000, graceMs: 500 }
/** Longer than the lease: another worker has taken over when the frozen one wakes up. */
const PAUSE_MS = { least: 2_500, spread: 2_500 }
const BETWEEN_MS = 700
/** One of so many is killed instead, and replaced. */
const KILLED_ONE_IN = 6
const GIVE_UP_SECONDS = 1_800

export type PausesOptions = { jobs: number; seed: number; say: (text: string) => void }

/**
 * Two instances of two workers each on one database, frozen for longer than the lease or killed at random: every run's
 * effects happen exactly once (fencing), every event is heard, once where its subscriber wants that.
 * Source: design/quality.md R2. Returns what is wrong.
 */
export async function runPauses({ jobs, seed, say }: PausesOptions): Promise<string[]> {
  const random = randomNumbers(seed)
  const server = await startTemporaryPostgres()
  const directory = mkdtempSync(join(tmpdir(), 'leadline-pauses-'))
  const owner = new pg.Pool({ connectionString: server.ownerUrl, max: 3 })
  const workers: Child[] = []
  const start = (number: number) => {
    const program = [join(import.meta.dirname, 'pauses-worker.ts'), server.appUrl, JSON.stringify(TIMINGS)]
    workers[number] = startChild(`worker-${number}`, program, {}, join(directory, `worker-${number}.log`))
  }
  try {
    await migrateDatabase(server.ownerUrl)
    await prepare(owner, jobs)
    const startedAt = performance.now()
    for (let number = 0; number < INSTANCES * WORKERS_EACH; number++) start(number)
    const trouble = { pauses: 0, kills: 0 }
    const finished = untilFinished(owner, jobs, say)
    await Promise.all([finished, disturb(workers, start, random, finished, trouble)])
    const seconds = (performance.now() - startedAt) / 1_000
    const problems = await wrong(owner, jobs)
    const takeovers = await owner.query('select count(*)::int from job_run where attempts > 1')
    say(
      `R2: ${jobs} jobs in ${seconds.toFixed(0)} s by ${INSTANCES} instances with ${WORKERS_EACH} workers each; ` +
        `${trouble.pauses} pauses longer than the lease, ${trouble.kills} kills, ` +
        `${takeovers.rows[0].count} runs taken over; ${problems.length === 0 ? 'each effect once' : 'NOT each effect once'}`,
    )
    return problems
  } finally {
    // A frozen process does not hear that it should end.
    for (const { pid } of workers) kill(pid, 'SIGKILL')
    await Promise.all(workers.map(({ ended }) => ended))
    await owner.end()
    await server.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}

async function prepare(owner: pg.Pool, jobs: number): Promise<void> {
  await owner.query(
    `create table effect (job text, operator_id integer, step integer, pid integer);
     create table heard (once boolean, event_id uuid, key text);
     grant select, insert on effect, heard to leadline_app`,
  )
  const rows = Array.from({ length: jobs }, (_, index) => ({
    run_id: newId(),
    job: JOBS[index % JOBS.length],
    operator_id: 1 + Math.floor(index / JOBS.length),
  }))
  const from = 'from json_to_recordset($1::json) as r (run_id uuid, job text, operator_id integer)'
  await owner.query(
    `insert into job_run (run_id, job, operator_id, trigger, requested_by, state)
     select run_id, job, operator_id, 'cli', 'pauses', 'queued' ${from}`,
    [JSON.stringify(rows)],
  )
  await owner.query(
    `insert into job_lease (job, operator_id, token, holder, expires_at)
     select job, operator_id, 0, '', now() ${from}`,
    [JSON.stringify(rows)],
  )
}

async function untilFinished(owner: pg.Pool, jobs: number, say: (text: string) => void): Promise<void> {
  const deadline = Date.now() + GIVE_UP_SECONDS * 1_000
  let toldAt = Date.now()
  for (;;) {
    const { rows } = await owner.query<{ open: number; waiting: number }>(
      `select (select count(*)::int from job_run where state in ('queued', 'running')) as open,
              (select count(*)::int from outbox_event where routed_at is null)
                + (select count(*)::int from outbox_delivery where state = 'pending') as waiting`,
    )
    const { open, waiting } = rows[0] ?? { open: jobs, waiting: 0 }
    if (open === 0 && waiting === 0) return
    if (Date.now() > deadline) throw new Error(`${open} runs and ${waiting} deliveries are left`)
    if (Date.now() - toldAt > 15_000) {
      toldAt = Date.now()
      say(`  ${jobs - open} of ${jobs} jobs done, ${waiting} events and deliveries waiting`)
    }
    await sleep(250)
  }
}

async function disturb(
  workers: Child[],
  start: (number: number) => void,
  random: Random,
  finished: Promise<void>,
  trouble: { pauses: number; kills: number },
): Promise<void> {
  let over = false
  const end = () => {
    over = true
  }
  finished.then(end, end)
  while (!over) {
    await sleep(random.next() * BETWEEN_MS * 2)
    const number = random.below(workers.length)
    const worker = workers[number]
    if (over || !worker) return
    if (random.below(KILLED_ONE_IN) === 0) {
      kill(worker.pid, 'SIGKILL')
      await worker.ended
      start(number)
      trouble.kills++
      continue
    }
    kill(worker.pid, 'SIGSTOP')
    trouble.pauses++
    await sleep(PAUSE_MS.least + random.next() * PAUSE_MS.spread)
    kill(worker.pid, 'SIGCONT')
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

async function wrong(owner: pg.Pool, jobs: number): Promise<string[]> {
  // Those that were frozen wake up now, and must not write any more.
  await sleep(1_500)
  const { rows } = await owner.query<Record<string, number>>(
    `select
       (select count(*)::int from effect) as effects,
       (select count(*)::int from (select distinct job, operator_id, step from effect) one) as "distinct effects",
       (select count(*)::int from job_run where state = 'succeeded') as "runs that succeeded",
       (select count(*)::int from outbox_event) as events,
       (select count(*)::int from heard where once) as "events heard by who wants them once",
       (select count(distinct event_id)::int from heard where once) as "distinct of those",
       (select count(distinct event_id)::int from heard where not once) as "events heard at least once",
       (select count(*)::int from outbox_delivery) as "deliveries left"`,
  )
  const found = rows[0] ?? {}
  const expected: Record<string, number> = {
    effects: 2 * jobs,
    'distinct effects': 2 * jobs,
    'runs that succeeded': jobs,
    events: jobs,
    'events heard by who wants them once': jobs,
    'distinct of those': jobs,
    'events heard at least once': jobs,
    'deliveries left': 0,
  }
  return Object.entries(expected)
    .filter(([what, count]) => found[what] !== count)
    .map(([what, count]) => `${what}: ${found[what]} and not ${count}`)
}
