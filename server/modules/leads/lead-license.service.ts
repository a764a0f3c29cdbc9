import { AppError } from '../../kernel/errors.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { Tx } from '../../platform/db/transaction.ts'
import { journal } from '../audit/index.ts'
import type { Relationship, RelationshipStatus } from './direct-lead.rules.ts'
import { relationshipOf, sameRelationship } from './direct-lead.rules.ts'
import { storeRelationship } from './direct-lead.service.ts'
import type { License, LocalFacts, Permitted, Processing } from './lead.rules.ts'
import { leadStore } from './lead.store.ts'
import { leadDutyStore } from './lead-duty.store.ts'
import { leadIntake } from './lead-intake.service.ts'
import { mayKeepLicensing, mayLicense } from './lead-license.rules.ts'
import { leadLicenseStore } from './lead-license.store.ts'
import type { LeadSource } from './lead-source.ts'
import type { StoredLead } from './lead-write.store.ts'

/** A lead as the process that licenses it must know it. */
export type LicensableLead = {
  leadId: string
  tenantId: string
  status: string
  companyName: string | null
  isDirect: boolean
  channelId: number | null
  umpCustomerGuid: string | null
  processing: Processing | null
}

/** One that nobody else changes until the transaction ends. */
export type LockedLead = LicensableLead & { stored: StoredLead }

/**
 * What becomes of a lead when its license comes and goes, in the caller's transaction. What changes one takes the lock of
 * the operator's leads first, as every change of leads does.
 */
export const leadLicense = {
  /** As it is at this moment; null when there is no such lead in scope. */
  async find(tx: Tx, leadId: string): Promise<LicensableLead | null> {
    const lead = await leadLicenseStore(tx).find(leadId)
    return lead ? named(lead) : null
  },

  /** All leads of a tenant in scope, the one that can be licensed first, consented ones before direct ones. */
  async ofTenant(tx: Tx, tenantId: string): Promise<LicensableLead[]> {
    const leads = (await leadLicenseStore(tx).ofTenant(tenantId)).map(named)
    const rank = (lead: LicensableLead) => (mayLicense(lead).ok ? 0 : 2) + (lead.isDirect ? 1 : 0)
    return leads.sort((a, b) => rank(a) - rank(b))
  },

  /** Null when there is no such lead in scope. */
  async lock(tx: Tx, leadId: string): Promise<LockedLead | null> {
    const store = leadStore(tx)
    await store.lockArrival()
    const [stored] = await store.lockLeads([leadId])
    return stored ? locked(stored) : null
  },

  /** The lead says Updating from now on. Throws 409 where it may not be licensed. */
  async begin(tx: Tx, lead: LockedLead): Promise<void> {
    demand(mayLicense(lead))
    await change(tx, lead, 'lead.license-requested', { processing: 'Updating' })
  },

  /** While its license is being applied: throws 409 when Microsoft no longer calls it Active, or it is gone. */
  async demandActive(tx: Tx, leadId: string): Promise<LockedLead> {
    const lead = await leadLicense.lock(tx, leadId)
    if (!lead) throw new AppError({ code: 'lead-not-active', status: 409, detail: 'The lead is there no longer.' })
    demand(mayKeepLicensing(lead))
    return lead
  },

  /** The lead moves to Tenants. */
  grant: (tx: Tx, lead: LockedLead, umpCustomerGuid: string, license: License): Promise<void> =>
    change(tx, lead, 'lead.licensed', { umpCustomerGuid, license, processing: 'Success', isNotActive: null }),

  /** The lead returns to New Leads. */
  takeBack: (tx: Tx, lead: LockedLead): Promise<void> =>
    change(tx, lead, 'lead.license-removed', {
      umpCustomerGuid: null,
      license: null,
      processing: null,
      isNotActive: true,
    }),

  /** How the last thing that was done with it goes, or went. */
  mark: (tx: Tx, lead: LockedLead, processing: Processing | null): Promise<void> =>
    change(tx, lead, processing === 'Failed' ? 'lead.update-failed' : 'lead.updating', { processing }),
}

/** What was told to Microsoft, and what stood there before: so that whoever goes on knows its own change from another's. */
export type ToldRelationship = { before: Relationship | null; changed: boolean }

export type TellingRelationship = {
  principal: OperatorPrincipal
  tenantId: string
  wanted: { status: RelationshipStatus; comment: string }
  signal: AbortSignal
  transact<T>(work: (tx: Tx) => Promise<T>): Promise<T>
}

/**
 * Tells Microsoft how the relation with a tenant stands, once however often it is called: `told` is what `keep` was given at
 * an earlier call. Throws what the source throws: 503 while Microsoft fails, 409 `consent-gone`.
 */
export async function tellRelationship(
  source: LeadSource,
  told: ToldRelationship | null,
  { principal, tenantId, wanted, signal, transact }: TellingRelationship,
  keep: (tx: Tx, told: ToldRelationship) => Promise<void>,
): Promise<ToldRelationship> {
  const operator = { ...principal, channelId: null }
  const present = await source.recordOf(operator, tenantId, signal)
  const theirs = relationshipOf(present.remote)
  const isSo = theirs?.status === wanted.status
  const known = told ?? { before: theirs, changed: !isSo }
  if (!told) await transact((tx) => keep(tx, known))
  if (isSo) {
    // Ours may have arrived before somebody was cut off, or Microsoft had it so: what is here must say the same, told once.
    await transact(async (tx) => {
      const lead = await leadLicense.lock(tx, present.remote.id)
      const isHere = sameRelationship(lead && relationshipOf(lead.stored.remote), theirs)
      await storeTold(tx, present, isHere ? theirs : known.before)
    })
    return known
  }
  const written = await source.setRelationship(operator, tenantId, wanted, signal)
  await transact((tx) => storeTold(tx, written, theirs))
  return known
}

/** Takes back what was told, unless somebody has changed it since. A consent that is gone has no relation to take back. */
export async function takeBackRelationship(
  source: LeadSource,
  told: ToldRelationship | null,
  { principal, tenantId, wanted, signal, transact }: TellingRelationship,
): Promise<void> {
  if (!told?.changed) return
  const operator = { ...principal, channelId: null }
  try {
    const present = await source.recordOf(operator, tenantId, signal)
    const theirs = relationshipOf(present.remote)
    const before = { status: told.before?.status ?? 'ConsentAcknowledged', comment: told.before?.comment ?? '' }
    if (theirs?.status !== wanted.status) {
      // Ours may have arrived before somebody was cut off: then what is here still says what was taken back.
      await transact(async (tx) => {
        const lead = await leadLicense.lock(tx, present.remote.id)
        const here = lead ? relationshipOf(lead.stored.remote) : null
        const isOurs = theirs?.status === before.status && here?.status === wanted.status
        await storeTold(tx, present, isOurs ? here : theirs)
      })
      return
    }
    const written = await source.setRelationship(operator, tenantId, before, signal)
    await transact((tx) => storeTold(tx, written, theirs))
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'consent-gone') throw error
  }
}

type Written = Parameters<typeof storeRelationship>[2]

/** On the lead that Microsoft keeps the relation of; one out of reach, or the same as before, stays as it is. */
async function storeTold(tx: Tx, written: Written, before: Relationship | null): Promise<void> {
  // Of a tenant with two consents it may be kept on one of another channel, which is not this one's to write.
  if (tx.principal.channelId !== null && !(await leadLicenseStore(tx).find(written.remote.id))) return
  if (sameRelationship(before, relationshipOf(written.remote))) {
    await leadIntake.apply(tx, [written], { baseline: false, source: 'relationship' })
    return
  }
  await storeRelationship(tx, { leadId: written.remote.id, remote: written.remote }, written, before)
}

async function change(tx: Tx, lead: LockedLead, action: string, facts: Partial<LocalFacts>): Promise<void> {
  const { stored, leadId, companyName, channelId } = lead
  const before = stored.local
  const local = { ...before, ...facts, comments: before.comments ?? [] }
  await leadLicenseStore(tx).write(stored, local)
  // A license is a judgement.
  if (local.umpCustomerGuid !== null && before.umpCustomerGuid === null) await leadDutyStore(tx).meet([leadId])
  await leadStore(tx).touch([{ channelId, added: 0 }])
  await journal(tx).append({
    action,
    object: { type: 'lead', id: leadId, name: companyName },
    channelId,
    before: Object.fromEntries(Object.keys(facts).map((name) => [name, before[name as keyof LocalFacts]])),
    after: facts,
  })
  // Whoever goes on with it in this transaction sees it as it is now.
  stored.local = local
  Object.assign(lead, { umpCustomerGuid: local.umpCustomerGuid, processing: local.processing })
}

function demand(verdict: Permitted): void {
  if (!verdict.ok) throw new AppError({ code: verdict.code, status: 409, detail: verdict.reason })
}

function locked(stored: StoredLead): LockedLead {
  const { tenantId, status, contactDetails, isDirectLead: isDirect } = stored.remote
  const { channelId, umpCustomerGuid, processing } = stored.local
  const facts = { leadId: stored.leadId, tenantId, status, companyName: contactDetails.companyName, isDirect }
  return { ...facts, channelId, umpCustomerGuid, processing, stored }
}

function named(lead: Omit<LicensableLead, 'companyName'> & { companyName: string }): LicensableLead {
  return { ...lead, companyName: lead.companyName === '' ? null : lead.companyName }
}
