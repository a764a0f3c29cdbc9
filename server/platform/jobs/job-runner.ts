import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import { installationPrincipal, type Principal } from '../../kernel/principal.ts'
import type { Transact, Tx } from '../db/transaction.ts'
import { type Bell, createBell, emit, notifyAtCommit } from '../events/index.ts'
import { lostWorkerError, MAX_LOST_WORKERS } from './attempt.rules.ts'
import { cancelledError, RunCancelledError, selectCancelled } from './cancel.store.ts'
import { LeaseLostError } from './job.ts'
import { createJobMetrics } from './job-metrics.ts'
import { type JobRegistry, URGENT_PRIORITY } from './job-registry.ts'
import { scheduleDueRuns } from './job-scheduler.ts'
import {
  type AttemptEnd,
  claimRun,
  endAttempt,
  type HeldRun,
  limitStall,
  renewLeases,
  writeProgress,
} from './lease.store.ts'
import { createProgressWriter, type ProgressWriter } from './progress-writer.ts'
import { selectOutcomeBefore, trimRuns } from './run.store.ts'
import { type AttemptOutcome, runAttempt, ShutdownError } from './run-attempt.ts'

/** PostgreSQL channel on which changes of runs are told: `{runId, job, operatorId, state}`. */
export const RUNS_CHANNEL = 'leadline_runs'

export type JobTimings = {
  /** A run whose worker is silent for this long is taken over. */
  leaseMs: number
  heartbeatMs: number
  /** Between two looks for due runs. */
  pollMs: number
  /** Between two looks at the schedule. */
  tickMs: number
  /** For an aborted attempt to stop. */
  graceMs: number
}

/** A crash is made good within lease + poll: 10.4 s (R1 asks for 30 s). Source: design/decisions.md, Job lease. */
const TIMINGS: JobTimings = { leaseMs: 10_000, heartbeatMs: 2_500, pollMs: 400, tickMs: 1_000, graceMs: 5_000 }

const KEPT_RUNS = 500

export type JobRunnerSettings = {
  registry: JobRegistry
  /** For the jobs' own transactions. */
  transact: Transact
  /**
   * For the runner's: leases must be renewed even when jobs use every connection of the other pool, so give it one of its
   * own (two connections do). Default: `transact`.
   */
  control?: Transact
  listOperators: () => Promise<number[]>
  log: Logger
  metrics?: Registry
  /** Runs at a time. Default 4; two more are kept for runs that somebody asked for. */
  concurrency?: number
  timings?: Partial<JobTimings>
}

export type JobRunner = {
  /** Hands every run back to the queue, where the next worker takes it at once; resolves when that is written. */
  stop(): Promise<void>
}

type Active = { run: HeldRun; control: AbortController; renewedAt: number; done: Promise<void> }

const principal: Principal = installationPrincipal('job-runner', 'job-runner')
const URGENT_ROOM = 2
const TRIM_INTERVAL_MS = 5_000
const TRIM_EVERY = 25

/** Starts claiming and running. Any number of runners may work on one database. */
export function startJobRunner(settings: JobRunnerSettings): JobRunner {
  const { registry, transact, log, concurrency = 4 } = settings
  const timings = { ...TIMINGS, ...settings.timings }
  const control: Transact = (principal, work) =>
    (settings.control ?? transact)(principal, async (tx) => {
      await limitStall(tx, timings.leaseMs)
      return work(tx)
    })
  const metrics = createJobMetrics(settings.metrics)
  const holder = `${hostname()} ${process.pid} ${randomUUID()}`
  const jobs = registry.all.map((job) => job.name)
  // Not by run: one that was lost here may come back before its former attempt has stopped.
  const active = new Set<Active>()
  const trimmed = new Map<string, { at: number; ended: number }>()
  const stopping = new AbortController()
  // A place that falls free is filled at once; the schedule keeps its time.
  const freed = createBell()
  const tick = createBell()
  stopping.signal.addEventListener('abort', () => {
    freed.ring()
    tick.ring()
  })

  async function claim(): Promise<boolean> {
    if (active.size >= concurrency + URGENT_ROOM) return false
    const minPriority = active.size < concurrency ? 0 : URGENT_PRIORITY
    const asked = performance.now()
    const run = await control(principal, (tx) => claimRun(tx, { jobs, minPriority, holder, leaseMs: timings.leaseMs }))
    if (!run) return false
    const entry: Active = { run, control: new AbortController(), renewedAt: asked, done: Promise.resolve() }
    active.add(entry)
    entry.done = attend(entry)
      .catch((error) =>
        log.error({ err: error, runId: run.runId }, 'a run could not be brought to its end; it will be resumed'),
      )
      .finally(() => {
        active.delete(entry)
        freed.ring()
      })
    return true
  }

  async function attend(entry: Active): Promise<void> {
    const { run } = entry
    const job = registry.find(run.job)
    if (!job) return
    const progress = createProgressWriter(
      { phase: run.phase, progress: run.progress },
      (phase, stored) =>
        control(principal, async (tx) => {
          await writeProgress(tx, run, phase, stored)
          await announce(tx, run, 'running')
        }),
      (error) => log.warn({ err: error, runId: run.runId }, 'progress could not be written'),
    )
    // A run of an object is judged by its job, which knows at which step its workers were lost.
    if (run.takenOver && run.subject === '' && run.failures >= MAX_LOST_WORKERS) {
      await end(run, { state: 'failed', failures: run.failures, error: lostWorkerError(), ...progress.state() })
      metrics.finished(run.job, run.operatorId, 'failed', secondsSince(run.startedAt))
      return
    }
    if (run.cancelledBy !== null) {
      await endCancelled(run, run.cancelledBy, progress)
      return
    }
    metrics.attemptStarted(run.job)
    const outcome = await runAttempt(job, run, {
      transact,
      log,
      progress,
      announce: (tx, state) => announce(tx, run, state),
      control: entry.control,
      graceMs: timings.graceMs,
      stallMs: timings.leaseMs,
    })
    metrics.attemptEnded(run.job)
    await conclude(run, outcome, progress)
  }

  async function conclude(run: HeldRun, outcome: AttemptOutcome, progress: ProgressWriter): Promise<void> {
    await progress.close()
    const { job, operatorId, runId } = run
    switch (outcome.kind) {
      case 'lost':
        log.warn({ job, operatorId, runId }, 'lease lost: another worker goes on')
        return
      case 'handed-back':
        await end(run, { state: 'queued', failures: run.failures, error: null, ...progress.state() })
        return
      case 'retry':
        metrics.retried(job, outcome.error.code)
        await end(run, { ...outcome, state: 'queued', ...progress.state() })
        return
      case 'fail':
        await end(run, { ...outcome, state: 'failed', ...progress.state() })
        metrics.finished(job, operatorId, 'failed', secondsSince(run.startedAt))
        return
      case 'postponed':
        return
      case 'cancelled':
        await endCancelled(run, outcome.by, progress)
        return
      case 'finished':
        if (registry.find(job)?.tellsFailures === true) {
          await control(principal, (tx) => tellTurn(tx, run, { state: 'succeeded', error: null })).catch((error) =>
            log.warn({ err: error, runId }, 'the end of a run could not be told'),
          )
        }
        await trim(run)
        metrics.finished(job, operatorId, 'succeeded', secondsSince(run.startedAt))
        return
      case 'succeeded':
        await end(run, { state: 'succeeded', failures: 0, error: null, ...progress.state() })
        metrics.finished(job, operatorId, 'succeeded', secondsSince(run.startedAt))
    }
  }

  /** Tells of a job that begins to fail, or that works again, in the transaction of its run's end. */
  async function tellTurn(tx: Tx, run: HeldRun, { state, error }: Pick<AttemptEnd, 'state' | 'error'>): Promise<void> {
    if (registry.find(run.job)?.tellsFailures !== true || (state !== 'failed' && state !== 'succeeded')) return
    const hadFailed = (await selectOutcomeBefore(tx, run)) === 'failed'
    if (hadFailed === (state === 'failed')) return
    const envelope = { operatorId: run.operatorId, key: `sync/${run.operatorId}` }
    const facts = { runId: run.runId, job: run.job }
    if (state === 'succeeded') return emit(tx, { ...envelope, name: 'sync.recovered', payload: facts })
    const { code, message, remedy } = error ?? { code: 'unexpected-error', message: 'The run failed.', remedy: '' }
    await emit(tx, { ...envelope, name: 'sync.failed', payload: { ...facts, code, message, remedy } })
  }

  async function endCancelled(run: HeldRun, by: string, progress: ProgressWriter): Promise<void> {
    log.info({ job: run.job, operatorId: run.operatorId, runId: run.runId, by }, 'run cancelled')
    await end(run, { state: 'cancelled', failures: run.failures, error: cancelledError(by), ...progress.state() })
    metrics.finished(run.job, run.operatorId, 'cancelled', secondsSince(run.startedAt))
  }

  /** Tried for as long as the lease may last: a database that is away for a moment must not make a finished run run again. */
  async function end(run: HeldRun, attemptEnd: AttemptEnd): Promise<void> {
    const deadline = performance.now() + timings.leaseMs
    for (;;) {
      try {
        await control(principal, async (tx) => {
          const ours = await endAttempt(tx, run, attemptEnd)
          if (!ours)
            return log.warn({ runId: run.runId, state: attemptEnd.state }, 'the run had been taken over at its end')
          await announce(tx, run, attemptEnd.state)
          await tellTurn(tx, run, attemptEnd)
        })
        if (attemptEnd.state !== 'queued') await trim(run)
        return
      } catch (error) {
        if (performance.now() > deadline) throw error
        await sleep(500)
      }
    }
  }

  /** Room in the history, now and then where runs end fast; what fails here is done by a later run. */
  async function trim(run: HeldRun): Promise<void> {
    const history = `${run.job} ${run.operatorId}`
    const last = trimmed.get(history)
    const now = performance.now()
    if (last && now - last.at < TRIM_INTERVAL_MS && ++last.ended < TRIM_EVERY) return
    trimmed.set(history, { at: now, ended: 0 })
    await control(principal, (tx) => trimRuns(tx, run, KEPT_RUNS)).catch((error) =>
      log.warn({ err: error, job: run.job }, 'old runs could not be removed'),
    )
  }

  async function renew(): Promise<void> {
    const entries = [...active]
    if (entries.length === 0) return
    const asked = performance.now()
    const { kept, cancelled } = await control(principal, async (tx) => {
      const runs = entries.map(({ run }) => run)
      const kept = await renewLeases(tx, runs, timings.leaseMs)
      return {
        kept,
        cancelled: await selectCancelled(
          tx,
          runs.map(({ runId }) => runId),
        ),
      }
    })
    for (const entry of entries) {
      const by = cancelled.get(entry.run.runId)
      if (by !== undefined) entry.control.abort(new RunCancelledError(by))
      if (kept.has(entry.run.runId)) entry.renewedAt = Math.max(entry.renewedAt, asked)
      else entry.control.abort(new LeaseLostError(entry.run.job, entry.run.operatorId))
    }
  }

  /** A worker cut off from the database cannot know whether it was replaced: it stops when its time is over. */
  function dropExpired(): void {
    for (const { run, control: attempt, renewedAt } of active) {
      if (performance.now() - renewedAt < timings.leaseMs) continue
      attempt.abort(new LeaseLostError(run.job, run.operatorId))
    }
  }

  async function every(intervalMs: number, bell: Bell, what: string, work: () => Promise<unknown>): Promise<void> {
    while (!stopping.signal.aborted) {
      await work().catch((error) => log.error({ err: error }, `${what} failed`))
      await bell.wait(intervalMs)
    }
  }

  const loops = [
    every(timings.pollMs, freed, 'claiming runs', async () => {
      while (!stopping.signal.aborted && (await claim()));
    }),
    every(timings.tickMs, tick, 'scheduling', () => scheduleDueRuns({ ...settings, transact: control })),
  ]
  // Not one of the loops that stop first: leases are renewed until the last run is handed back.
  let renewing: Promise<void> | null = null
  const heart = setInterval(() => {
    dropExpired()
    // One at a time: while the database keeps it waiting, more would only take the connections.
    renewing ??= renew()
      .catch((error) => log.error({ err: error }, 'renewing leases failed'))
      .finally(() => {
        renewing = null
      })
  }, timings.heartbeatMs)

  return {
    async stop() {
      stopping.abort()
      await Promise.all(loops)
      for (const entry of active) entry.control.abort(new ShutdownError())
      await Promise.all([...active].map((entry) => entry.done))
      clearInterval(heart)
      await renewing
    },
  }
}

async function announce(tx: Parameters<typeof notifyAtCommit>[0], run: HeldRun, state: string): Promise<void> {
  const { runId, job, operatorId } = run
  await notifyAtCommit(tx, RUNS_CHANNEL, JSON.stringify({ runId, job, operatorId, state }))
}

function secondsSince(instant: Date): number {
  return (Date.now() - instant.getTime()) / 1000
}
