import type { Tx } from '../../platform/db/transaction.ts'
import { defineTask, type ItemResult, type TaskItem, type UndoResult } from '../../platform/tasks/index.ts'
import { leadStaff, type StaffMember } from '../people/index.ts'
import { leadDutyStore } from './lead-duty.store.ts'
import { type DueBefore, type DutyOutcome, giveLeads, restoreDueDates, setDueDates } from './lead-owner.service.ts'

const permissions = { see: 'leads.read', run: 'leads.write' } as const
const UNIT = 'leads'
const BATCH_SIZE = 1_000

/** Gives leads to a person, or to nobody; undone, each goes back to whom it belonged. */
export const setOwnerTask = defineTask<{ ownerId: string | null }>({
  kind: 'leads.owner',
  summary: 'Says who sees to leads',
  permissions,
  stillStands: (tx, items, { ownerId }) => leadDutyStore(tx).anyOwned(idsOf(items), ownerId),
  steps: [
    {
      name: 'give',
      title: 'Give the leads to their owner',
      unit: UNIT,
      batchSize: BATCH_SIZE,
      keepsBefore: true,
      batch: (tx, items, { input }) => give(tx, items, input.ownerId),
      undoBatch: (tx, items, { input }) => giveBack(tx, items, input.ownerId),
    },
  ],
})

/** Sets the due date of leads, or takes it away; undone, each is due when it was. */
export const setDueTask = defineTask<{ dueAt: string | null }>({
  kind: 'leads.due',
  summary: 'Says until when leads are to be judged',
  permissions,
  stillStands: (tx, items, { dueAt }) => leadDutyStore(tx).anyDue(idsOf(items), instantOf(dueAt)),
  steps: [
    {
      name: 'set-due',
      title: 'Set the due dates',
      unit: UNIT,
      batchSize: BATCH_SIZE,
      keepsBefore: true,
      batch: async (tx, items, { input }) => {
        const dueAt = instantOf(input.dueAt)
        const outcomes = await setDueDates(tx, idsOf(items), dueAt)
        return outcomes.map((one) => resultOf(one, dueAt ? 'It was due then already.' : 'It had no due date.'))
      },
      undoBatch: (tx, items, { input }) =>
        takeBack(items, (leadIds, from) => restoreDueDates(tx, leadIds, from as DueBefore, instantOf(input.dueAt))),
    },
  ],
})

async function give(tx: Tx, items: TaskItem[], ownerId: string | null): Promise<ItemResult[]> {
  const owner = ownerOf(await leadStaff(tx), ownerId)
  if (owner === undefined) {
    const message = 'The new owner has left since this was asked for.'
    return items.map(() => ({ state: 'failed', code: 'owner-out-of-reach', message }))
  }
  const outcomes = await giveLeads(tx, idsOf(items), owner)
  return outcomes.map((one) => resultOf(one, owner ? `${owner.name} had it already.` : 'It had no owner.'))
}

async function giveBack(tx: Tx, items: TaskItem[], givenTo: string | null): Promise<UndoResult[]> {
  const staff = await leadStaff(tx)
  return takeBack(items, async (leadIds, from): Promise<DutyOutcome[]> => {
    const owner = ownerOf(staff, from as string | null)
    if (owner !== undefined) return giveLeads(tx, leadIds, owner, { onlyFrom: givenTo })
    const reason = 'Its former owner has left.'
    return leadIds.map((leadId) => ({
      ...{ leadId, companyName: null, outcome: 'refused', code: 'owner-out-of-reach', reason },
    }))
  })
}

/** Of items that were the same before, all at once: what somebody has decided since then stays, and says so. */
async function takeBack(
  items: TaskItem[],
  restore: (leadIds: string[], from: unknown) => Promise<DutyOutcome[]>,
): Promise<UndoResult[]> {
  const results = new Map<string, UndoResult>()
  for (const [before, alike] of Map.groupBy(items, ({ data }) => JSON.stringify(data))) {
    const { from } = JSON.parse(before) as { from: unknown }
    for (const one of await restore(idsOf(alike), from)) results.set(one.leadId, undoneBy(one))
  }
  return items.map(
    (item) => results.get(item.objectId) ?? { undone: false, message: 'The lead is not there any more.' },
  )
}

function undoneBy(one: DutyOutcome): UndoResult {
  switch (one.outcome) {
    case 'done':
      return { undone: true }
    case 'refused':
      return { undone: false, message: `It stays as it is. ${one.reason}` }
    case 'unchanged':
      return one.isWanted
        ? { undone: false, message: 'It was so again already.' }
        : { undone: false, message: 'It was changed since then: it stays as it is.' }
  }
}

/** Undefined: he is not there any more. */
function ownerOf(staff: StaffMember[], personId: string | null): StaffMember | null | undefined {
  return personId === null ? null : staff.find((member) => member.personId === personId)
}

const idsOf = (items: TaskItem[]) => items.map(({ objectId }) => objectId)
const instantOf = (text: string | null) => (text === null ? null : new Date(text))

function resultOf(one: DutyOutcome, unchanged: string): ItemResult {
  const named = one.companyName === null ? {} : { objectName: one.companyName }
  if (one.outcome === 'done') return { state: 'succeeded', data: { from: one.from }, ...named }
  if (one.outcome === 'refused') return { state: 'failed', code: one.code, message: one.reason, ...named }
  return { state: 'skipped', message: unchanged, ...named }
}
