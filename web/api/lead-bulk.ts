import type { LeadBulkAction } from '../../contract/lead-bulk.ts'
import { call, callStream, type Streamed } from './call.ts'
import type { RelationshipStatus } from './direct-leads.ts'
import type { MailToMany } from './lead-mails.ts'
import type { LeadFilter } from './leads.ts'
import type { WireTask } from './tasks.ts'

export type { LeadBulkAction } from '../../contract/lead-bulk.ts'

/** Leads by name, or all that match but for some. */
export type LeadChoice = { leadIds: string[] } | { filter: LeadFilter; exceptLeadIds: string[]; expectedCount: number }

/** What goes with an action. */
export type BulkDetails = {
  channelId?: number
  /** `me`: oneself; null: nobody. */
  ownerId?: string | null
  /** Null: none. */
  dueAt?: string | null
  comment?: string
  relationship?: { status: RelationshipStatus; comment?: string }
  mail?: MailToMany
}

/** Leads that may be named in one call, and that one task goes through. Source: contract/lead-bulk.ts. */
export const LEAD_IDS_MAX = 10_000
export const TASK_LEADS_MAX = 100_000

/** Choosing a hundred thousand leads takes its time. */
const CHOOSING_TIMEOUT_SECONDS = 120

/** Starts the task. Throws `selection-changed` when another number matches by now. */
export function changeLeads(
  operatorId: number,
  action: LeadBulkAction,
  details: BulkDetails,
  choice: LeadChoice,
): Promise<WireTask> {
  const body = { action, ...details, ...choice }
  return call('POST', '/api/v4/leads/bulk', { operatorId, body, timeoutSeconds: CHOOSING_TIMEOUT_SECONDS })
}

export function exportChosenLeads(operatorId: number, choice: LeadChoice, signal: AbortSignal): Promise<Streamed> {
  const { expectedCount: _count, ...body } = { expectedCount: 0, ...choice }
  return callStream('/api/v4/leads/export', { operatorId, body, method: 'POST', signal, accept: 'text/csv' })
}

export function archiveLead(operatorId: number, leadId: string, archive: boolean): Promise<void> {
  return call('POST', `/api/v4/leads/${encodeURIComponent(leadId)}/${archive ? 'archive' : 'unarchive'}`, {
    operatorId,
  })
}
