import type { Tx } from '../../platform/db/transaction.ts'
import { defineTask, type ItemResult, type TaskItem } from '../../platform/tasks/index.ts'
import { type LeadMove, moveLeads } from './lead-channel.service.ts'

const permissions = { see: 'leads.read', run: 'channels.manage' } as const
const UNIT = 'leads'

/** Gives leads to a channel; undone, each goes back where it came from. */
export const assignChannelTask = defineTask<{ channelId: number }>({
  kind: 'leads.assign-channel',
  summary: 'Gives leads to a channel',
  permissions,
  steps: [
    {
      name: 'assign',
      title: 'Give the leads to the channel',
      unit: UNIT,
      batch: (tx, items, { input }) => move(tx, items, input.channelId),
      undoBatch: (tx, items, { input }) => moveBack(tx, items, input.channelId),
    },
  ],
})

/** Takes leads out of their channels; undone, each goes back where it came from. */
export const removeChannelTask = defineTask<Record<string, never>>({
  kind: 'leads.remove-channel',
  summary: 'Takes leads out of their channels',
  permissions,
  steps: [
    {
      name: 'remove',
      title: 'Take the leads out of their channels',
      unit: UNIT,
      batch: (tx, items) => move(tx, items, null),
      undoBatch: (tx, items) => moveBack(tx, items, null),
    },
  ],
})

async function move(tx: Tx, items: TaskItem[], channelId: number | null): Promise<ItemResult[]> {
  const moves = await moveLeads(
    tx,
    items.map((item) => item.objectId),
    channelId,
  )
  const byLead = new Map(moves.map((one) => [one.leadId, one]))
  return items.map((item) => resultOf(byLead.get(item.objectId), channelId))
}

function resultOf(move: LeadMove | undefined, to: number | null): ItemResult {
  if (!move) throw new Error('A lead was asked for and not answered.')
  const named = move.name === null ? {} : { objectName: move.name }
  switch (move.outcome) {
    case 'moved':
      return { state: 'succeeded', data: { from: move.from }, ...named }
    case 'refused':
      return { state: 'failed', code: move.code, message: move.reason, ...named }
    case 'unchanged':
      return {
        state: 'skipped',
        message: to === null ? 'It was in no channel.' : 'It was in this channel already.',
        ...named,
      }
  }
}

/** Only what is still where the task put it: what somebody has decided since then stays. */
async function moveBack(tx: Tx, items: TaskItem[], putInto: number | null): Promise<void> {
  const byOrigin = Map.groupBy(items, (item) => (item.data as { from: number | null }).from)
  for (const [from, leads] of byOrigin) {
    await moveLeads(
      tx,
      leads.map((lead) => lead.objectId),
      from,
      putInto,
    )
  }
}
