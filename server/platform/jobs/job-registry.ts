import { newId } from '../../kernel/ids.ts'
import type { Principal } from '../../kernel/principal.ts'
import type { Transact, Tx } from '../db/transaction.ts'
import type { JobDefinition, RunTrigger } from './job.ts'
import { hastenRun, insertRun, type RunRow } from './run.store.ts'

/** A job whose schedule is known. */
export type Job = Omit<JobDefinition, 'everySeconds'> & {
  /** From start to start; null: only on demand. */
  everySeconds: number | null
}

export type RunRequest = {
  job: string
  /** 0 for a job of the installation. */
  operatorId: number
  trigger: Exclude<RunTrigger, 'schedule'>
}

/** The run that was asked for; `created` false: one was queued or running already, and this is it. */
export type RequestedRun = { run: RunRow; created: boolean }

export type JobRegistry = {
  /** By name. */
  all: readonly Job[]
  find(name: string): Job | null
  /** Asks for a run; a worker picks it up within about half a second, before runs of the schedule. */
  requestRun(principal: Principal, request: RunRequest): Promise<RequestedRun>
  /** The same within a transaction: the run exists when that commits. */
  requestRunIn(tx: Tx, request: RunRequest): Promise<RequestedRun>
}

/** Runs at or above this never wait behind those of the schedule: a worker keeps room for them. */
export const URGENT_PRIORITY = 5

const PRIORITY: Record<RunRequest['trigger'], number> = { api: 10, cli: 10, event: URGENT_PRIORITY }

/** All jobs there are, with their schedule under this configuration. Web and worker both have one. */
export function createJobRegistry<Config>(settings: {
  transact: Transact
  jobs: readonly JobDefinition<Config>[]
  config: Config
}): JobRegistry {
  const { transact, config } = settings
  const all = settings.jobs.map((job) => resolve(job, config)).sort((a, b) => (a.name < b.name ? -1 : 1))
  const byName = new Map(all.map((job) => [job.name, job]))
  if (byName.size < all.length) throw new Error('Two jobs have the same name.')

  const requestRunIn: JobRegistry['requestRunIn'] = async (tx, request) => {
    if (!byName.has(request.job)) throw new Error(`There is no job ${request.job}.`)
    const priority = PRIORITY[request.trigger]
    const { name, kind } = tx.principal
    const run = { runId: newId(), ...request, requestedBy: `${kind} ${name}`, priority }
    // Between the two looks a running one may just end: then the next insert succeeds.
    for (;;) {
      const created = await insertRun(tx, run)
      if (created) return { run: created, created: true }
      const existing = await hastenRun(tx, request.job, request.operatorId, priority)
      if (existing) return { run: existing, created: false }
    }
  }

  return {
    all,
    find: (name) => byName.get(name) ?? null,
    requestRunIn,
    requestRun: (principal, request) => transact(principal, (tx) => requestRunIn(tx, request)),
  }
}

function resolve<Config>(job: JobDefinition<Config>, config: Config): Job {
  const every = typeof job.everySeconds === 'function' ? job.everySeconds(config) : (job.everySeconds ?? 0)
  return { ...job, everySeconds: every > 0 && Number.isFinite(every) ? every : null }
}

/** When the schedule starts the job next; null: it does not. The same rule as `insertDueRuns`, for showing. */
export function nextRunAt(
  job: Job,
  last: Pick<RunRow, 'state' | 'queuedAt' | 'dueAt' | 'startedAt' | 'finishedAt'> | null,
  now: Date,
): Date | null {
  if (last?.state === 'queued') return last.dueAt
  if (job.everySeconds === null) return null
  if (!last) return now
  const due = (last.startedAt ?? last.queuedAt).getTime() + job.everySeconds * 1000
  const earliest = last.finishedAt ? last.finishedAt.getTime() + 1000 : 0
  return new Date(Math.max(due, earliest))
}
