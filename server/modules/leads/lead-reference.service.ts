import type { LeadReferences } from '../../../contract/lead-references.ts'
import { badRequest, notFound } from '../../kernel/errors.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { Transact } from '../../platform/db/transaction.ts'
import { emit } from '../../platform/events/index.ts'
import { journal } from '../audit/index.ts'
import { leadStore } from './lead.store.ts'
import { changedReferences, readReferences } from './lead-reference.rules.ts'
import { leadReferenceStore } from './lead-reference.store.ts'
import { leadTag } from './lead-tag.rules.ts'

export type LeadReferenceService = ReturnType<typeof createLeadReferenceService>

/** References with the tag of their lead. */
export type TaggedReferences = { references: LeadReferences; tag: string }

/** What leads are called in other systems: one set a lead, of whoever sees it. No sync knows of them. */
export function createLeadReferenceService({ transact }: { transact: Transact }) {
  return {
    async get(principal: OperatorPrincipal, leadId: string): Promise<TaggedReferences> {
      const id = leadId.toLowerCase()
      const found = await transact(principal, (tx) => leadReferenceStore(tx).find(id))
      if (!found) throw notFound('The lead')
      return { references: found.references, tag: leadTag(id, found.changedAt) }
    },

    /** Sets all three; the same again changes nothing. */
    async set(principal: OperatorPrincipal, leadId: string, given: LeadReferences): Promise<TaggedReferences> {
      const read = readReferences(given)
      if (!read.ok) throw badRequest(read.errors)
      const { references } = read
      return transact(principal, async (tx) => {
        const id = leadId.toLowerCase()
        const leads = leadStore(tx)
        const store = leadReferenceStore(tx)
        await leads.lockArrival()
        const known = await store.find(id)
        const [lead] = await leads.lockLeads([id])
        if (!known || !lead) throw notFound('The lead')
        const changed = changedReferences(known.references, references)
        if (!changed) return { references, tag: leadTag(id, known.changedAt) }
        const { channelId } = lead.local
        const changedAt = await store.write({ leadId: id, arrival: lead.arrival, channelId }, references)
        await leads.touch([{ channelId, added: 0 }])
        const action = 'lead.references-changed'
        const name = lead.remote.contactDetails.companyName
        await journal(tx).append({ action, object: { type: 'lead', id, name }, channelId, ...changed })
        await emit(tx, { name: action, channelId, key: `lead/${id}`, payload: { leadId: id, ...changed } })
        return { references, tag: leadTag(id, changedAt) }
      })
    },
  }
}
