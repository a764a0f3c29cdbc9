import type { WireJob, WireJobRun } from '../../../contract/jobs.ts'
import { type Job, nextRunAt, type RunRow } from '../../platform/jobs/index.ts'

/** A run as the API shows it at the moment `now`, with its speed. */
export function toWireRun(run: RunRow, now: Date): WireJobRun {
  const { done = null, total = null, unit = null, counts = {} } = run.progress
  const end = run.finishedAt ?? now
  const rate = run.state === 'running' ? ratePerSecond(run, now) : null
  const left = done !== null && total !== null ? Math.max(0, total - done) : null
  return {
    id: run.runId,
    job: run.job,
    trigger: run.trigger,
    requestedBy: run.requestedBy,
    state: run.state,
    phase: run.phase,
    done,
    total,
    unit,
    counts,
    ratePerSecond: rate,
    remainingSeconds: rate !== null && rate > 0 && left !== null ? rounded(left / rate) : null,
    queuedAt: run.queuedAt.toISOString(),
    startedAt: run.startedAt?.toISOString() ?? null,
    finishedAt: run.finishedAt?.toISOString() ?? null,
    cancelRequestedAt: run.cancelRequestedAt?.toISOString() ?? null,
    durationSeconds: run.startedAt && rounded(Math.max(0, end.getTime() - run.startedAt.getTime()) / 1000),
    attempts: run.attempts,
    error: run.error,
  }
}

/** A job with those of its runs that matter now. */
export function toWireJob(job: Job, runs: { current: RunRow | null; last: RunRow | null }, now: Date): WireJob {
  const { current, last } = runs
  const next = current?.state === 'running' ? null : nextRunAt(job, current ?? last, now)
  return {
    name: job.name,
    summary: job.summary,
    everySeconds: job.everySeconds,
    timeoutSeconds: job.timeoutSeconds,
    nextRunAt: next?.toISOString() ?? null,
    currentRun: current && toWireRun(current, now),
    lastRun: last && toWireRun(last, now),
  }
}

function ratePerSecond({ progress }: RunRow, now: Date): number | null {
  const { done, phaseStartedAt, phaseStartDone = 0 } = progress
  if (done === undefined || phaseStartedAt === undefined) return null
  const seconds = (now.getTime() - Date.parse(phaseStartedAt)) / 1000
  return seconds > 0 ? rounded((done - phaseStartDone) / seconds) : null
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10
}
