import type { WireLeadOwners } from '../../../contract/lead-owner.ts'
import type { Clock } from '../../kernel/clock.ts'
import { notFound } from '../../kernel/errors.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { Transact, Tx } from '../../platform/db/transaction.ts'
import { emit } from '../../platform/events/index.ts'
import { demandMatch } from '../../platform/http/index.ts'
import { type JournalEntry, journal } from '../audit/index.ts'
import { leadStaff, type StaffMember } from '../people/index.ts'
import { leadStore } from './lead.store.ts'
import { leadChannelStore } from './lead-channel.store.ts'
import { type DueDate, type Duty, type DutyLead, type LostOwner, leadDutyStore } from './lead-duty.store.ts'
import { ownerEvent } from './lead-events.ts'
import { dueAsked, mayOwn, ownerAsked, refused, staffMember } from './lead-owner.rules.ts'
import { leadRuleStore } from './lead-rule.store.ts'
import { leadTag } from './lead-tag.rules.ts'
import type { StoredLead } from './lead-write.store.ts'

/** What became of one lead. `done`: it was `from` before; `unchanged`: it was so already, or is not as it was expected. */
export type DutyOutcome<From = unknown> = { leadId: string; companyName: string | null } & (
  | { outcome: 'done'; from: From }
  | { outcome: 'unchanged'; isWanted: boolean }
  | { outcome: 'refused'; code: string; reason: string }
)

/** A due date as it was; instants in ISO 8601, since a task keeps it. */
export type DueBefore = { dueAt: string | null; metAt: string | null }

/**
 * Gives leads to a person, or to nobody (null), whatever their number, with journal and events in a few statements. Each
 * lead gets an answer of its own, in the order asked. `onlyFrom`: those that still belong to that person, or to nobody.
 */
export async function giveLeads(
  tx: Tx,
  leadIds: string[],
  owner: StaffMember | null,
  { onlyFrom }: { onlyFrom?: string | null } = {},
): Promise<DutyOutcome<string | null>[]> {
  const store = leadDutyStore(tx)
  const { known, duties } = await lockDuties(tx, leadIds)
  const outcomes = leadIds.map((leadId): DutyOutcome<string | null> => {
    const lead = known.get(leadId)
    if (!lead) return missing(leadId)
    const companyName = nameOf(lead)
    const duty = duties.get(leadId)
    const from = duty?.ownerId ?? null
    if (from === (owner?.personId ?? null) && (duty?.leftName ?? null) === null) {
      return { leadId, companyName, outcome: 'unchanged', isWanted: true }
    }
    if (onlyFrom !== undefined && from !== onlyFrom) {
      return { leadId, companyName, outcome: 'unchanged', isWanted: false }
    }
    const verdict = owner ? mayOwn(owner, lead.local) : ({ ok: true } as const)
    if (verdict.ok) return { leadId, companyName, outcome: 'done', from }
    return { leadId, companyName, outcome: 'refused', code: verdict.code, reason: verdict.reason }
  })
  const changed = doneOf(outcomes, known)
  if (changed.length === 0) return outcomes
  await store.setOwner(changed.map(dutyLead), owner)
  // Somebody has decided: no rule does any more.
  await leadRuleStore(tx).takeOwed(changed.map(({ leadId }) => leadId))
  await tellOwners(tx, changed, (lead) => ({ before: duties.get(lead.leadId), after: owner, reason: 'set' }))
  await noteChanged(tx, changed)
  return outcomes
}

/** Sets the due date of leads anew, or takes it away (null). */
export function setDueDates(tx: Tx, leadIds: string[], dueAt: Date | null): Promise<DutyOutcome<DueBefore>[]> {
  return changeDue(tx, leadIds, { dueAt, metAt: null, toldAt: null })
}

/**
 * Makes due dates again what they were, of leads that are still due at `from` and have not been judged since. One that has
 * passed is not told a second time.
 */
export function restoreDueDates(
  tx: Tx,
  leadIds: string[],
  { dueAt, metAt }: DueBefore,
  from: Date | null,
): Promise<DutyOutcome<DueBefore>[]> {
  const at = dueAt === null ? null : new Date(dueAt)
  const now = new Date()
  const due = { dueAt: at, metAt: metAt === null ? null : new Date(metAt), toldAt: at && at <= now ? now : null }
  return changeDue(tx, leadIds, due, (duty) => isSameInstant(duty?.dueAt, from) && (duty?.metAt ?? null) === null)
}

async function changeDue(
  tx: Tx,
  leadIds: string[],
  due: DueDate,
  isExpected: (duty: Duty | undefined) => boolean = () => true,
): Promise<DutyOutcome<DueBefore>[]> {
  const { dueAt } = due
  const { known, duties } = await lockDuties(tx, leadIds)
  const outcomes = leadIds.map((leadId): DutyOutcome<DueBefore> => {
    const lead = known.get(leadId)
    if (!lead) return missing(leadId)
    const companyName = nameOf(lead)
    const duty = duties.get(leadId)
    if (isSameInstant(duty?.dueAt, dueAt) && isSameInstant(duty?.metAt, due.metAt)) {
      return { leadId, companyName, outcome: 'unchanged', isWanted: true }
    }
    if (!isExpected(duty)) return { leadId, companyName, outcome: 'unchanged', isWanted: false }
    const from = { dueAt: duty?.dueAt?.toISOString() ?? null, metAt: duty?.metAt?.toISOString() ?? null }
    return { leadId, companyName, outcome: 'done', from }
  })
  const changed = doneOf(outcomes, known)
  if (changed.length === 0) return outcomes
  await leadDutyStore(tx).setDue(changed.map(dutyLead), due)
  const action = 'lead.due-changed'
  const after = { dueAt: dueAt?.toISOString() ?? null }
  const beforeOf = ({ leadId }: StoredLead) => ({ dueAt: duties.get(leadId)?.dueAt?.toISOString() ?? null })
  await journal(tx).append(changed.map((lead) => ({ ...entryOf(lead), action, before: beforeOf(lead), after })))
  await emit(
    tx,
    changed.map((lead) => ({
      ...({ name: action, key: `lead/${lead.leadId}`, channelId: lead.local.channelId } as const),
      payload: { leadId: lead.leadId, tenantId: lead.remote.tenantId, before: beforeOf(lead), after },
    })),
  )
  await noteChanged(tx, changed)
  return outcomes
}

const RELEASED_AT_ONCE = 500

/** Takes leads from owners who have left, or cannot see them any more, up to some hundreds; answers how many. */
export async function releaseLeads(tx: Tx): Promise<number> {
  await leadStore(tx).lockArrival()
  const store = leadDutyStore(tx)
  const staff = new Map((await leadStaff(tx)).map((member) => [member.personId, member]))
  const owned = await store.ownersByChannel()
  const lost = owned.filter(({ ownerId, channelId }) => {
    const member = staff.get(ownerId)
    return !member || !mayOwn(member, { channelId }).ok
  })
  for (const { ownerId, ownerChannelId } of owned) {
    const member = staff.get(ownerId)
    if (member && member.channelId !== ownerChannelId) await store.moveOwner(ownerId, member.channelId)
  }
  if (lost.length === 0) return 0
  const released = await store.release(lost, RELEASED_AT_ONCE)
  await tellLost(tx, released, 'left')
  return released.length
}

/** Takes leads that went to another channel along, and from owners who cannot see them there. */
export async function moveDuties(tx: Tx, leadIds: string[], channelId: number | null): Promise<void> {
  const lost = await leadDutyStore(tx).move(leadIds, channelId)
  // Handed over is judged.
  if (channelId !== null) await leadDutyStore(tx).meet(leadIds)
  await tellLost(tx, lost, 'moved')
}

/**
 * What is told of owners who have lost their leads. Of a lead that has moved the channel it was taken from is told, as of
 * the move itself: its next one must not learn who worked on it there.
 */
async function tellLost(tx: Tx, lost: LostOwner[], reason: 'left' | 'moved'): Promise<void> {
  if (lost.length === 0) return
  const byLead = new Map(lost.map((one) => [one.leadId, one]))
  const leads = (await leadStore(tx).lockLeads([...byLead.keys()])).map((lead) => {
    const channelId = byLead.get(lead.leadId)?.toldChannelId ?? null
    return { ...lead, local: { ...lead.local, channelId } }
  })
  await tellOwners(tx, leads, ({ leadId }) => ({ before: byLead.get(leadId), after: null, reason }))
  if (reason === 'left') await noteChanged(tx, leads)
}

type OwnerChange = {
  before: Pick<Duty, 'ownerId' | 'ownerName'> | undefined
  after: Pick<StaffMember, 'personId' | 'name'> | null
  reason: 'set' | 'rule' | 'left' | 'moved'
  /** Of the rule. */
  ruleName?: string
}

/** Journal and events of leads that have got another owner. */
export async function tellOwners(
  tx: Tx,
  leads: Pick<StoredLead, 'leadId' | 'remote' | 'local'>[],
  changeOf: (lead: Pick<StoredLead, 'leadId'>) => OwnerChange,
): Promise<void> {
  const { principal } = tx
  const byPersonId = principal.kind === 'person' ? principal.id : null
  await journal(tx).append(leads.map((lead) => ownerEntry(lead, changeOf(lead))))
  await emit(
    tx,
    leads.map((lead) => {
      const { before, after, reason } = changeOf(lead)
      const ids = { ownerId: after?.personId ?? null, formerOwnerId: before?.ownerId ?? null }
      return ownerEvent(lead, { ...ids, reason, byPersonId })
    }),
  )
}

const REASONS = {
  left: 'Nobody sees to it: its owner has left, or may not see it any more.',
  moved: 'Nobody sees to it: its owner cannot see leads of this channel.',
}

function ownerEntry(
  lead: Pick<StoredLead, 'leadId' | 'remote' | 'local'>,
  { before, after, reason, ruleName }: OwnerChange,
): JournalEntry {
  const detail = reason === 'rule' ? `By the rule "${ruleName ?? ''}"` : reason === 'set' ? undefined : REASONS[reason]
  return {
    ...entryOf(lead),
    // Entries about channels are never handed on to the next one (migration 0013).
    action: reason === 'moved' ? 'lead.channel-owner-lost' : 'lead.owner-changed',
    before: { ownerId: before?.ownerId ?? null, owner: before?.ownerName ?? null },
    after: { ownerId: after?.personId ?? null, owner: after?.name ?? null },
    ...(detail !== undefined && { detail }),
  }
}

function entryOf({ leadId, remote, local }: Pick<StoredLead, 'leadId' | 'remote' | 'local'>) {
  return {
    object: { type: 'lead', id: leadId, name: remote.contactDetails.companyName },
    channelId: local.channelId,
  }
}

async function lockDuties(tx: Tx, leadIds: string[]) {
  const store = leadStore(tx)
  await store.lockArrival()
  const known = new Map((await store.lockLeads(leadIds)).map((lead) => [lead.leadId, lead]))
  return { known, duties: await leadDutyStore(tx).find(leadIds) }
}

async function noteChanged(tx: Tx, leads: Pick<StoredLead, 'leadId' | 'local'>[]): Promise<void> {
  await leadDutyStore(tx).touchLeads(leads.map(({ leadId }) => leadId))
  await leadStore(tx).touch(leads.map(({ local }) => ({ channelId: local.channelId, added: 0 })))
}

function doneOf(outcomes: DutyOutcome[], known: Map<string, StoredLead>): StoredLead[] {
  return outcomes.flatMap(({ leadId, outcome }) => {
    const lead = known.get(leadId)
    return outcome === 'done' && lead ? [lead] : []
  })
}

function isSameInstant(one: Date | null | undefined, other: Date | null): boolean {
  return (one?.getTime() ?? null) === (other?.getTime() ?? null)
}

function missing(leadId: string): DutyOutcome<never> {
  const reason = 'The lead does not exist, or is not yours to see.'
  return { leadId, companyName: null, outcome: 'refused', code: 'not-found', reason }
}

const nameOf = (lead: StoredLead) => lead.remote.contactDetails.companyName
const dutyLead = ({ leadId, arrival, local }: StoredLead): DutyLead => ({ leadId, arrival, channelId: local.channelId })

/** What waits for whoever asks, and for everybody he sees. */
export type DutyCounts = { mine: number; mineOverdue: number; overdue: number; left: number }

export type LeadOwnerService = ReturnType<typeof createLeadOwnerService>

export function createLeadOwnerService({ transact, clock }: { transact: Transact; clock: Clock }) {
  async function changeOne(
    principal: OperatorPrincipal,
    leadId: string,
    ifMatch: string | undefined,
    change: (tx: Tx, leadId: string) => Promise<DutyOutcome[]>,
  ): Promise<void> {
    await transact(principal, async (tx) => {
      const id = leadId.toLowerCase()
      await leadStore(tx).lockArrival()
      const known = await leadChannelStore(tx).known(id)
      if (!known) throw notFound('The lead')
      demandMatch(ifMatch, leadTag(id, known.changedAt))
      const [outcome] = await change(tx, id)
      if (outcome?.outcome === 'refused') throw refused(outcome)
    })
  }

  return {
    /** One lead; `me` is whoever asks. Throws 400 where there is no such person, 409 where he cannot see the lead. */
    setOwner: (
      principal: OperatorPrincipal,
      leadId: string,
      asked: string | null,
      ifMatch: string | undefined,
    ): Promise<void> => {
      const pointer = '/body/ownerId'
      const personId = ownerAsked(principal, asked, pointer)
      return changeOne(principal, leadId, ifMatch, async (tx, id) => {
        const owner = personId === null ? null : staffMember(await leadStaff(tx), personId, pointer)
        return giveLeads(tx, [id], owner)
      })
    },

    setDue: (
      principal: OperatorPrincipal,
      leadId: string,
      asked: string | null,
      ifMatch: string | undefined,
    ): Promise<void> => {
      const dueAt = dueAsked(asked, clock.now(), '/body/dueAt')
      return changeOne(principal, leadId, ifMatch, (tx, id) => setDueDates(tx, [id], dueAt))
    },

    /** Who can own leads, and how many each has, in the scope of whoever asks. */
    list: (principal: OperatorPrincipal): Promise<WireLeadOwners> =>
      transact(principal, async (tx) => {
        const { owners, overdue, left } = await leadDutyStore(tx).counts(clock.now())
        const data = (await leadStaff(tx)).map(({ personId, name, channelId, channelName }) => ({
          personId,
          name,
          channel: channelId === null ? null : { id: channelId, name: channelName ?? '' },
          ...(owners.get(personId) ?? { leads: 0, overdue: 0 }),
        }))
        return { data, unowned: { overdue, left } }
      }),

    /** For Home: what waits for whoever asks, and what is late for all. */
    counts: (principal: OperatorPrincipal): Promise<DutyCounts> =>
      transact(principal, async (tx) => {
        const { owners, overdue, left } = await leadDutyStore(tx).counts(clock.now())
        const mine = principal.kind === 'person' ? owners.get(principal.id) : undefined
        const all = [...owners.values()].reduce((sum, one) => sum + one.overdue, overdue)
        return { mine: mine?.leads ?? 0, mineOverdue: mine?.overdue ?? 0, overdue: all, left }
      }),

    /** What a bulk task is given: who is meant, so that a mistake is told before it begins. */
    askedOwner: (
      principal: OperatorPrincipal,
      asked: { ownerId?: string | null },
    ): Promise<{ ownerId: string | null }> =>
      transact(principal, async (tx) => {
        const pointer = '/body/ownerId'
        const ownerId = ownerAsked(principal, asked.ownerId ?? null, pointer)
        if (ownerId !== null) staffMember(await leadStaff(tx), ownerId, pointer)
        return { ownerId }
      }),
  }
}
