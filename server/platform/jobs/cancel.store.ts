import { connectionOf, type Tx } from '../db/transaction.ts'
import type { RunError } from './job.ts'

/** Somebody has asked to stop this run: its attempt ends where it is, and what it had stored stays. */
export class RunCancelledError extends Error {
  readonly by: string

  constructor(by: string) {
    super(`Cancelled by ${by}.`)
    this.name = 'RunCancelledError'
    this.by = by
  }
}

/** What the history of a cancelled run says. */
export function cancelledError(by: string): RunError {
  return {
    code: 'run-cancelled',
    message: `Cancelled by ${by}.`,
    retryAt: null,
    remedy: 'What it had done until then stays. Start the job again, or wait for its schedule.',
  }
}

export type CancelledRun = { state: 'cancelled' | 'running' } | { state: 'over' } | { state: 'missing' }

/**
 * Cancels a job's own run: one that waits at once, one that is being worked on by asking its worker, which looks every few
 * seconds. `running`: it was asked. A run of an object is cancelled with its object.
 */
export async function cancelRun(tx: Tx, runId: string, by: string): Promise<CancelledRun> {
  const { rows } = await connectionOf(tx).query<{ state: 'cancelled' | 'running' }>(
    `update job_run
     set cancel_requested_at = coalesce(cancel_requested_at, now()), cancelled_by = coalesce(cancelled_by, $2),
       state = case when state = 'queued' then 'cancelled' else state end,
       finished_at = case when state = 'queued' then now() end,
       error = case when state = 'queued' then $3::json else error end
     where run_id = $1 and subject = '' and state in ('queued', 'running') returning state`,
    [runId, by, JSON.stringify(cancelledError(by))],
  )
  if (rows[0]) return rows[0]
  const { rowCount } = await connectionOf(tx).query(`select from job_run where run_id = $1 and subject = ''`, [runId])
  return { state: rowCount === 1 ? 'over' : 'missing' }
}

/** Which of these runs somebody wants stopped, and who. */
export async function selectCancelled(tx: Tx, runIds: string[]): Promise<Map<string, string>> {
  const { rows } = await connectionOf(tx).query<{ runId: string; by: string }>({
    name: 'job-cancelled',
    text: `select run_id as "runId", cancelled_by as by from job_run
           where run_id = any($1::uuid[]) and cancel_requested_at is not null`,
    values: [runIds],
  })
  return new Map(rows.map(({ runId, by }) => [runId, by]))
}
