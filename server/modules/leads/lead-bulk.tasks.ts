import type { Tx } from '../../platform/db/transaction.ts'
import { defineTask, type ItemResult, type TaskItem } from '../../platform/tasks/index.ts'
import { archiveLeads } from './lead-archive.service.ts'

const permissions = { see: 'leads.read', run: 'leads.write' } as const
const UNIT = 'leads'
const BATCH_SIZE = 1_000

/** Puts Removed leads away. */
export const archiveLeadsTask = defineTask<Record<string, never>>({
  kind: 'leads.archive',
  summary: 'Archives leads that were removed',
  permissions,
  steps: [
    {
      name: 'archive',
      title: 'Archive the leads',
      unit: UNIT,
      batchSize: BATCH_SIZE,
      batch: (tx, items) => archive(tx, items, true),
    },
  ],
})

/** Brings archived leads back into the lists. */
export const unarchiveLeadsTask = defineTask<Record<string, never>>({
  kind: 'leads.unarchive',
  summary: 'Shows archived leads again',
  permissions,
  steps: [
    {
      name: 'unarchive',
      title: 'Show the leads again',
      unit: UNIT,
      batchSize: BATCH_SIZE,
      batch: (tx, items) => archive(tx, items, false),
    },
  ],
})

async function archive(tx: Tx, items: TaskItem[], archived: boolean): Promise<ItemResult[]> {
  const outcomes = await archiveLeads(
    tx,
    items.map((item) => item.objectId),
    archived,
  )
  return outcomes.map((one): ItemResult => {
    const named = one.companyName === null ? {} : { objectName: one.companyName }
    if (one.outcome === 'done') return { state: 'succeeded', ...named }
    if (one.outcome === 'refused') return { state: 'failed', code: one.code, message: one.reason, ...named }
    const message = archived ? 'It was archived already.' : 'It was not archived.'
    return { state: 'skipped', message, ...named }
  })
}
