import { randomUUID } from 'node:crypto'
import { AppError, badRequest, notFound } from '../../kernel/errors.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { Transact, Tx } from '../../platform/db/transaction.ts'
import { emit } from '../../platform/events/index.ts'
import { demandMatch } from '../../platform/http/index.ts'
import { journal } from '../audit/index.ts'
import { channelStore, mayTakeLeads } from '../channels/index.ts'
import { operatorStore } from '../operators/index.ts'
import {
  mayDelete,
  needsComment,
  type Relationship,
  type RelationshipStatus,
  readCompanyName,
  readDomain,
  readTenantId,
  relationshipOf,
  sameRelationship,
} from './direct-lead.rules.ts'
import { directLeadStore } from './direct-lead.store.ts'
import { directLeadTraceStore } from './direct-lead-trace.store.ts'
import { leadStore } from './lead.store.ts'
import { leadChannelStore } from './lead-channel.store.ts'
import { type IncomingLead, leadIntake } from './lead-intake.service.ts'
import { leadIntentStore } from './lead-intent.store.ts'
import type { LeadSource } from './lead-source.ts'
import { leadTag } from './lead-tag.rules.ts'
import type { StoredLead } from './lead-write.store.ts'
import { leadsById } from './leads-by-id.store.ts'
import { type RelationshipIntent, relationshipIntentStore } from './relationship-intent.store.ts'
import { relationshipTold } from './relationship-told.ts'

export type NewLead = { tenantId: string; companyName: string; acceptNameInUse?: boolean | undefined }

export type DirectLeadService = ReturnType<typeof createDirectLeadService>

/**
 * Leads that the operator makes and takes away itself, and its side of the relation. Microsoft is asked outside of any
 * transaction; an intent, written before, lets the next sync finish what a crash or a lost answer leaves.
 */
export function createDirectLeadService({ transact, source }: { transact: Transact; source: LeadSource }) {
  return {
    /**
     * Makes a direct lead and answers its id; for a channel's people it belongs to the channel at once. `keyHash`: of the
     * Idempotency-Key; what was made with it before is answered, and not made again.
     */
    async create(
      principal: OperatorPrincipal,
      asked: NewLead,
      keyHash: string | null,
      signal: AbortSignal,
    ): Promise<string> {
      const { tenantId, companyName } = readNew(asked)
      const operator = wholeOperator(principal)
      const intent = {
        tenantId,
        kind: 'create' as const,
        companyName,
        channelId: principal.channelId,
        askedBy: principal.name,
        keyHash,
      }
      const begun = await transact(operator, async (tx): Promise<Begun> => {
        await leadStore(tx).lockArrival()
        const leadId = keyHash === null ? null : await directLeadTraceStore(tx).madeWith(keyHash, tenantId)
        if (leadId !== null) return { state: 'made', leadId }
        const found = await findRefusal(
          tx,
          principal,
          tenantId,
          companyName,
          asked.acceptNameInUse === true ? 'accepted' : 'asked',
        )
        if (found) return { state: 'refused', refusal: found }
        const isRepeated = keyHash !== null && (await leadIntentStore(tx).isCutOff(tenantId, keyHash))
        await leadIntentStore(tx).put(intent)
        return { state: 'begun', isRepeated }
      })
      if (begun.state === 'made') return begun.leadId
      if (begun.state === 'refused') throw begun.refusal
      const made = await source.createDirect(operator, tenantId, companyName, signal)
      if (made.outcome === 'created') {
        await transact(operator, (tx) =>
          leadIntake.apply(tx, [made.lead], { baseline: false, source: 'direct lead', isPresent: true }),
        )
        return made.lead.remote.id
      }
      // A consent that has not been synced yet: now it is known, and says by itself whose it is; a direct lead that
      // somebody is making at this moment takes the intent along.
      if (made.outcome === 'exists') await source.fetchTenant(principal, tenantId, signal)
      // Of a tenant that Microsoft made a lead of for us before we were cut off, this has brought it.
      if (begun.isRepeated && keyHash !== null) {
        const leadId = await transact(operator, (tx) => directLeadTraceStore(tx).madeWith(keyHash, tenantId))
        if (leadId !== null) return leadId
      }
      await transact(operator, (tx) => leadIntentStore(tx).take([tenantId], 'create'))
      if (made.outcome === 'refused') throw tenantRefused()
      throw (
        (await transact(operator, (tx) => findRefusal(tx, principal, tenantId, companyName, 'settled'))) ??
        tenantRefused()
      )
    },

    /** Deletes a direct lead at Microsoft, then here. */
    async remove(principal: OperatorPrincipal, leadId: string, signal: AbortSignal): Promise<void> {
      const lead = await transact(principal, async (tx) => {
        const found = await lockOne(tx, leadId)
        const verdict = mayDelete(found.remote, found.local)
        if (!verdict.ok) throw new AppError({ code: verdict.code, status: 409, detail: verdict.reason })
        return found
      })
      const operator = wholeOperator(principal)
      const { tenantId } = lead.remote
      const companyName = lead.remote.contactDetails.companyName ?? ''
      const asked = { channelId: null, askedBy: principal.name, keyHash: null }
      const intent = { tenantId, kind: 'delete' as const, companyName, ...asked }
      await transact(operator, (tx) => leadIntentStore(tx).put(intent))
      await source.deleteDirect(operator, tenantId, signal)
      await transact(operator, (tx) => deleteHere(tx, leadId))
    },

    /** The direct lead of a tenant; throws 404 `not-found` where it has no lead, 409 where all were consented to. */
    async ofTenant(principal: OperatorPrincipal, text: string): Promise<string> {
      const tenantId = readTenantId(text)
      if (tenantId === null) throw badRequest([{ pointer: '/query/msTenantID', detail: NO_GUID }])
      return transact(principal, async (tx) => {
        const leads = await leadStore(tx).lockTenant(tenantId)
        const direct = leads.find(({ remote }) => remote.isDirectLead) ?? leads[0]
        if (!direct) throw notFound('The lead')
        return direct.leadId
      })
    },

    /** Writes the relation to Microsoft unless it was changed there meanwhile; then stores what it is. */
    async setRelationship(
      principal: OperatorPrincipal,
      leadId: string,
      asked: { status: RelationshipStatus; comment?: string | undefined; ifMatch?: string | undefined },
      signal: AbortSignal,
    ): Promise<void> {
      const wanted = { status: asked.status, comment: asked.comment?.trim() ?? '' }
      if (needsComment(wanted.status) && wanted.comment === '') {
        throw badRequest([
          { pointer: '/body/comment', detail: `Give the reason: Microsoft wants one for ${wanted.status}.` },
        ])
      }
      const lead = await transact(principal, async (tx) => {
        const found = await lockOne(tx, leadId)
        demandMatch(
          asked.ifMatch,
          leadTag(leadId, (await leadChannelStore(tx).known(leadId))?.changedAt ?? new Date(0)),
        )
        return found
      })
      const operator = wholeOperator(principal)
      const { id, kind, name, requestId, sourceIp, channelId } = principal
      const by = { id, kind, name, requestId, sourceIp }
      const intent = { ...wanted, intentId: randomUUID(), leadId, channelId, by }
      await transact(operator, (tx) => beginRelationship(tx, intent))
      let isTold = false
      try {
        const present = await source.recordOf(operator, lead.remote.tenantId, signal)
        if (present.remote.id !== leadId) {
          throw await transact(principal, (tx) => keptElsewhere(tx, present.remote.id))
        }
        if (!sameRelationship(relationshipOf(lead.remote), relationshipOf(present.remote))) {
          await transact(operator, (tx) => relationshipIntentStore(tx).take(intent.intentId))
          const own = await transact(operator, (tx) => storeTheirs(tx, present))
          // Somebody here has wanted the same, as often as not whoever asks: he was cut off and asks again.
          if (own?.status === wanted.status && own.comment === wanted.comment) return
          throw changedMeanwhile(relationshipOf(present.remote), own && nameFor(principal, own))
        }
        isTold = true
        const written = await source.setRelationship(operator, lead.remote.tenantId, wanted, signal)
        await transact(operator, (tx) => storeWritten(tx, lead, written, intent))
      } catch (error) {
        // What Microsoft was told may be so by now, whatever we have heard.
        if (!isTold) await transact(operator, (tx) => relationshipIntentStore(tx).take(intent.intentId))
        throw error
      }
    },

    /** The tenant that has a domain, by Entra's public metadata. */
    async tenantOfDomain(principal: OperatorPrincipal, text: string, signal: AbortSignal) {
      const domain = readDomain(text)
      if (domain === null) {
        throw badRequest([{ pointer: '/query/domain', detail: 'Give a domain, such as contoso.com.' }])
      }
      const tenantId = await source.tenantOfDomain(wholeOperator(principal), domain, signal)
      if (tenantId !== null) return { domain, tenantId }
      const detail = `No Microsoft tenant has the domain ${domain}. Ask the customer which domain its Microsoft 365 has.`
      throw new AppError({ code: 'not-found', status: 404, detail })
    },
  }
}

/** How far a creation has come before Microsoft is called; `isRepeated`: it was called before, and we were cut off. */
type Begun =
  | { state: 'made'; leadId: string }
  | { state: 'refused'; refusal: AppError }
  | { state: 'begun'; isRepeated: boolean }

const NO_GUID = 'This is no tenant id: a GUID such as 7d0c3f54-6f0f-4a51-8c0a-1f6f0a6f7a10.'

function readNew(asked: NewLead): { tenantId: string; companyName: string } {
  const tenantId = readTenantId(asked.tenantId)
  const company = readCompanyName(asked.companyName)
  const flaws = [
    ...(tenantId === null ? [{ pointer: '/body/tenantId', detail: NO_GUID }] : []),
    ...(company.ok ? [] : [{ pointer: '/body/companyName', detail: company.detail }]),
  ]
  if (tenantId === null || !company.ok) throw badRequest(flaws)
  return { tenantId, companyName: company.name }
}

/** Nobody else's lead may be guessed at, so what decides is looked up for the operator and told by channel. */
function wholeOperator(principal: OperatorPrincipal): OperatorPrincipal {
  return { ...principal, channelId: null }
}

/**
 * Why a direct lead may not be made, or null. A channel learns of duplicates of its own only: a tenant that is held
 * elsewhere reads as one that Microsoft refuses, and the operator gets an event. Source: issue 5, 2.
 */
async function findRefusal(
  tx: Tx,
  { channelId, name }: OperatorPrincipal,
  tenantId: string,
  companyName: string,
  nameInUse: 'asked' | 'accepted' | 'settled',
): Promise<AppError | null> {
  const store = directLeadStore(tx)
  await leadStore(tx).lockArrival()
  if (channelId !== null) await requireTaker(tx, channelId)
  const isTold = (lead: { channelId: number | null }) => channelId === null || lead.channelId === channelId
  const holders = await store.ofTenant(tenantId)
  const rival = await leadIntentStore(tx).creating(tenantId)
  if (rival && rival.channelId !== channelId) {
    if (channelId !== null) return tenantRefused()
    const detail = `${rival.askedBy} is making a lead of this tenant at this moment.`
    return new AppError({ code: 'lead-exists', status: 409, detail, errors: [{ pointer: '/body/tenantId', detail }] })
  }
  const told = holders.filter(isTold)
  if (holders.length > 0 && told.length === 0) {
    const payload = { tenantId, companyName, channelId, askedBy: name, leadIds: holders.map(({ leadId }) => leadId) }
    await emit(tx, { name: 'lead.wanted-by-channel', key: `lead/${holders[0]?.leadId}`, payload })
    return tenantRefused()
  }
  const namesakes = (await store.ofCompany(companyName)).filter(isTold)
  // An operator may have decided that nobody passes over it.
  const isRefusing = namesakes.length > 0 && nameInUse !== 'settled' && (await isRefusingNames(tx))
  const isNamesake = namesakes.length > 0 && (nameInUse === 'asked' || isRefusing)
  if (told.length === 0 && !isNamesake) return null
  const errors = [
    ...(told.length > 0
      ? [
          {
            pointer: '/body/tenantId',
            detail: `The tenant has the lead ${told.map(({ leadId }) => leadId).join(' and ')}.`,
          },
        ]
      : []),
    ...(isNamesake
      ? [{ pointer: '/body/companyName', detail: `The lead ${namesakes[0]?.leadId} has this name.` }]
      : []),
  ]
  const code = told.length > 0 ? 'lead-exists' : isRefusing ? 'company-name-refused' : 'company-name-in-use'
  const detail = told.length > 0 ? 'The tenant has a lead already.' : 'Another lead has this company name.'
  return new AppError({ code, status: 409, detail, errors })
}

async function isRefusingNames(tx: Tx): Promise<boolean> {
  const operator = await operatorStore(tx).find(tx.operatorId)
  return operator?.companyNameInUse === 'refuse'
}

async function requireTaker(tx: Tx, channelId: number): Promise<void> {
  const channel = await channelStore(tx).find(channelId)
  const verdict = channel ? mayTakeLeads(channel) : null
  if (verdict && !verdict.ok) throw new AppError({ code: verdict.code, status: 409, detail: verdict.reason })
}

function tenantRefused(): AppError {
  const detail = 'Microsoft refuses this tenant. Check the tenant id with the customer.'
  return new AppError({ code: 'tenant-refused', status: 404, detail })
}

/**
 * Of a tenant with two consents Microsoft keeps the relation on one. Which one, a channel learns only where that is its own.
 * Source: issue 5, 2.
 */
export async function keptElsewhere(tx: Tx, leadId: string): Promise<AppError> {
  const isTold = tx.principal.channelId === null || (await leadsById(tx, [leadId])).length > 0
  const detail = isTold
    ? `Microsoft keeps the relation with this tenant on its lead ${leadId}: change it there.`
    : 'Microsoft keeps the relation with this customer on another consent, which is not yours to see: ask the carrier to change it.'
  return new AppError({ code: 'relationship-elsewhere', status: 409, detail })
}

async function lockOne(tx: Tx, leadId: string): Promise<StoredLead> {
  const store = leadStore(tx)
  await store.lockArrival()
  const [lead] = await store.lockLeads([leadId])
  if (!lead) throw notFound('The lead')
  return lead
}

/**
 * Takes a direct lead away here, once it is gone at Microsoft; its journal stays. False when it is not there any more, or
 * was given a service meanwhile.
 */
export async function deleteHere(tx: Tx, leadId: string): Promise<boolean> {
  const store = leadStore(tx)
  await store.lockArrival()
  const [lead] = await store.lockLeads([leadId])
  if (!lead) return false
  const { tenantId, contactDetails } = lead.remote
  await leadIntentStore(tx).take([tenantId], 'delete')
  if (!mayDelete(lead.remote, lead.local).ok) return false
  await directLeadStore(tx).remove(lead)
  await directLeadTraceStore(tx).noteDeleted({ leadId, tenantId })
  const { channelId } = lead.local
  await store.touch([{ channelId, added: -1 }])
  const name = contactDetails.companyName
  const before = { tenantId, companyName: name, status: lead.remote.status }
  await journal(tx).append({ action: 'lead.deleted', object: { type: 'lead', id: leadId, name }, channelId, before })
  await emit(tx, { name: 'lead.deleted', channelId, key: `lead/${leadId}`, payload: { leadId, tenantId } })
  return true
}

/**
 * The record as Microsoft answered it, told once and as what it is: a change that somebody here made. `before`: what it was
 * when Microsoft was told.
 */
export async function storeRelationship(
  tx: Tx,
  { leadId, remote }: Pick<StoredLead, 'leadId' | 'remote'>,
  written: IncomingLead,
  before = relationshipOf(remote),
): Promise<void> {
  await leadIntake.apply(tx, [written], { baseline: false, source: 'relationship', untold: true })
  const [now] = await leadStore(tx).lockLeads([leadId])
  const after = relationshipOf(written.remote)
  const told = relationshipTold({ leadId, remote }, now?.local.channelId ?? null, { before, after })
  await journal(tx).append(told.entry)
  await emit(tx, told.event)
}

/** Throws 409 while somebody else is at the same lead. */
async function beginRelationship(tx: Tx, intent: RelationshipIntent): Promise<void> {
  await leadStore(tx).lockArrival()
  const store = relationshipIntentStore(tx)
  const rival = await store.atWork(intent.leadId)
  if (!rival) return store.put(intent)
  throw new AppError({
    code: 'relationship-changed',
    status: 409,
    detail: `${nameFor(intent, rival)} is changing it here at this moment, to ${rival.status}. Nothing was written. Ask again in a moment.`,
    retryAfterSeconds: 5,
  })
}

/** What was changed at Microsoft meanwhile; answers who here has had it changed, if somebody had. */
async function storeTheirs(tx: Tx, present: IncomingLead): Promise<RelationshipIntent | null> {
  const relationship = relationshipOf(present.remote)
  const leadId = present.remote.id
  await leadStore(tx).lockArrival()
  const own = relationship ? await relationshipIntentStore(tx).doneBy(leadId, relationship) : null
  await leadIntake.apply(tx, [present], { baseline: false, source: 'relationship' })
  return own
}

/** Told once: where a sync was faster it has told it, in the name of who asked. */
async function storeWritten(tx: Tx, lead: StoredLead, written: IncomingLead, { intentId }: RelationshipIntent) {
  await leadStore(tx).lockArrival()
  if (await relationshipIntentStore(tx).take(intentId)) return storeRelationship(tx, lead, written)
  await leadIntake.apply(tx, [written], { baseline: false, source: 'relationship' })
}

/** A channel reads the names of its own people only. */
function nameFor(reader: { channelId: number | null }, { by, channelId }: RelationshipIntent): string {
  return reader.channelId === null || reader.channelId === channelId ? by.name : 'Somebody else'
}

function changedMeanwhile(theirs: Relationship | null, name: string | null): AppError {
  const comment = theirs?.comment ? ` ("${theirs.comment}")` : ''
  const who = name === null ? 'It was changed at Microsoft' : `${name} has changed it here`
  const detail = `${who}: it is ${theirs?.status ?? 'not set'} there now${comment}. Nothing was written. Ask again to write over it.`
  return new AppError({ code: 'relationship-changed', status: 409, detail })
}
