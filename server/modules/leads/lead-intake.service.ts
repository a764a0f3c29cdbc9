import type { WireCivicAddress } from '../../../contract/leads.ts'
import type { Tx } from '../../platform/db/transaction.ts'
import { emit, type NewEvent } from '../../platform/events/index.ts'
import { type JournalEntry, journal } from '../audit/index.ts'
import { channelStore } from '../channels/index.ts'
import { addressesDueStore } from './addresses-due.store.ts'
import { relationshipOf, sameRelationship } from './direct-lead.rules.ts'
import { directLeadStore } from './direct-lead.store.ts'
import { directLeadTraceStore } from './direct-lead-trace.store.ts'
import {
  changesOf,
  type FieldChange,
  isActive,
  judgeAbsence,
  type ListingVerdict,
  type LocalFacts,
  type RemoteLead,
  withKnownOrigin,
} from './lead.rules.ts'
import { type AddressFailure, type KnownHash, leadStore } from './lead.store.ts'
import { addressesText } from './lead.view.ts'
import { welcomeActive, welcomeLeads } from './lead-arrival.ts'
import { isJudgement } from './lead-due.rules.ts'
import { leadDutyStore } from './lead-duty.store.ts'
import { arrivalEvent, assignedEvent, changeEvents, mergeEvent } from './lead-events.ts'
import { type LeadIntent, leadIntentStore } from './lead-intent.store.ts'
import { moveDuties } from './lead-owner.service.ts'
import { leadReferenceStore } from './lead-reference.store.ts'
import { type LeadWrite, newLead, newRow, type StoredLead } from './lead-write.store.ts'
import { relationshipIntentStore } from './relationship-intent.store.ts'
import { relationshipTold } from './relationship-told.ts'

/** One record of Microsoft, read; `hash` is that of the record as Microsoft sent it, in hex. */
export type IncomingLead = { remote: RemoteLead; hash: string }

/** Leads of a baseline made ready to be stored outside of any transaction, in the order in which they arrive. */
export type Newcomers = { leadIds: string[]; rows: Buffer }

export type IntakeCounts = { new: number; changed: number; unchanged: number; returned: number }

export type IntakeOptions = {
  /** First sync of the operator: nothing of it is news, so no events, and one journal entry for all. */
  baseline: boolean
  /** How the records came: `sync`, `check-online`. For the journal. */
  source: string
  /** Ids of the stored leads among the incoming, as `hashesOf` told in this transaction: saves asking again. */
  known?: ReadonlySet<string>
  /** The caller tells of the changes in words of its own. */
  untold?: boolean
  /** Microsoft was asked for these very leads after whatever was deleted here. */
  isPresent?: boolean
}

/**
 * What Microsoft says becomes what Leadline knows. Every function works in the caller's transaction: leads, their texts,
 * version, journal and events commit together. Local facts are never touched.
 */
export const leadIntake = {
  /**
   * Hash and absence mark of each known lead among the ids; the caller need not read records whose hash is the same.
   * Nobody else writes leads of the operator until the transaction ends, so the answer stays true.
   */
  async hashesOf(tx: Tx, leadIds: string[]): Promise<Map<string, KnownHash>> {
    const store = leadStore(tx)
    await store.lockArrival()
    return store.hashesOf(leadIds)
  },

  /** The number of the lead that arrived last. Nobody else brings one until the transaction ends. */
  lastArrival: async (tx: Tx) => (await leadStore(tx).lockArrival()) - 1,

  /** Puts leads that were written lately into the search index, up to `limit`; answers how many there were. */
  indexRecent: (tx: Tx, limit: number) => leadStore(tx).indexRecent(limit),

  /** To be called when `indexRecent` has moved the last of many. */
  settleSearch: (tx: Tx) => leadStore(tx).settleSearch(),

  /** Those of these leads that were deleted here lately: of them `apply` decides. */
  deletedOf: (tx: Tx, leadIds: string[]) => directLeadTraceStore(tx).deletedOf(leadIds),

  /** Stores new and changed leads in the order given; leads marked missing that are here again lose the mark. */
  async apply(tx: Tx, incoming: IncomingLead[], options: IntakeOptions): Promise<IntakeCounts> {
    const counts: IntakeCounts = { new: 0, changed: 0, unchanged: 0, returned: 0 }
    if (incoming.length === 0) return counts
    const store = leadStore(tx)
    let arrival = await store.lockArrival()
    const ids = incoming.map((one) => one.remote.id).filter((id) => options.known?.has(id) ?? true)
    const known = new Map((await store.lockLeads(ids)).map((lead) => [lead.leadId, lead]))
    const writes: LeadWrite[] = []
    const added: LeadWrite[] = []
    const entries: JournalEntry[] = []
    const events: NewEvent[] = []
    const judged: string[] = []
    const activated: StoredLead[] = []
    const strangers = incoming.filter(({ remote }) => remote.isDirectLead && !known.has(remote.id))
    const seen = await passedOver(tx, strangers, options)
    const intents = await takeIntents(
      tx,
      strangers.filter(({ remote }) => !seen.has(remote.id)),
    )
    const ownRelations = options.untold ? new Map() : await takeOwnRelations(tx, incoming, known)

    for (const { remote, hash } of incoming) {
      // Microsoft may list a record twice on one page; the first is the one that counts.
      if (seen.has(remote.id)) continue
      seen.add(remote.id)
      const before = known.get(remote.id)
      if (!before) {
        const lead = newLead(remote, hash, arrival++)
        added.push(lead)
        writes.push(lead)
        if (!options.baseline) {
          tell(lead, 'lead.created', undefined, entries, options, intents.get(lead.leadId)?.channelId ?? null)
          events.push(arrivalEvent(lead))
        }
        counts.new++
        continue
      }
      const after = withKnownOrigin(before.remote.isDirectLead, remote)
      const changes = changesOf(before.remote, after)
      if (before.missing) counts.returned++
      if (changes.length === 0 && before.remoteHash === hash && !before.missing) {
        counts.unchanged++
        continue
      }
      const lead = { ...before, remote: after, remoteHash: hash }
      writes.push(lead)
      if (changes.length === 0) {
        counts.unchanged++
        continue
      }
      if (isActive(after) && !isActive(before.remote)) activated.push(lead)
      if (isJudgement(before.remote, after)) judged.push(lead.leadId)
      counts.changed++
      const own = ownRelations.get(lead.leadId)
      if (own) {
        const [was, is] = [relationshipOf(before.remote), relationshipOf(after)]
        const told = relationshipTold(lead, lead.local.channelId, { before: was, after: is, by: own.by })
        entries.push(told.entry)
        events.push(told.event)
      }
      const theirs = own ? besideRelation(changes) : changes
      if (theirs.length === 0) continue
      tell(lead, 'lead.changed', theirs, entries, options)
      events.push(...changeEvents(lead, theirs, false))
    }

    await store.write(writes)
    const fresh = new Set(added)
    await store.touch(
      writes.map((lead) => ({ channelId: lead.local.channelId, added: fresh.has(lead) ? 1 : 0 })),
      arrival - 1,
    )
    const addedIds = added.map((lead) => lead.leadId)
    if (options.baseline && added.length > 0) entries.push(baselineEntry(tx, addedIds))
    if (!options.untold) {
      await journal(tx).append(entries)
      if (!options.baseline) events.push(...(await mergeEvents(tx, added)))
      await emit(tx, events)
    }
    await leadDutyStore(tx).meet(judged)
    const taken = await adoptIntents(tx, added, intents)
    if (!options.baseline) {
      await welcomeLeads(tx, added, taken)
      await welcomeActive(tx, activated)
    }
    return counts
  },

  /** The `order`-th of newcomers (from 0) as a row; `Newcomers.rows` is the rows of all, one after the other. */
  newcomerRow: (operatorId: number, order: number, { remote, hash }: IncomingLead) =>
    newRow(operatorId, order, remote, hash),

  /** Stores newcomers of a baseline, none of which may be known: as `apply`, but nothing is left to be done but writing. */
  async applyNewcomers(tx: Tx, { leadIds, rows }: Newcomers): Promise<void> {
    if (leadIds.length === 0) return
    const store = leadStore(tx)
    const arrival = await store.lockArrival()
    await store.insert(rows, arrival)
    await store.touch(
      leadIds.map(() => ({ channelId: null, added: 1 })),
      arrival + leadIds.length - 1,
    )
    await journal(tx).append([baselineEntry(tx, leadIds)])
  },

  /**
   * Compares a complete listing with what is known. Absence is only a suspicion: it marks leads as missing, and a listing
   * that shrank suddenly marks none, unless it has stayed so for long (`believed`). `known`: that was told before, so it
   * is not told again. Direct leads are judged by themselves, as nothing says that the listing holds them at all: where it
   * lacks many of them, none is marked.
   */
  async judgeListing(
    tx: Tx,
    listed: ReadonlySet<string>,
    shrunk: { believed: boolean; known: boolean } = { believed: false, known: false },
  ): Promise<ListingVerdict & { missing: number }> {
    const store = leadStore(tx)
    const expected = await store.listedIds(false)
    const missing = expected.filter((id) => !listed.has(id))
    const direct = await store.listedIds(true)
    const missingDirect = direct.filter((id) => !listed.has(id))
    const verdict = shrunk.believed ? ({ trusted: true } as const) : judgeAbsence(expected.length, missing.length)
    if (verdict.trusted) {
      const isDirectTrusted = judgeAbsence(direct.length, missingDirect.length).trusted
      const marked = isDirectTrusted ? [...missing, ...missingDirect] : missing
      if (marked.length > 0) await store.markMissing(marked)
    } else if (!shrunk.known) await tellShrunk(tx, expected.length, missing.length, verdict.reason)
    return { ...verdict, missing: missing.length }
  },

  /** What Microsoft answers about a lead that its listing lacks; the lead stays marked as missing. */
  async applyMissing(tx: Tx, incoming: IncomingLead): Promise<void> {
    const { id } = incoming.remote
    const known = (await leadStore(tx).hashesOf([id])).get(id)
    if (known?.hash === incoming.hash) return
    await leadIntake.apply(tx, [incoming], { baseline: false, source: 'sync' })
    await leadStore(tx).markMissing([id])
  },

  /** A tenant whose consented lead is Active and listed; null when there is none. */
  presentTenant: (tx: Tx) => leadStore(tx).presentTenant(),

  /** Leads whose absence has to be confirmed by asking Microsoft for each. */
  missing: (tx: Tx, limit: number) => leadStore(tx).missing(limit),

  /** Microsoft has been asked for this very lead, and it is gone: its status becomes Removed, everything else stays. */
  async markRemoved(tx: Tx, leadId: string): Promise<boolean> {
    const store = leadStore(tx)
    await store.lockArrival()
    const [lead] = await store.lockLeads([leadId])
    if (!lead || lead.remote.status === 'Removed') return false
    const removed = { ...lead, remote: { ...lead.remote, status: 'Removed' }, remoteHash: '' }
    await store.write([removed])
    await store.touch([{ channelId: lead.local.channelId, added: 0 }])
    await leadDutyStore(tx).meet([leadId])
    const entries: JournalEntry[] = []
    const changes = [{ field: 'status', before: lead.remote.status, after: 'Removed' }]
    tell(removed, 'lead.removed', changes, entries, { baseline: false, source: 'sync' })
    await journal(tx).append(entries)
    await emit(tx, changeEvents(removed, changes, true))
    return true
  },

  tenantsDueForAddresses: (tx: Tx, limit: number, askedBefore: Date, failedBefore: Date) =>
    addressesDueStore(tx).tenants(limit, askedBefore, failedBefore),
  countDueForAddresses: (tx: Tx, askedBefore: Date, failedBefore: Date) =>
    addressesDueStore(tx).count(askedBefore, failedBefore),

  /** Keeps Microsoft's answer on a tenant's civic addresses on all its leads, or why there was none. */
  async applyAddresses(
    tx: Tx,
    tenantId: string,
    answer: { addresses: WireCivicAddress[] } | AddressFailure,
  ): Promise<{ changed: boolean }> {
    const store = leadStore(tx)
    await store.lockArrival()
    const leads = await store.lockTenant(tenantId)
    if ('failure' in answer) {
      await store.writeAddresses(leads, answer)
      return { changed: false }
    }
    const changed = await store.writeAddresses(leads, { addresses: addressesText(answer.addresses) })
    await store.touch(changed)
    return { changed: changed.length > 0 }
  },
}

/**
 * Changes facts of a lead that only Leadline knows; for the process use cases that decide them. Moves the lead between
 * channels when its channel changes. False when there is no such lead.
 */
export async function setLocalFacts(
  tx: Tx,
  leadId: string,
  action: string,
  facts: Partial<LocalFacts>,
): Promise<boolean> {
  const store = leadStore(tx)
  await store.lockArrival()
  const [lead] = await store.lockLeads([leadId])
  if (!lead) return false
  const local = { ...lead.local, ...facts, comments: facts.comments ?? lead.local.comments ?? [] }
  await store.write([{ ...lead, local, staysMissing: lead.missing }])
  const moved = local.channelId !== lead.local.channelId
  if (moved) await leadReferenceStore(tx).move([lead.leadId], local.channelId)
  // A license is a judgement.
  if (local.umpCustomerGuid !== null && lead.local.umpCustomerGuid === null) await leadDutyStore(tx).meet([leadId])
  await store.touch(
    moved
      ? [
          { channelId: lead.local.channelId, added: -1 },
          { channelId: local.channelId, added: 1 },
        ]
      : [{ channelId: local.channelId, added: 0 }],
  )
  await journal(tx).append({
    action,
    object: { type: 'lead', id: leadId, name: lead.remote.contactDetails.companyName },
    channelId: local.channelId,
    before: Object.fromEntries(Object.keys(facts).map((name) => [name, lead.local[name as keyof LocalFacts]])),
    after: facts,
  })
  if (moved) await moveDuties(tx, [lead.leadId], local.channelId)
  return true
}

/** The alert that a listing cannot be believed: in the journal, and as an event. */
async function tellShrunk(tx: Tx, known: number, missing: number, detail: string): Promise<void> {
  const runId = tx.principal.requestId
  await journal(tx).append({
    action: 'leads.listing-shrank',
    object: { type: 'sync', id: runId },
    result: 'refused',
    detail,
    after: { known, missing },
  })
  await emit(tx, { name: 'sync.listing-shrank', key: `sync/${tx.operatorId}`, payload: { known, missing, runId } })
}

/**
 * Relations that Microsoft tells as somebody here has told it to change them, before he could tell so himself: he was cut off,
 * or has not heard the answer yet. Source: decision 0014.
 */
function takeOwnRelations(tx: Tx, incoming: IncomingLead[], known: ReadonlyMap<string, StoredLead>) {
  const changed = incoming.flatMap(({ remote }) => {
    const before = known.get(remote.id)
    const relationship = relationshipOf(remote)
    if (!before || !relationship || sameRelationship(relationshipOf(before.remote), relationship)) return []
    return [{ leadId: remote.id, relationship }]
  })
  return relationshipIntentStore(tx).takeDone(changed)
}

/** What Microsoft has changed beside the relation; that it has modified the record says nothing by itself. */
function besideRelation(changes: FieldChange[]): FieldChange[] {
  const others = changes.filter(({ field }) => field !== 'customerRelationship')
  return others.every(({ field }) => field === 'lastModifiedOn') ? [] : others
}

/**
 * The journal entry of one lead. `adopter`: the channel whose it is about to be. Whoever made it works there, which the next
 * channel of the lead must not learn.
 */
function tell(
  lead: LeadWrite | StoredLead,
  name: 'lead.created' | 'lead.changed' | 'lead.removed',
  changes: FieldChange[] | undefined,
  entries: JournalEntry[],
  { source }: IntakeOptions,
  adopter: number | null = null,
): void {
  const channelId = adopter ?? lead.local.channelId
  const object = { type: 'lead', id: lead.leadId, name: lead.remote.contactDetails.companyName }
  const before = changes && Object.fromEntries(changes.map((change) => [change.field, change.before]))
  const after = changes
    ? Object.fromEntries(changes.map((change) => [change.field, change.after]))
    : { tenantId: lead.remote.tenantId, status: lead.remote.status, consentedCountries: lead.remote.consentedCountries }
  entries.push({ action: name, object, channelId, before, after, detail: `Microsoft, by ${source}` })
}

/** Newcomers whose tenant has a lead already, older or from the same page. */
async function mergeEvents(tx: Tx, added: LeadWrite[]): Promise<NewEvent[]> {
  const known = await directLeadStore(tx).ofTenants([...new Set(added.map(({ remote }) => remote.tenantId))])
  return added.flatMap((lead) => {
    const others = known.filter((one) => one.tenantId === lead.remote.tenantId && one.arrival < lead.arrival)
    if (others.length === 0) return []
    return [
      mergeEvent(
        lead,
        others.map(({ leadId }) => leadId),
      ),
    ]
  })
}

/** Takes the intents of direct leads that have come: what was asked for, by lead. */
async function takeIntents(tx: Tx, strangers: IncomingLead[]): Promise<Map<string, LeadIntent>> {
  const direct = new Map(strangers.map(({ remote }) => [remote.tenantId, remote.id]))
  if (direct.size === 0) return new Map()
  const intents = await leadIntentStore(tx).take([...direct.keys()], 'create')
  return new Map(
    intents.flatMap((intent): [string, LeadIntent][] => {
      const leadId = direct.get(intent.tenantId)
      return leadId === undefined ? [] : [[leadId, intent]]
    }),
  )
}

/**
 * Direct leads that were deleted here: what Microsoft was asked before may still hold them, so they do not come back by
 * being told of; that they are is noted, and Microsoft asked for each. Source: decision 0014.
 */
async function passedOver(tx: Tx, strangers: IncomingLead[], { isPresent }: IntakeOptions): Promise<Set<string>> {
  const store = directLeadTraceStore(tx)
  const deleted = await store.deletedOf(strangers.map(({ remote }) => remote.id))
  if (deleted.size === 0) return deleted
  if (!isPresent) {
    await store.noteTold([...deleted], true)
    return deleted
  }
  await store.noteBack([...deleted])
  return new Set()
}

/**
 * Direct leads that were asked for here, and by whom: they belong to whoever asked, however they came in. Answers those
 * that belong to a channel now.
 */
async function adoptIntents(tx: Tx, added: LeadWrite[], asked: ReadonlyMap<string, LeadIntent>): Promise<Set<string>> {
  const taken = new Set<string>()
  for (const { leadId } of added) {
    const intent = asked.get(leadId)
    if (intent && (await adopt(tx, leadId, intent))) taken.add(leadId)
  }
  return taken
}

/**
 * A lead is what somebody asked for: it is known by his Idempotency-Key, and his channel's. A channel that was deleted
 * meanwhile gets nothing, and must not stop the sync. Whether it has the lead now.
 */
export async function adopt(
  tx: Tx,
  leadId: string,
  { tenantId, channelId, keyHash }: Pick<LeadIntent, 'tenantId' | 'channelId' | 'keyHash'>,
): Promise<boolean> {
  if (keyHash !== null) await directLeadTraceStore(tx).noteKey({ leadId, tenantId }, keyHash)
  if (channelId === null || !(await channelStore(tx).find(channelId))) return false
  if (!(await setLocalFacts(tx, leadId, 'lead.channel-assigned', { channelId }))) return false
  const [lead] = await leadStore(tx).lockLeads([leadId])
  if (!lead) return false
  await directLeadTraceStore(tx).noteMade({ leadId, tenantId }, channelId)
  await emit(tx, assignedEvent(lead, channelId))
  return true
}

function baselineEntry(tx: Tx, added: string[]): JournalEntry {
  return {
    action: 'leads.baseline',
    object: { type: 'sync', id: tx.principal.requestId },
    after: { count: added.length, first: added[0], last: added.at(-1) },
    detail: `${added.length} leads that were there when the operator was first synced`,
  }
}
