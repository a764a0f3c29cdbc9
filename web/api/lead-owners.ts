import { queryOptions } from '@tanstack/react-query'
import type { WireLeadOwners } from '../../contract/lead-owner.ts'
import { call } from './call.ts'
import type { DeskLeadDetail } from './leads.ts'

export type { WireLeadOwnerCandidate, WireLeadOwners } from '../../contract/lead-owner.ts'

export function listLeadOwners(operatorId: number, signal: AbortSignal): Promise<WireLeadOwners> {
  return call('GET', '/api/v4/lead-owners', { operatorId, signal })
}

/** People who can own leads; the same answer for every page that offers them. */
export function leadOwnersQuery(operatorId: number) {
  return queryOptions({
    queryKey: ['lead-owners', operatorId],
    queryFn: ({ signal }) => listLeadOwners(operatorId, signal),
    staleTime: 10_000,
  })
}

const pathOf = (leadId: string) => `/api/v4/leads/${encodeURIComponent(leadId)}`

/** `me`: the person who is signed in; null: nobody. */
export function setLeadOwner(operatorId: number, leadId: string, ownerId: string | null): Promise<DeskLeadDetail> {
  return call('PUT', `${pathOf(leadId)}/owner`, { operatorId, body: { ownerId } })
}

/** An instant in ISO 8601; null: none. */
export function setLeadDue(operatorId: number, leadId: string, dueAt: string | null): Promise<DeskLeadDetail> {
  return call('PUT', `${pathOf(leadId)}/due`, { operatorId, body: { dueAt } })
}
