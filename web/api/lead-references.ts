import type { LeadReferences } from '../../contract/lead-references.ts'
import { call, callWithTag, type Tagged } from './call.ts'

export type { LeadReferences } from '../../contract/lead-references.ts'

const pathOf = (leadId: string) => `/api/v4/leads/${encodeURIComponent(leadId)}/references`

/** With the tag of the lead, for the change that comes next. */
export function getLeadReferences(operatorId: number, leadId: string): Promise<Tagged<LeadReferences>> {
  return callWithTag('GET', pathOf(leadId), { operatorId })
}

/** All three; throws `changed-meanwhile` when the lead is not in the state of the tag any more. */
export function setLeadReferences(
  operatorId: number,
  leadId: string,
  references: LeadReferences,
  ifMatch: string | null,
): Promise<LeadReferences> {
  return call('PUT', pathOf(leadId), { operatorId, body: references, ifMatch })
}
