import type { DeskLead, DeskLeadDetail, LeadFacets, LeadSort } from '../../contract/leads.ts'
import { call, callStream, callTagged, type Streamed } from './call.ts'

export type { DeskLead, DeskLeadDetail, LeadFacets, LeadSort } from '../../contract/leads.ts'

/** What narrows and orders the list, as the API takes it. */
export type LeadFilter = {
  /** false: New Leads; true: Tenants. */
  licensed: boolean
  q?: string
  /** Only these; separated by commas. */
  leadIds?: string
  status?: string
  license?: string
  processing?: string
  /** Archived ones; hidden when left out. */
  archived?: 'only' | 'include'
  /** Two letters each, separated by commas. */
  country?: string
  /** Id of a person, me, none, or left. */
  owner?: string
  overdue?: boolean
  /** 0: in none. */
  channelId?: number
  consentedSince?: string
  consentedBefore?: string
  modifiedSince?: string
  modifiedBefore?: string
  sort?: LeadSort
}

export type LeadPage = { data: DeskLead[]; total: number; nextCursor: string | null }
export type LeadFacetsAnswer = LeadPage & { facets: LeadFacets }

const path = '/api/v4/leads'

export function listDeskLeads(
  operatorId: number,
  filter: LeadFilter,
  page: { cursor?: string; pageSize: number },
  signal: AbortSignal,
): Promise<LeadPage> {
  return callTagged<LeadPage>(path, { operatorId, query: { ...filter, ...page }, signal })
}

/** Counts of everything that matches, with the total; one lead comes along. */
export function countDeskLeads(
  operatorId: number,
  filter: LeadFilter,
  { facets }: { facets: boolean },
  signal: AbortSignal,
): Promise<LeadFacetsAnswer> {
  const { sort: _sort, ...narrowing } = filter
  const query = { ...narrowing, pageSize: 1, ...(facets ? { facets: true } : {}) }
  return callTagged<LeadFacetsAnswer>(path, { operatorId, query, signal })
}

export function getDeskLead(operatorId: number, leadId: string, signal: AbortSignal): Promise<DeskLeadDetail> {
  return call('GET', `${path}/${encodeURIComponent(leadId)}`, { operatorId, signal })
}

/** All leads that a filter lets through, or the one with `leadId`, as CSV. `x-total-count` says how many. */
export function exportDeskLeads(
  operatorId: number,
  what: LeadFilter | { leadId: string },
  signal: AbortSignal,
): Promise<Streamed> {
  return callStream(`${path}.csv`, { operatorId, query: what, signal, accept: 'text/csv' })
}
