import type { relationshipStatuses } from '../../contract/direct-leads.ts'
import { call, callWithTag, type Tagged } from './call.ts'
import type { DeskLead, DeskLeadDetail, LeadPage } from './leads.ts'

export type RelationshipStatus = (typeof relationshipStatuses)[number]
export type FoundTenant = { domain: string; tenantId: string }

const path = '/api/v4/leads'
const pathOf = (leadId: string) => `${path}/${encodeURIComponent(leadId)}`

/** Microsoft makes the lead while one waits, and may take its time: longer than the server waits for it. */
const MICROSOFT_TIMEOUT_SECONDS = 90

export function createLead(
  operatorId: number,
  lead: { tenantId: string; companyName: string; acceptNameInUse?: boolean },
): Promise<DeskLeadDetail> {
  return call('POST', path, { operatorId, body: lead, timeoutSeconds: MICROSOFT_TIMEOUT_SECONDS })
}

export function deleteLead(operatorId: number, leadId: string): Promise<void> {
  return call('DELETE', pathOf(leadId), { operatorId, timeoutSeconds: MICROSOFT_TIMEOUT_SECONDS })
}

/** The tenant that has a domain. Throws `not-found` when none has it. */
export function findTenant(operatorId: number, domain: string, signal?: AbortSignal): Promise<FoundTenant> {
  return call('GET', '/api/v4/tenants', { operatorId, query: { domain }, ...(signal && { signal }) })
}

/** Every lead of a tenant that one may see, archived ones too; the first to arrive first. */
export async function listLeadsOfTenant(
  operatorId: number,
  tenantId: string,
  signal: AbortSignal,
): Promise<DeskLead[]> {
  const query = { tenantId, archived: 'include', sort: 'arrival', pageSize: 50 }
  return (await call<LeadPage>('GET', path, { operatorId, query, signal })).data
}

/** With the tag that the next change names. */
export function getTaggedLead(
  operatorId: number,
  leadId: string,
  signal?: AbortSignal,
): Promise<Tagged<DeskLeadDetail>> {
  return callWithTag('GET', pathOf(leadId), { operatorId, ...(signal && { signal }) })
}

export function setLeadRelationship(
  operatorId: number,
  leadId: string,
  wanted: { status: RelationshipStatus; comment?: string },
  ifMatch: string | null,
): Promise<DeskLeadDetail> {
  const timeoutSeconds = MICROSOFT_TIMEOUT_SECONDS
  return call('PUT', `${pathOf(leadId)}/relationship`, { operatorId, body: wanted, ifMatch, timeoutSeconds })
}
