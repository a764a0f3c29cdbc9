import type { WireReadiness } from '../contract/service.ts'
import { messageOf } from './kernel/errors.ts'
import { newId } from './kernel/ids.ts'
import { installationPrincipal } from './kernel/principal.ts'
import { installationStore } from './modules/operators/index.ts'
import { allFirstSyncsDone, SYNC_LEADS_JOB } from './modules/peering/index.ts'
import type { Transact } from './platform/db/transaction.ts'
import { selectLatestRuns } from './platform/jobs/index.ts'
import { FABRIKAM, NORTHWIND } from './sandbox.ts'

const OPERATORS = [NORTHWIND.operatorId, FABRIKAM.operatorId]

/** Ready: the database is migrated and answers; in the sandbox the first syncs have brought its leads. Source: issue 2, 1. */
export function createReadiness({ transact, sandbox }: { transact: Transact; sandbox: boolean }) {
  let firstSyncDone = !sandbox
  return async (): Promise<WireReadiness> => {
    const checks: WireReadiness['checks'] = {}
    try {
      const installation = await transact(installationPrincipal('readiness', newId()), (tx) =>
        installationStore(tx).find(),
      )
      checks.database = installation ? { ok: true } : { ok: false, detail: 'not migrated yet' }
      if (installation && !firstSyncDone) {
        firstSyncDone = installation.sandbox_facts_at !== null && (await allFirstSyncsDone(transact, OPERATORS))
      }
    } catch (error) {
      checks.database = { ok: false, detail: messageOf(error) }
    }
    if (sandbox && checks.database.ok) {
      checks['first sync'] = firstSyncDone ? { ok: true } : { ok: false, detail: await syncProgress(transact) }
    }
    return { ready: Object.values(checks).every((check) => check.ok), checks }
  }
}

/** How far the slowest first sync is, in words. */
async function syncProgress(transact: Transact): Promise<string> {
  const [run] = await transact(installationPrincipal('readiness', newId()), (tx) =>
    selectLatestRuns(tx, [SYNC_LEADS_JOB], NORTHWIND.operatorId),
  )
  if (!run) return 'the first sync has not begun yet'
  if (run.error) return run.error.message
  const { done = 0, total } = run.progress
  return total === undefined ? (run.phase ?? run.state) : `${done} of ${total} leads`
}
