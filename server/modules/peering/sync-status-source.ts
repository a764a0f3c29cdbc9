import type { LeadStatusItem } from '../../../contract/lead-status.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Tx } from '../../platform/db/transaction.ts'
import { type JobRegistry, type RunRow, selectRuns } from '../../platform/jobs/index.ts'
import { bySetting, durationText, intervalText, type LeadStatusSource, medianOf, statusItem } from '../leads/index.ts'
import { SYNC_LEADS_JOB } from './jobs/sync-leads-job.ts'
import { lastListedAt } from './sync-freshness.store.ts'

/** Runs that are looked at: for how long they take, and since when they fail. */
const RUNS = 50
const MEASURED_LEAST = 3
/** A sync that is late by less is none that fails. */
const LATE_INTERVALS = 3
const LATE_LEAST_SECONDS = 600
const ABOUT = { type: 'job', id: SYNC_LEADS_JOB }

/** How fresh what Leadline knows of a lead is: the syncs of leads, for channels without why one failed. */
export function syncStatusSource({ registry, clock }: { registry: JobRegistry; clock: Clock }): LeadStatusSource {
  const everySeconds = () => registry.all.find(({ name }) => name === SYNC_LEADS_JOB)?.everySeconds ?? null
  return {
    async itemsOf(tx) {
      const item =
        tx.principal.channelId === null
          ? await itemForOperator(tx, everySeconds())
          : itemForChannel(await lastListedAt(tx), clock.now(), everySeconds())
      return [item]
    },
  }
}

async function itemForOperator(tx: Tx, everySeconds: number | null): Promise<LeadStatusItem> {
  const runs = await selectRuns(tx, SYNC_LEADS_JOB, tx.operatorId, null, RUNS)
  const over = runs.filter(({ state }) => state === 'succeeded' || state === 'failed')
  const usual = usualOf(over, everySeconds)
  const item = { system: 'leadline', source: 'The runs of the job that syncs leads', about: ABOUT, usual }
  const current = runs.find(({ state }) => state === 'running')
  const [last] = over
  const failed = failedSince(runs)
  if (failed) {
    const { error, since } = failed
    return statusItem({
      ...item,
      code: 'sync-failed',
      state: 'failed',
      title: 'Syncing leads with Microsoft fails',
      cause: error?.message ?? null,
      at: since.toISOString(),
      next: { by: 'operator', text: error?.remedy ?? 'Look at the runs of the job.' },
    })
  }
  if (!last && current) {
    const at = (current.startedAt ?? current.queuedAt).toISOString()
    return statusItem({
      ...item,
      code: 'sync-first',
      state: 'running',
      title: 'The first sync of leads is running',
      at,
    })
  }
  if (!last) {
    const next = { by: 'leadline' as const, text: 'It begins by itself.' }
    return statusItem({ ...item, code: 'sync-never', state: 'waiting', title: 'Leads were never synced yet', next })
  }
  if (last.phase === 'not connected') {
    const title = 'Leadline is not connected to Microsoft'
    const next = { by: 'operator' as const, text: 'Set up the connection to Microsoft.' }
    return statusItem({ ...item, code: 'not-connected', state: 'attention', title, next })
  }
  return syncedItem(item, last.finishedAt)
}

function itemForChannel(listedAt: Date | null, now: Date, everySeconds: number | null): LeadStatusItem {
  const source = 'The last whole listing of Microsoft'
  const item = { system: 'leadline', source, usual: everySeconds === null ? null : intervalOf(everySeconds) }
  const next = { by: 'operator' as const, text: 'Your operator can see why.' }
  if (listedAt === null) {
    return statusItem({ ...item, code: 'sync-never', state: 'waiting', title: 'Leads were never synced yet', next })
  }
  const lateSeconds = Math.max(LATE_LEAST_SECONDS, (everySeconds ?? 0) * LATE_INTERVALS)
  if (everySeconds === null || now.getTime() - listedAt.getTime() <= lateSeconds * 1_000) {
    return syncedItem(item, listedAt)
  }
  const title = 'Leads have not been synced with Microsoft for long'
  const at = listedAt.toISOString()
  return statusItem({ ...item, code: 'sync-late', state: 'attention', title, at, next })
}

function syncedItem(
  item: Pick<LeadStatusItem, 'system' | 'source' | 'usual'> & { about?: typeof ABOUT },
  at: Date | null,
): LeadStatusItem {
  const title = 'Leads were synced with Microsoft'
  return statusItem({ ...item, code: 'synced', state: 'done', title, at: at?.toISOString() ?? null })
}

/** The first of the failures in a row that lead up to now, with the latest reason; null: the last one worked. */
function failedSince(runs: readonly RunRow[]): { since: Date; error: RunRow['error'] } | null {
  let since: Date | null = null
  let error: RunRow['error'] = null
  for (const run of runs) {
    if (run.state === 'succeeded') break
    // One that waits for its next try has failed already.
    if (run.state !== 'failed' && run.error === null) continue
    error ??= run.error
    since = run.finishedAt ?? run.startedAt ?? run.queuedAt
  }
  return since && { since, error }
}

function usualOf(over: readonly RunRow[], everySeconds: number | null): LeadStatusItem['usual'] {
  const seconds = over.flatMap(({ state, startedAt, finishedAt }) =>
    state === 'succeeded' && startedAt && finishedAt ? [(finishedAt.getTime() - startedAt.getTime()) / 1_000] : [],
  )
  if (seconds.length < MEASURED_LEAST) return everySeconds === null ? null : intervalOf(everySeconds)
  const median = medianOf(seconds)
  const often = everySeconds === null ? '' : `; one begins every ${intervalText(everySeconds)}`
  const text = `${durationText(median)}: the median of the last ${seconds.length} syncs${often}`
  return { text, seconds: Math.round(median), basis: 'measured' }
}

const intervalOf = (everySeconds: number) => bySetting(everySeconds, 'Leads are synced')
