import { connectionOf, type Tx } from '../db/transaction.ts'
import type { RunError, RunState, RunTrigger } from './job.ts'

/** What is kept of how far a run is; the phase is a column of its own. */
export type StoredProgress = {
  done?: number
  total?: number
  unit?: string
  counts?: Record<string, number>
  /** ISO instant and count at which this phase began in the present attempt: what the rate is reckoned from. */
  phaseStartedAt?: string
  phaseStartDone?: number
}

export type RunRow = {
  runId: string
  job: string
  operatorId: number
  trigger: RunTrigger
  requestedBy: string
  state: RunState
  queuedAt: Date
  dueAt: Date
  startedAt: Date | null
  finishedAt: Date | null
  /** Somebody has asked to stop it. */
  cancelRequestedAt: Date | null
  attempts: number
  failures: number
  phase: string | null
  progress: StoredProgress
  error: RunError | null
}

const RUN = `
  run_id as "runId", job, operator_id as "operatorId", trigger, requested_by as "requestedBy", state,
  queued_at as "queuedAt", due_at as "dueAt", started_at as "startedAt", finished_at as "finishedAt",
  cancel_requested_at as "cancelRequestedAt",
  attempts, failures, phase, progress, error`

export type NewRun = {
  runId: string
  job: string
  operatorId: number
  trigger: RunTrigger
  requestedBy: string
  priority: number
}

/** The new run, or null when one is already queued or running (the unique index decides, also between instances). */
export async function insertRun(tx: Tx, run: NewRun): Promise<RunRow | null> {
  const { rows } = await connectionOf(tx).query<RunRow>(
    `insert into job_run (run_id, job, operator_id, trigger, requested_by, priority, state)
     values ($1, $2, $3, $4, $5, $6, 'queued')
     on conflict (job, operator_id, subject) where state in ('queued', 'running') do nothing
     returning ${RUN}`,
    [run.runId, run.job, run.operatorId, run.trigger, run.requestedBy, run.priority],
  )
  if (!rows[0]) return null
  await connectionOf(tx).query(
    `insert into job_lease (job, operator_id, token, holder, expires_at) values ($1, $2, 0, '', now())
     on conflict (job, operator_id, subject) do nothing`,
    [run.job, run.operatorId],
  )
  return rows[0]
}

/** Brings the queued run forward, unless the other side has asked to wait; returns it, or the running one, or null. */
export async function hastenRun(tx: Tx, job: string, operatorId: number, priority: number): Promise<RunRow | null> {
  const hastened = await connectionOf(tx).query<RunRow>(
    `update job_run
     set priority = greatest(priority, $3), due_at = case when due_held then due_at else least(due_at, now()) end
     where job = $1 and operator_id = $2 and subject = '' and state = 'queued' returning ${RUN}`,
    [job, operatorId, priority],
  )
  if (hastened.rows[0]) return hastened.rows[0]
  const { rows } = await connectionOf(tx).query<RunRow>(
    `select ${RUN} from job_run where job = $1 and operator_id = $2 and subject = '' and state = 'running'`,
    [job, operatorId],
  )
  return rows[0] ?? null
}

export type DueCandidate = { run_id: string; job: string; operator_id: number; every_seconds: number }

/**
 * Queues those whose interval is over and of which no run is queued or running. Returns how many. One scheduler at a time:
 * another's statement could have looked before a short run that began and ended meanwhile, and start it once more.
 */
export async function insertDueRuns(tx: Tx, candidates: DueCandidate[]): Promise<number> {
  const lock = await connectionOf(tx).query<{ locked: boolean }>(
    `select pg_try_advisory_xact_lock(hashtext('leadline job schedule')) as locked`,
  )
  if (!lock.rows[0]?.locked) return 0
  const { rowCount } = await connectionOf(tx).query({
    name: 'job-schedule',
    text: `
      with fresh as (
        insert into job_run (run_id, job, operator_id, trigger, requested_by, state)
        select c.run_id, c.job, c.operator_id, 'schedule', 'schedule', 'queued'
        from json_to_recordset($1::json) as c (run_id uuid, job text, operator_id integer, every_seconds float8)
        left join lateral (
          select r.state, greatest(
                   coalesce(r.started_at, r.queued_at) + make_interval(secs => c.every_seconds),
                   r.finished_at + interval '1 second') as due_at
          from job_run r where r.operator_id = c.operator_id and r.job = c.job and r.subject = ''
          order by r.queued_at desc, r.run_id desc limit 1
        ) last on true
        where last.state is null or (last.state not in ('queued', 'running') and last.due_at <= now())
        on conflict (job, operator_id, subject) where state in ('queued', 'running') do nothing
        returning job, operator_id
      )
      insert into job_lease (job, operator_id, token, holder, expires_at)
      select job, operator_id, 0, '', now() from fresh on conflict (job, operator_id, subject) do nothing`,
    values: [JSON.stringify(candidates)],
  })
  return rowCount ?? 0
}

export type RunPosition = { queuedAt: string; runId: string }

/** Newest first. `queuedAt` in microseconds, since it is the cursor. */
export async function selectRuns(
  tx: Tx,
  job: string,
  operatorId: number,
  after: RunPosition | null,
  limit: number,
): Promise<(RunRow & { position: string })[]> {
  const { rows } = await connectionOf(tx).query<RunRow & { position: string }>(
    `select ${RUN}, to_char(queued_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as position
     from job_run
     where operator_id = $1 and job = $2
       and ($3::timestamptz is null or (queued_at, run_id) < ($3::timestamptz, $4::uuid))
     order by queued_at desc, run_id desc limit $5`,
    [operatorId, job, after?.queuedAt ?? null, after?.runId ?? null, limit],
  )
  return rows
}

/** Runs of these jobs, newest first; `states`: only those. */
export async function selectRecentRuns(
  tx: Tx,
  wanted: { jobs: string[]; operatorId: number; states: RunState[] | null; after: RunPosition | null; limit: number },
): Promise<(RunRow & { position: string })[]> {
  const { jobs, operatorId, states, after, limit } = wanted
  const { rows } = await connectionOf(tx).query<RunRow & { position: string }>(
    `select ${RUN}, to_char(queued_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as position
     from job_run
     where operator_id = $1 and job = any($2) and subject = '' and ($3::text[] is null or state = any($3))
       and ($4::timestamptz is null or (queued_at, run_id) < ($4::timestamptz, $5::uuid))
     order by queued_at desc, run_id desc limit $6`,
    [operatorId, jobs, states, after?.queuedAt ?? null, after?.runId ?? null, limit],
  )
  return rows
}

/** How the job's run before this one ended for its operator; null: there was none, or only cancelled ones. */
export async function selectOutcomeBefore(
  tx: Tx,
  run: { runId: string; job: string; operatorId: number },
): Promise<'succeeded' | 'failed' | null> {
  const { rows } = await connectionOf(tx).query<{ state: 'succeeded' | 'failed' }>(
    `select state from job_run
     where operator_id = $1 and job = $2 and subject = '' and state in ('succeeded', 'failed') and run_id <> $3
     order by queued_at desc, run_id desc limit 1`,
    [run.operatorId, run.job, run.runId],
  )
  return rows[0]?.state ?? null
}

export async function selectRun(tx: Tx, runId: string): Promise<RunRow | null> {
  const { rows } = await connectionOf(tx).query<RunRow>(`select ${RUN} from job_run where run_id = $1`, [runId])
  return rows[0] ?? null
}

/** Of each job the run that is queued or running, if any, and the newest finished one, if any. */
export async function selectLatestRuns(tx: Tx, jobs: string[], operatorId: number): Promise<RunRow[]> {
  const { rows } = await connectionOf(tx).query<RunRow>(
    `select r.* from unnest($1::text[]) as wanted (job)
     cross join lateral (
       (select ${RUN} from job_run
        where operator_id = $2 and job_run.job = wanted.job and state in ('queued', 'running'))
       union all
       (select ${RUN} from job_run
        where operator_id = $2 and job_run.job = wanted.job and state not in ('queued', 'running')
        order by queued_at desc, run_id desc limit 1)
     ) r`,
    [jobs, operatorId],
  )
  return rows
}

/** Finished runs beyond the newest `keep`; those of an object all, since the object tells its own history. */
export async function trimRuns(
  tx: Tx,
  { job, operatorId, subject }: { job: string; operatorId: number; subject: string },
  keep: number,
): Promise<void> {
  await connectionOf(tx).query(
    `delete from job_run where run_id in (
       select run_id from job_run where operator_id = $2 and job = $1 and subject = $4
       order by queued_at desc, run_id desc offset $3
     ) and state not in ('queued', 'running')`,
    [job, operatorId, subject === '' ? keep : 0, subject],
  )
}

export type SubjectRun = { runId: string; job: string; operatorId: number; subject: string; requestedBy: string }

/** Queues a run of one object, due at once. Nothing is read back: a channel's people may not see runs. */
export async function insertSubjectRun(tx: Tx, run: SubjectRun): Promise<void> {
  await connectionOf(tx).query({
    name: 'job-subject-lease',
    text: `insert into job_lease (job, operator_id, subject, token, holder, expires_at)
           select $1, $2, $3, 0, '', now()
           where not exists (select from job_lease where job = $1 and operator_id = $2 and subject = $3)`,
    values: [run.job, run.operatorId, run.subject],
  })
  await connectionOf(tx).query({
    name: 'job-subject-run',
    text: `insert into job_run (run_id, job, operator_id, subject, trigger, requested_by, priority, state)
           values ($1, $2, $3, $4, 'api', $5, 0, 'queued')`,
    values: [run.runId, run.job, run.operatorId, run.subject, run.requestedBy],
  })
}

/** Makes a waiting run of the object due now; false when none waits. */
export async function wakeSubjectRun(tx: Tx, job: string, operatorId: number, subject: string): Promise<boolean> {
  const { rowCount } = await connectionOf(tx).query({
    name: 'job-subject-wake',
    text: `update job_run set due_at = least(due_at, now())
           where subject = $3 and job = $1 and operator_id = $2 and state = 'queued'`,
    values: [job, operatorId, subject],
  })
  return (rowCount ?? 0) > 0
}
