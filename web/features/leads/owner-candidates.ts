import type { WireLeadOwnerCandidate } from '../../api/lead-owners.ts'
import type { DeskLead } from '../../api/leads.ts'

/** Who can own a lead: those of the operator, and of the channel that has it. `lead` left out: anybody. */
export function candidatesFor(
  lead: Pick<DeskLead, 'channel'> | undefined,
  all: readonly WireLeadOwnerCandidate[],
): WireLeadOwnerCandidate[] {
  if (!lead) return [...all]
  return all.filter(({ channel }) => channel === null || channel.id === lead.channel?.id)
}
