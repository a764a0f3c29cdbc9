import type { EndpointInput } from '../../../contract/endpoint.ts'
import type { changeLeads, exportChosenLeads, LeadBulkAction } from '../../../contract/lead-bulk.ts'
import { AppError, badRequest } from '../../kernel/errors.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import { needsComment } from './direct-lead.rules.ts'
import { commentText } from './lead-comment.rules.ts'
import { type LeadQuery, readDeskQuery } from './lead-query.rules.ts'

export type BulkInput = EndpointInput<typeof changeLeads>['body']
export type LeadChoice = EndpointInput<typeof exportChosenLeads>['body']

/** What goes with which action, and with no other. */
const DETAILS = { 'assign-channel': 'channelId', comment: 'comment', 'set-relationship': 'relationship' } as const
const MISSING = {
  channelId: 'Missing: give the channel.',
  comment: 'Missing: give the text of the comment.',
  relationship: 'Missing: give the relationship.',
} as const

/** What the task of an action is given, or why that cannot be. */
export function readBulkInput(body: Pick<BulkInput, 'action' | 'channelId' | 'comment' | 'relationship'>): object {
  for (const [action, field] of Object.entries(DETAILS)) {
    const isOurs = action === body.action
    if (isOurs === (body[field] !== undefined)) continue
    const detail = isOurs ? MISSING[field] : `Goes with ${action} only: leave it out.`
    throw badRequest([{ pointer: `/body/${field}`, detail }])
  }
  if (body.channelId !== undefined) return { channelId: body.channelId }
  if (body.comment !== undefined) return { text: commentText(body.comment) }
  if (body.relationship === undefined) return {}
  const { status, comment = '' } = body.relationship
  if (!needsComment(status) || comment.trim() !== '') return { status, comment: comment.trim() }
  const detail = `Give the reason: Microsoft wants one for ${status}.`
  throw badRequest([{ pointer: '/body/relationship/comment', detail }])
}

/** Leads that were named, or a query and what of its answer is left out. */
export function readLeadChoice({
  leadIds,
  filter,
  exceptLeadIds = [],
}: LeadChoice): { leadIds: string[] } | { query: LeadQuery; except: ReadonlySet<string> } {
  if ((leadIds === undefined) === (filter === undefined)) {
    throw badRequest([{ pointer: '/body', detail: 'Give either leadIds or filter.' }])
  }
  if (leadIds && exceptLeadIds.length > 0) {
    throw badRequest([{ pointer: '/body/exceptLeadIds', detail: 'Goes with filter only: leave it out.' }])
  }
  if (leadIds) return { leadIds: [...new Set(leadIds.map((leadId) => leadId.toLowerCase()))] }
  return { query: readFilter(filter ?? {}), except: new Set(exceptLeadIds.map((leadId) => leadId.toLowerCase())) }
}

/** The desk's own reading of filters; what it refuses is named where it stands in the body. */
function readFilter(filter: NonNullable<LeadChoice['filter']>): LeadQuery {
  try {
    return readDeskQuery(filter)
  } catch (error) {
    if (!(error instanceof AppError) || !error.errors) throw error
    throw badRequest(
      error.errors.map(({ pointer, detail }) => ({ pointer: pointer.replace(/^\/query/, '/body/filter'), detail })),
    )
  }
}

const OF_CHANNELS: readonly LeadBulkAction[] = ['assign-channel', 'remove-channel']

/** What the permission of the endpoint does not say: what leads are given to is the carrier's to decide. */
export function requireAction(principal: OperatorPrincipal, action: LeadBulkAction): void {
  if (!OF_CHANNELS.includes(action)) return
  if (principal.channelId !== null) {
    const detail = 'Channels are given leads by the carrier: credentials bound to a channel cannot do that.'
    throw new AppError({ code: 'operator-only', status: 403, detail })
  }
  if (principal.permissions.has('channels.manage')) return
  const detail = `This needs the permission channels.manage, which ${principal.name} does not have. Ask an administrator for it.`
  throw new AppError({ code: 'permission-missing', status: 403, detail })
}
