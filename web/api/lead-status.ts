import type { LeadStatus } from '../../contract/lead-status.ts'
import { call } from './call.ts'

export type { AffectedSince, LeadAffected } from '../../contract/lead-affected.ts'
export type { LeadStatus, LeadStatusItem, StatusParty, StatusState } from '../../contract/lead-status.ts'

/** How far a lead is and why; asks nobody outside. */
export function getLeadStatus(operatorId: number, leadId: string, signal: AbortSignal): Promise<LeadStatus> {
  return call('GET', `/api/v4/leads/${encodeURIComponent(leadId)}/status`, { operatorId, signal })
}
