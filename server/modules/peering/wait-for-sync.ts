import { setTimeout as sleep } from 'node:timers/promises'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { Transact } from '../../platform/db/transaction.ts'
import { type JobRegistry, selectRun } from '../../platform/jobs/index.ts'
import { microsoftUnavailable } from '../leads/index.ts'
import { SYNC_LEADS_JOB } from './jobs/sync-leads-job.ts'
import type { WaitForSync } from './lead-source.ts'

const POLL_MS = 250
const RETRY_AFTER_SECONDS = 15

/** Starts a sync of the operator's leads, or joins the one that runs, and waits for its end. */
export function createWaitForSync({ registry, transact }: { registry: JobRegistry; transact: Transact }): WaitForSync {
  return async (principal: OperatorPrincipal, signal: AbortSignal) => {
    const request = { job: SYNC_LEADS_JOB, operatorId: principal.operatorId, trigger: 'api' as const }
    const { run: asked } = await registry.requestRun(principal, request)
    for (;;) {
      const run = await transact(principal, (tx) => selectRun(tx, asked.runId))
      if (run?.state === 'succeeded') return
      // A run that failed once and waits for its next try is as good as failed for somebody who waits now.
      if (run?.error || run === null || run.state === 'failed' || run.state === 'cancelled') {
        throw microsoftUnavailable(
          `The leads could not be fetched from Microsoft. ${run?.error?.message ?? 'The sync did not finish.'}`,
          RETRY_AFTER_SECONDS,
        )
      }
      try {
        await sleep(POLL_MS, undefined, { signal })
      } catch (cause) {
        throw microsoftUnavailable('The first sync with Microsoft is still running.', RETRY_AFTER_SECONDS, cause)
      }
    }
  }
}
