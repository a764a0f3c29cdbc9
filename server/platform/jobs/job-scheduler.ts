import { newId } from '../../kernel/ids.ts'
import { installationPrincipal, type Principal } from '../../kernel/principal.ts'
import type { Transact } from '../db/transaction.ts'
import type { JobRegistry } from './job-registry.ts'
import { insertDueRuns } from './run.store.ts'

const principal: Principal = installationPrincipal('job-scheduler', 'job-scheduler')

/** Queues every run that is due, once: any number of instances may do this at the same moment. Returns how many. */
export async function scheduleDueRuns(settings: {
  transact: Transact
  registry: JobRegistry
  listOperators: () => Promise<number[]>
}): Promise<number> {
  const timed = settings.registry.all.filter((job) => job.everySeconds !== null)
  if (timed.length === 0) return 0
  const operators = timed.some((job) => job.scope === 'each-operator') ? await settings.listOperators() : []
  const candidates = timed.flatMap((job) =>
    (job.scope === 'installation' ? [0] : operators).map((operatorId) => ({
      run_id: newId(),
      job: job.name,
      operator_id: operatorId,
      every_seconds: job.everySeconds ?? 0,
    })),
  )
  if (candidates.length === 0) return 0
  return settings.transact(principal, (tx) => insertDueRuns(tx, candidates))
}
