import { connectionOf, type Tx } from '../db/transaction.ts'
import type { RunError, RunState } from './job.ts'
import type { StoredProgress } from './run.store.ts'

/** A run that this worker now holds. */
export type HeldRun = {
  runId: string
  job: string
  operatorId: number
  /** The object the run belongs to; empty for a job's own runs. */
  subject: string
  token: number
  /** Attempts including this one. */
  attempts: number
  /** In a row without getting further, including a worker that was just lost. */
  failures: number
  /** Taken over from a worker that went silent. */
  takenOver: boolean
  /** Who has asked to stop it; null: nobody. */
  cancelledBy: string | null
  startedAt: Date
  phase: string | null
  progress: StoredProgress
  cursor: unknown
}

type Candidate = Omit<HeldRun, 'token' | 'cursor' | 'startedAt'> & { cursorSaved: boolean }

const candidate = (condition: string, order: string) => `
  select r.run_id as "runId", r.job, r.operator_id as "operatorId", r.subject, r.attempts + 1 as attempts, r.failures,
         r.state = 'running' as "takenOver", r.cancelled_by as "cancelledBy", r.phase, r.progress,
         exists (select from job_cursor c where c.job = r.job and c.operator_id = r.operator_id
                 and c.subject = r.subject and c.saved_at > r.attempt_started_at) as "cursorSaved"
  from job_run r join job_lease l on l.job = r.job and l.operator_id = r.operator_id and l.subject = r.subject
  where ${condition} and r.job = any($1) and r.priority >= $2
  order by ${order} limit 1 for update of r, l skip locked`

/** Two statements, so that each has its index: thousands of queued runs must not be sorted at every look. */
const CLAIM = {
  silent: candidate(`r.state = 'running' and l.expires_at < now()`, 'r.priority desc, l.expires_at'),
  due: candidate(`r.state = 'queued' and r.due_at <= now()`, 'r.priority desc, r.due_at'),
}

/**
 * Takes a run whose worker has gone silent, else the most urgent one that is due. The lease row is locked FOR UPDATE: while a
 * fenced transaction of the former holder is open (FOR KEY SHARE, see `holdLease`), the run is passed over.
 */
export async function claimRun(
  tx: Tx,
  wanted: { jobs: string[]; minPriority: number; holder: string; leaseMs: number },
): Promise<HeldRun | null> {
  const client = connectionOf(tx)
  const values = [wanted.jobs, wanted.minPriority]
  const silent = await client.query<Candidate>({ name: 'job-claim-silent', text: CLAIM.silent, values })
  const found =
    silent.rows[0] ?? (await client.query<Candidate>({ name: 'job-claim-due', text: CLAIM.due, values })).rows[0]
  if (!found) return null
  const { cursorSaved, ...run } = found
  const lostFailures = run.takenOver ? (cursorSaved ? 1 : run.failures + 1) : run.failures
  const { rows: held } = await client.query<{ token: number; startedAt: Date; cursor: unknown }>({
    name: 'job-hold',
    text: `
      with lease as (
        update job_lease set token = token + 1, run_id = $3, holder = $4, expires_at = now() + make_interval(secs => $5)
        where job = $1 and operator_id = $2 and subject = $7 returning token
      ), run as (
        update job_run set state = 'running', token = lease.token, attempts = attempts + 1, failures = $6,
          started_at = coalesce(started_at, now()), attempt_started_at = clock_timestamp(), due_held = false
        from lease where run_id = $3 returning job_run.token, started_at
      )
      select run.token, run.started_at as "startedAt",
             (select cursor from job_cursor where job = $1 and operator_id = $2 and subject = $7) as cursor
      from run`,
    values: [run.job, run.operatorId, run.runId, wanted.holder, wanted.leaseMs / 1000, lostFailures, run.subject],
  })
  const first = held[0]
  return first ? { ...run, ...first, failures: lostFailures } : null
}

/**
 * Holds the lease for the rest of this transaction; false when another worker has it. FOR KEY SHARE lets our own heartbeat
 * pass (it changes no key) and keeps a taker waiting (FOR UPDATE). A holder that stalls inside the transaction is cut off
 * by the server, so that a frozen process cannot keep the run for ever.
 */
export async function holdLease(
  tx: Tx,
  run: { job: string; operatorId: number; subject: string; token: number },
  stallMs: number,
): Promise<boolean> {
  const { rowCount } = await connectionOf(tx).query({
    name: 'job-hold-lease',
    text: `
      select set_config('idle_in_transaction_session_timeout', $4, true)
      from (select from job_lease where job = $1 and operator_id = $2 and token = $3 and subject = $5 for key share) held`,
    values: [run.job, run.operatorId, run.token, String(stallMs), run.subject],
  })
  return rowCount === 1
}

/**
 * The server cuts this transaction off when its process stalls in the middle for so long: what it has locked is a lease, and
 * whoever is to take the run over would wait for it.
 */
export async function limitStall(tx: Tx, stallMs: number): Promise<void> {
  await connectionOf(tx).query({
    name: 'job-limit-stall',
    text: `select set_config('idle_in_transaction_session_timeout', $1, true)`,
    values: [String(stallMs)],
  })
}

/** Prolongs the leases; returns the run ids of those that are still ours. */
export async function renewLeases(
  tx: Tx,
  runs: { runId: string; token: number }[],
  leaseMs: number,
): Promise<Set<string>> {
  const { rows } = await connectionOf(tx).query<{ runId: string }>({
    name: 'job-renew',
    text: `
      update job_lease l set expires_at = now() + make_interval(secs => $3)
      from unnest($1::uuid[], $2::bigint[]) as mine (run_id, token)
      where l.run_id = mine.run_id and l.token = mine.token returning l.run_id as "runId"`,
    values: [runs.map((run) => run.runId), runs.map((run) => run.token), leaseMs / 1000],
  })
  return new Set(rows.map((row) => row.runId))
}

/** How an attempt ended. */
export type AttemptEnd = {
  state: Exclude<RunState, 'running'>
  /** For `queued`: in how many milliseconds it is due again, and whether the other side asked for that. */
  delayMs?: number
  held?: boolean
  failures: number
  error: RunError | null
  phase: string | null
  progress: StoredProgress
}

/** Writes the end of an attempt and gives the lease back; false when the run is no longer ours. */
export async function endAttempt(tx: Tx, run: { runId: string; token: number }, end: AttemptEnd): Promise<boolean> {
  const { rowCount } = await connectionOf(tx).query({
    name: 'job-end',
    text: `
      with lease as (update job_lease set expires_at = now(), run_id = null where run_id = $1 and token = $2)
      update job_run
      set state = $3, failures = $4, error = $5, phase = $6, progress = $7,
        due_at = case when $3 = 'queued' then now() + make_interval(secs => $8) else due_at end, due_held = $9,
        finished_at = case when $3 = 'queued' then null else now() end
      where run_id = $1 and token = $2 and state = 'running'`,
    values: [
      run.runId,
      run.token,
      end.state,
      end.failures,
      end.error && JSON.stringify(end.error),
      end.phase,
      JSON.stringify(end.progress),
      (end.delayMs ?? 0) / 1000,
      end.held ?? false,
    ],
  })
  return rowCount === 1
}

export async function writeProgress(
  tx: Tx,
  run: { runId: string; token: number },
  phase: string,
  progress: StoredProgress,
): Promise<void> {
  await connectionOf(tx).query({
    name: 'job-progress',
    text: `update job_run set phase = $3, progress = $4 where run_id = $1 and token = $2 and state = 'running'`,
    values: [run.runId, run.token, phase, JSON.stringify(progress)],
  })
}

export async function upsertCursor(
  tx: Tx,
  run: { job: string; operatorId: number; subject: string },
  cursor: unknown,
): Promise<void> {
  await connectionOf(tx).query({
    name: 'job-cursor',
    text: `
      insert into job_cursor (job, operator_id, subject, cursor, saved_at) values ($1, $2, $4, $3, clock_timestamp())
      on conflict (job, operator_id, subject) do update set cursor = excluded.cursor, saved_at = excluded.saved_at`,
    values: [run.job, run.operatorId, JSON.stringify(cursor), run.subject],
  })
}

export async function deleteCursor(tx: Tx, run: { job: string; operatorId: number; subject: string }): Promise<void> {
  await connectionOf(tx).query('delete from job_cursor where job = $1 and operator_id = $2 and subject = $3', [
    run.job,
    run.operatorId,
    run.subject,
  ])
}
