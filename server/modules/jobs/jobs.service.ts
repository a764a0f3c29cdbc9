import { RUNS_PAGE_SIZE_DEFAULT } from '../../../contract/jobs.ts'
import { AppError, notFound } from '../../kernel/errors.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { Transact } from '../../platform/db/transaction.ts'
import { notifyAtCommit } from '../../platform/events/index.ts'
import {
  cancelRun,
  type Job,
  type JobRegistry,
  type RequestedRun,
  RUNS_CHANNEL,
  type RunRow,
  type RunState,
  selectLatestRuns,
  selectRecentRuns,
  selectRun,
  selectRuns,
} from '../../platform/jobs/index.ts'
import { journal } from '../audit/index.ts'
import { decodeCursor, encodeCursor } from './run-cursor.ts'

export type JobOverview = { job: Job; current: RunRow | null; last: RunRow | null }

export type JobsService = {
  overview(principal: OperatorPrincipal): Promise<JobOverview[]>
  listRuns(
    principal: OperatorPrincipal,
    jobName: string,
    page: { cursor?: string; pageSize?: number },
  ): Promise<{ runs: RunRow[]; nextCursor: string | null }>
  startRun(principal: OperatorPrincipal, jobName: string): Promise<RequestedRun>
  getRun(principal: OperatorPrincipal, runId: string): Promise<RunRow>
  /** Runs of every job. */
  listAllRuns(
    principal: OperatorPrincipal,
    page: { state?: RunState; cursor?: string; pageSize?: number },
  ): Promise<{ runs: RunRow[]; nextCursor: string | null }>
  /** The run as it is then: cancelled, or asked to stop. Throws 409 `run-over`. */
  cancelRun(principal: OperatorPrincipal, runId: string): Promise<RunRow>
}

/** Jobs as an operator sees them: those that run for each operator, and its own runs of them. Unknown and foreign ones: 404. */
export function createJobsService(settings: { transact: Transact; registry: JobRegistry }): JobsService {
  const { transact, registry } = settings
  const visible = registry.all.filter((job) => job.scope === 'each-operator')
  const names = visible.map((job) => job.name)
  const known = (jobName: string): Job => {
    const job = visible.find(({ name }) => name === jobName)
    if (!job) throw notFound('This job')
    return job
  }

  return {
    async overview(principal) {
      const runs = await transact(principal, (tx) => selectLatestRuns(tx, names, principal.operatorId))
      return visible.map((job) => {
        const own = runs.filter((run) => run.job === job.name)
        return { job, current: own.find((run) => !isOver(run)) ?? null, last: own.find(isOver) ?? null }
      })
    },

    async listRuns(principal, jobName, { cursor, pageSize = RUNS_PAGE_SIZE_DEFAULT }) {
      const { name } = known(jobName)
      const after = cursor === undefined ? null : decodeCursor(cursor)
      // One more than asked tells whether there is a next page.
      const found = await transact(principal, (tx) => selectRuns(tx, name, principal.operatorId, after, pageSize + 1))
      return pageOf(found, pageSize)
    },

    async listAllRuns(principal, { state, cursor, pageSize = RUNS_PAGE_SIZE_DEFAULT }) {
      const after = cursor === undefined ? null : decodeCursor(cursor)
      const states = state === undefined ? null : [state]
      const { operatorId } = principal
      return pageOf(
        await transact(principal, (tx) =>
          selectRecentRuns(tx, { jobs: names, operatorId, states, after, limit: pageSize + 1 }),
        ),
        pageSize,
      )
    },

    async cancelRun(principal, runId) {
      return transact(principal, async (tx) => {
        const run = await selectRun(tx, runId)
        if (!run || !names.includes(run.job)) throw notFound('This run')
        // Asked again: the answer is the same, and nothing happens twice.
        if (run.state === 'cancelled' || (run.state === 'running' && run.cancelRequestedAt !== null)) return run
        const { state } = await cancelRun(tx, runId, `${principal.kind} ${principal.name}`)
        if (state === 'missing') throw notFound('This run')
        if (state === 'over') throw runOver()
        await journal(tx).append({
          action: 'job.run-cancelled',
          object: { type: 'job', id: run.job },
          after: { runId },
        })
        await notifyAtCommit(
          tx,
          RUNS_CHANNEL,
          JSON.stringify({ runId, job: run.job, operatorId: run.operatorId, state }),
        )
        const now = await selectRun(tx, runId)
        if (!now) throw notFound('This run')
        return now
      })
    },

    async startRun(principal, jobName) {
      const { name } = known(jobName)
      return transact(principal, async (tx) => {
        const requested = await registry.requestRunIn(tx, { job: name, operatorId: tx.operatorId, trigger: 'api' })
        const object = { type: 'job', id: name }
        if (requested.created) {
          await journal(tx).append({ action: 'job.requested', object, after: { runId: requested.run.runId } })
        }
        return requested
      })
    },

    async getRun(principal, runId) {
      const run = await transact(principal, (tx) => selectRun(tx, runId))
      if (!run) throw notFound('This run')
      return run
    },
  }
}

function pageOf(found: (RunRow & { position: string })[], pageSize: number) {
  const runs = found.slice(0, pageSize)
  const last = runs.at(-1)
  const more = found.length > pageSize && last
  return { runs, nextCursor: more ? encodeCursor({ queuedAt: last.position, runId: last.runId }) : null }
}

function runOver(): AppError {
  return new AppError({
    code: 'run-over',
    status: 409,
    detail: 'The run is over: there is nothing to stop.',
  })
}

function isOver(run: RunRow): boolean {
  return run.state !== 'queued' && run.state !== 'running'
}
