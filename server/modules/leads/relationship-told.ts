import type { NewEvent } from '../../platform/events/index.ts'
import type { JournalActor, JournalEntry } from '../audit/index.ts'
import type { Relationship } from './direct-lead.rules.ts'
import type { StoredLead } from './lead-write.store.ts'

/** How it is told that somebody here has changed the relation with a customer. `by`: where it was not who tells it. */
export function relationshipTold(
  { leadId, remote }: Pick<StoredLead, 'leadId' | 'remote'>,
  channelId: number | null,
  { before, after, by }: { before: Relationship | null; after: Relationship | null; by?: JournalActor },
): { entry: JournalEntry; event: NewEvent } {
  const object = { type: 'lead', id: leadId, name: remote.contactDetails.companyName }
  const action = 'lead.relationship-changed'
  const payload = { leadId, tenantId: remote.tenantId, before, after }
  return {
    entry: { action, object, channelId, before, after, ...(by && { by }) },
    event: { name: action, channelId, key: `lead/${leadId}`, payload },
  }
}
