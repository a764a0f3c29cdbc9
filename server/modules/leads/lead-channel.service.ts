import { AppError, badRequest, notFound } from '../../kernel/errors.ts'
import { isGuid } from '../../kernel/ids.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { Transact, Tx } from '../../platform/db/transaction.ts'
import { emit, type NewEvent } from '../../platform/events/index.ts'
import { demandMatch } from '../../platform/http/index.ts'
import { type JournalEntry, journal } from '../audit/index.ts'
import { type Channel, type ChannelLeads, channelStore, mayTakeLeads } from '../channels/index.ts'
import type { AssignCalls } from './assign-calls.ts'
import type { Permitted } from './lead.rules.ts'
import { leadStore, type ScopeChange } from './lead.store.ts'
import { leadText } from './lead.view.ts'
import {
  type AssignBody,
  type AssignTarget,
  type FieldFlaw,
  mayAssign,
  mayRemoveChannel,
  readAssignment,
} from './lead-channel.rules.ts'
import { leadChannelStore, type MovedLead } from './lead-channel.store.ts'
import type { LeadCompanions } from './lead-companions.ts'
import { assignedEvent } from './lead-events.ts'
import { moveDuties } from './lead-owner.service.ts'
import { leadReferenceStore } from './lead-reference.store.ts'
import { leadTag } from './lead-tag.rules.ts'
import type { StoredLead } from './lead-write.store.ts'

/** What became of one lead; `from` and `to` say how to undo it. */
export type LeadMove = { leadId: string; name: string | null } & (
  | { outcome: 'moved'; from: number | null; to: number | null }
  | { outcome: 'unchanged'; at: number | null }
  | { outcome: 'refused'; code: string; reason: string }
)

/**
 * Gives leads to a channel, or takes them out of theirs (null), whatever their number: a few statements for all, with
 * journal, events, and the versions of every scope that sees the difference. Each lead gets its own answer, in the order
 * asked. For bulk tasks: up to some thousands in a transaction. `onlyFrom`: those that are in this channel now, to take a
 * move back. `companions` go along, or keep a lead where it is. Throws 400 for a channel that is not there and 409 for one that may take no leads.
 */
export async function moveLeads(
  tx: Tx,
  leadIds: string[],
  channelId: number | null,
  { onlyFrom, companions }: { onlyFrom?: number | null; companions?: LeadCompanions } = {},
): Promise<LeadMove[]> {
  const store = leadStore(tx)
  await store.lockArrival()
  if (channelId !== null) await requireTaker(tx, channelId)
  const known = new Map((await store.lockLeads(leadIds)).map((lead) => [lead.leadId, lead]))
  const judged = [...new Set(leadIds)].map((leadId) => judge(leadId, known.get(leadId), channelId, onlyFrom))
  const moves = companions ? await withoutRefused(tx, judged, channelId, companions) : judged
  const moved = moves.flatMap((move) => {
    const lead = known.get(move.leadId)
    return move.outcome === 'moved' && lead ? [lead] : []
  })
  await leadChannelStore(tx).move(
    moved.map((lead) => movedTo(lead, channelId)),
    channelId,
  )
  const movedIds = moved.map(({ leadId }) => leadId)
  await leadReferenceStore(tx).move(movedIds, channelId)
  await store.touch(moved.flatMap((lead) => changesOf(lead.local.channelId, channelId)))
  await journal(tx).append(moved.flatMap((lead) => entriesOf(lead, channelId)))
  await emit(
    tx,
    moved.flatMap((lead) => eventsOf(lead, channelId)),
  )
  await moveDuties(tx, movedIds, channelId)
  await companions?.follow(tx, movedIds, channelId)
  return moves
}

async function withoutRefused(
  tx: Tx,
  moves: LeadMove[],
  channelId: number | null,
  companions: LeadCompanions,
): Promise<LeadMove[]> {
  const moving = moves.filter(({ outcome }) => outcome === 'moved').map(({ leadId }) => leadId)
  const refusals = await companions.refusals(tx, moving, channelId)
  return moves.map((move) => {
    const refusal = refusals.get(move.leadId)
    return refusal ? { leadId: move.leadId, name: move.name, outcome: 'refused', ...refusal } : move
  })
}

function judge(
  leadId: string,
  lead: StoredLead | undefined,
  to: number | null,
  onlyFrom: number | null | undefined,
): LeadMove {
  if (!lead) {
    const reason = 'The lead does not exist, or is not yours to see.'
    return { leadId, name: null, outcome: 'refused', code: 'not-found', reason }
  }
  const name = nameOf(lead)
  const from = lead.local.channelId
  if (from === to || (onlyFrom !== undefined && from !== onlyFrom)) {
    return { leadId, name, outcome: 'unchanged', at: from }
  }
  const verdict: Permitted = to === null ? mayRemoveChannel({ channelId: from }) : mayAssign(lead.remote)
  if (verdict.ok) return { leadId, name, outcome: 'moved', from, to }
  return { leadId, name, outcome: 'refused', code: verdict.code, reason: verdict.reason }
}

function movedTo(lead: StoredLead, channelId: number | null): MovedLead {
  const local = { ...lead.local, channelId, comments: lead.local.comments ?? [] }
  return { leadId: lead.leadId, arrival: lead.arrival, body: leadText(lead.remote, local, lead.civicAddresses) }
}

/** `touch` counts the operator as a whole by itself: what leaves one channel for another stays in it. */
function changesOf(from: number | null, to: number | null): ScopeChange[] {
  return [
    { channelId: from, added: -1 },
    { channelId: to, added: 1 },
  ]
}

const nameOf = (lead: StoredLead) => lead.remote.contactDetails.companyName

/** A move from channel to channel is told twice, once to each, so that neither learns of the other. */
function entriesOf(lead: StoredLead, to: number | null): JournalEntry[] {
  const object = { type: 'lead', id: lead.leadId, name: nameOf(lead) }
  const from = lead.local.channelId
  const entries: JournalEntry[] = []
  if (from !== null) {
    entries.push({ action: 'lead.channel-removed', object, channelId: from, before: { channelId: from }, after: null })
  }
  if (to !== null) {
    entries.push({ action: 'lead.channel-assigned', object, channelId: to, before: null, after: { channelId: to } })
  }
  return entries
}

function eventsOf(lead: StoredLead, to: number | null): NewEvent[] {
  const from = lead.local.channelId
  const events: NewEvent[] = []
  if (from !== null) {
    const payload = { leadId: lead.leadId, tenantId: lead.remote.tenantId, channelId: from }
    events.push({ name: 'lead.channel-removed', key: `lead/${lead.leadId}`, channelId: from, payload })
  }
  if (to !== null) events.push(assignedEvent(lead, to))
  return events
}

async function requireTaker(tx: Tx, channelId: number): Promise<Channel> {
  const channel = await channelStore(tx).find(channelId)
  if (!channel) throw badRequest([{ pointer: '/body/channelId', detail: `There is no channel ${channelId}.` }])
  const verdict = mayTakeLeads(channel)
  if (!verdict.ok) throw new AppError({ code: verdict.code, status: 409, detail: verdict.reason })
  return channel
}

const TENANT_WANTED = 'Must be a tenant id: a GUID such as f94238e5-4f2c-4e1b-8125-2d27122ca75f, without braces.'

export type LeadChannelService = ReturnType<typeof createLeadChannelService>

/** "Change Channel Partner" and "Remove Attached Channel", in our own form and in the documented one. */
export function createLeadChannelService({
  transact,
  assignCalls,
  companions,
}: {
  transact: Transact
  assignCalls: AssignCalls
  companions: LeadCompanions
}) {
  return {
    /**
     * One lead, by its id; throws what keeps it from being moved. `wholeTenant`: the other leads of its tenant go along, as
     * far as they may.
     */
    set: (
      principal: OperatorPrincipal,
      leadId: string,
      channelId: number | null,
      { ifMatch, wholeTenant = false }: { ifMatch?: string | undefined; wholeTenant?: boolean | undefined } = {},
    ): Promise<void> =>
      transact(principal, async (tx) => {
        const store = leadChannelStore(tx)
        await leadStore(tx).lockArrival()
        const known = await store.known(leadId)
        if (!known) throw notFound('The lead')
        demandMatch(ifMatch, leadTag(leadId, known.changedAt))
        const all = wholeTenant ? await store.find({ by: 'tenant', id: known.tenantId }) : [leadId]
        const moves = await moveLeads(tx, all, channelId, { companions })
        const move = moves.find((one) => one.leadId === leadId)
        if (move?.outcome === 'refused') throw new AppError({ code: move.code, status: 409, detail: move.reason })
      }),

    /** What a bulk task is given: a channel that may take leads, so that a mistake is told before it begins. Throws 400 and 409. */
    askedChannel: (
      principal: OperatorPrincipal,
      { channelId }: { channelId?: number },
    ): Promise<{ channelId: number }> =>
      transact(principal, async (tx) => ({ channelId: (await requireTaker(tx, channelId ?? 0)).channelId })),

    /** The documented assignment; counts against the documented limit. By tenant, all Active leads of it. */
    async assign(principal: OperatorPrincipal, body: AssignBody): Promise<void> {
      await assignCalls.take(principal)
      const asked = readAssignment(body)
      if (!asked.ok) throw flawed(asked.flaws)
      const { target, channelId } = asked
      await transact(principal, async (tx) => {
        await leadStore(tx).lockArrival()
        const leadIds = await leadChannelStore(tx).find(target)
        if (leadIds.length === 0) throw flawed([unknownTarget(target)])
        const moves = await moveLeads(tx, leadIds, channelId, { companions }).catch(asFlawOfChannel)
        const [refused] = moves.filter((move) => move.outcome === 'refused')
        const none = moves.every((move) => move.outcome === 'refused')
        if (none && refused?.outcome === 'refused') throw flawed([{ field: target.field, detail: refused.reason }])
      })
    },

    /** The documented removal: all leads of the tenant leave their channel, whatever their status. Answers the first channel. */
    async remove(principal: OperatorPrincipal, msTenantId: string): Promise<number> {
      const id = msTenantId.trim().toLowerCase()
      if (!isGuid(id)) throw queryFlaw(TENANT_WANTED)
      return transact(principal, async (tx) => {
        await leadStore(tx).lockArrival()
        const leadIds = await leadChannelStore(tx).find({ by: 'tenant', id })
        if (leadIds.length === 0) throw queryFlaw('There is no lead of this tenant.')
        const moves = await moveLeads(tx, leadIds, null, { companions })
        for (const move of moves) if (move.outcome === 'moved' && move.from !== null) return move.from
        throw queryFlaw('Its lead is in no channel.')
      })
    },
  }
}

/** What is wrong with fields of a documented body, by the names of its model, as documented. Source: rest-api.md 1.6. */
function flawed(flaws: FieldFlaw[]): AppError {
  return badRequest(
    flaws.map(({ field, detail }) => ({ pointer: `/body/${field.charAt(0).toUpperCase()}${field.slice(1)}`, detail })),
  )
}

/** A channel that cannot be given leads is a 400 like every other flaw of a documented body. */
function asFlawOfChannel(error: unknown): never {
  if (!(error instanceof AppError) || error.status >= 500) throw error
  throw flawed([{ field: 'channelId', detail: error.errors?.[0]?.detail ?? error.message }])
}

function unknownTarget({ by, field }: AssignTarget): FieldFlaw {
  const what = {
    tenant: 'There is no lead of this tenant.',
    lead: 'There is no such lead.',
    service: 'There is no such service.',
  }
  return { field, detail: what[by] }
}

function queryFlaw(detail: string): AppError {
  return badRequest([{ pointer: '/query/msTenantId', detail }])
}

/** What channels must know of leads. */
export const channelLeads: ChannelLeads = {
  lock: async (tx) => {
    await leadStore(tx).lockArrival()
  },
  counts: (tx) => leadChannelStore(tx).counts(),
  serviceCounts: (tx) => leadChannelStore(tx).serviceCounts(),
  some: (tx, channelId, limit) => leadChannelStore(tx).some(channelId, limit),
  noteChanged: (tx, channelId) => leadStore(tx).touch([{ channelId, added: 0 }]),
}
