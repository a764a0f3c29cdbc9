import { AppError } from '../../kernel/errors.ts'
import type { Tx } from '../../platform/db/transaction.ts'
import { defineTask, type ItemResult, type TaskItem, type UndoResult } from '../../platform/tasks/index.ts'
import { type LeadMove, moveLeads } from './lead-channel.service.ts'
import { leadChannelStore } from './lead-channel.store.ts'
import type { LeadCompanions } from './lead-companions.ts'

const permissions = { see: 'leads.read', run: 'channels.manage' } as const
const UNIT = 'leads'
/** Each batch waits its turn among the writers of leads, and holds the others up for about a quarter of a second. */
const BATCH_SIZE = 1_000

/** Gives leads to a channel; undone, each goes back where it came from. */
export function assignChannelTask(companions: LeadCompanions) {
  return defineTask<{ channelId: number }>({
    kind: 'leads.assign-channel',
    summary: 'Gives leads to a channel',
    permissions,
    stillStands: (tx, items, { channelId }) => anyIn(tx, items, channelId),
    steps: [
      {
        name: 'assign',
        title: 'Give the leads to the channel',
        unit: UNIT,
        batchSize: BATCH_SIZE,
        keepsBefore: true,
        batch: (tx, items, { input }) => move(tx, items, input.channelId, companions),
        undoBatch: (tx, items, { input }) => moveBack(tx, items, input.channelId, companions),
      },
    ],
  })
}

/** Takes leads out of their channels; undone, each goes back where it came from. */
export function removeChannelTask(companions: LeadCompanions) {
  return defineTask<Record<string, never>>({
    kind: 'leads.remove-channel',
    summary: 'Takes leads out of their channels',
    permissions,
    stillStands: (tx, items) => anyIn(tx, items, null),
    steps: [
      {
        name: 'remove',
        title: 'Take the leads out of their channels',
        unit: UNIT,
        batchSize: BATCH_SIZE,
        keepsBefore: true,
        batch: (tx, items) => move(tx, items, null, companions),
        undoBatch: (tx, items) => moveBack(tx, items, null, companions),
      },
    ],
  })
}

async function move(
  tx: Tx,
  items: TaskItem[],
  channelId: number | null,
  companions: LeadCompanions,
): Promise<ItemResult[]> {
  const leadIds = items.map((item) => item.objectId)
  const moves = await moveLeads(tx, leadIds, channelId, { companions }).catch(refusalOf)
  if ('refused' in moves) return items.map(() => ({ state: 'failed', code: moves.code, message: moves.refused }))
  const byLead = new Map(moves.map((one) => [one.leadId, one]))
  return items.map((item) => resultOf(byLead.get(item.objectId), channelId))
}

/** The channel is gone by now, or takes no leads any more: refused before anything is written. */
function refusalOf(error: unknown): { code: string; refused: string } {
  if (!(error instanceof AppError) || error.status >= 500) throw error
  return { code: error.code, refused: error.errors?.[0]?.detail ?? error.message }
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

function anyIn(tx: Tx, items: TaskItem[], channelId: number | null): Promise<boolean> {
  const leadIds = items.map((item) => item.objectId)
  return leadChannelStore(tx).anyIn(leadIds, channelId)
}

/** Only what is still where the task put it: what somebody has decided since then stays, and says so. */
async function moveBack(
  tx: Tx,
  items: TaskItem[],
  putInto: number | null,
  companions: LeadCompanions,
): Promise<UndoResult[]> {
  const results = new Map<string, UndoResult>()
  for (const [from, leads] of Map.groupBy(items, originOf)) {
    const leadIds = leads.map((lead) => lead.objectId)
    const moves = await moveLeads(tx, leadIds, from, { onlyFrom: putInto, companions }).catch(refusalOf)
    if ('refused' in moves) {
      const message = `It stays where it is. ${moves.refused}`
      for (const leadId of leadIds) results.set(leadId, { undone: false, message })
    } else for (const move of moves) results.set(move.leadId, undoneBy(move, from))
  }
  return items.map(
    (item) => results.get(item.objectId) ?? { undone: false, message: 'The lead is not there any more.' },
  )
}

const originOf = ({ data }: TaskItem) => (data as { from: number | null }).from

function undoneBy(move: LeadMove, from: number | null): UndoResult {
  switch (move.outcome) {
    case 'moved':
      return { undone: true }
    case 'refused':
      return { undone: false, message: `It stays where it is. ${move.reason}` }
    case 'unchanged':
      return move.at === from
        ? { undone: false, message: 'It was back there already.' }
        : { undone: false, message: 'It was moved since then: it stays where it is.' }
  }
}
