import type { Tx } from '../../platform/db/transaction.ts'
import { defineTask, type ItemResult, type TaskItem } from '../../platform/tasks/index.ts'
import { leadStaff } from '../people/index.ts'
import { type DutyOutcome, giveLeads, setDueDates } from './lead-owner.service.ts'

const permissions = { see: 'leads.read', run: 'leads.write' } as const
const UNIT = 'leads'
const BATCH_SIZE = 1_000

/** Gives leads to a person, or to nobody. */
export const setOwnerTask = defineTask<{ ownerId: string | null }>({
  kind: 'leads.owner',
  summary: 'Says who sees to leads',
  permissions,
  steps: [
    {
      name: 'give',
      title: 'Give the leads to their owner',
      unit: UNIT,
      batchSize: BATCH_SIZE,
      batch: (tx, items, { input }) => give(tx, items, input.ownerId),
    },
  ],
})

/** Sets the due date of leads, or takes it away. */
export const setDueTask = defineTask<{ dueAt: string | null }>({
  kind: 'leads.due',
  summary: 'Says until when leads are to be judged',
  permissions,
  steps: [
    {
      name: 'set-due',
      title: 'Set the due dates',
      unit: UNIT,
      batchSize: BATCH_SIZE,
      batch: async (tx, items, { input }) => {
        const dueAt = input.dueAt === null ? null : new Date(input.dueAt)
        const outcomes = await setDueDates(tx, idsOf(items), dueAt)
        return outcomes.map((one) => resultOf(one, dueAt ? 'It was due then already.' : 'It had no due date.'))
      },
    },
  ],
})

async function give(tx: Tx, items: TaskItem[], ownerId: string | null): Promise<ItemResult[]> {
  const owner = ownerId === null ? null : (await leadStaff(tx)).find(({ personId }) => personId === ownerId)
  if (owner === undefined) {
    const message = 'The new owner has left since this was asked for.'
    return items.map(() => ({ state: 'failed', code: 'owner-out-of-reach', message }))
  }
  const outcomes = await giveLeads(tx, idsOf(items), owner)
  return outcomes.map((one) => resultOf(one, owner ? `${owner.name} had it already.` : 'It had no owner.'))
}

const idsOf = (items: TaskItem[]) => items.map(({ objectId }) => objectId)

function resultOf(one: DutyOutcome, unchanged: string): ItemResult {
  const named = one.companyName === null ? {} : { objectName: one.companyName }
  if (one.outcome === 'done') return { state: 'succeeded', ...named }
  if (one.outcome === 'refused') return { state: 'failed', code: one.code, message: one.reason, ...named }
  return { state: 'skipped', message: unchanged, ...named }
}
