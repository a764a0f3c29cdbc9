import type { EndpointInput } from '../../../contract/endpoint.ts'
import type { changeLeads, exportChosenLeads, LeadBulkAction } from '../../../contract/lead-bulk.ts'
import type { Permission } from '../../../contract/permissions.ts'
import { AppError, badRequest } from '../../kernel/errors.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import { needsComment } from './direct-lead.rules.ts'
import { commentText } from './lead-comment.rules.ts'
import { dueAsked } from './lead-owner.rules.ts'
import { type LeadQuery, readDeskQuery } from './lead-query.rules.ts'

export type BulkInput = EndpointInput<typeof changeLeads>['body']
export type LeadChoice = EndpointInput<typeof exportChosenLeads>['body']

/** What goes with which action, and with no other. */
const DETAILS = {
  'assign-channel': 'channelId',
  comment: 'comment',
  'set-relationship': 'relationship',
  mail: 'mail',
  'set-owner': 'ownerId',
  'set-due': 'dueAt',
} as const
const MISSING = {
  channelId: 'Missing: give the channel.',
  comment: 'Missing: give the text of the comment.',
  relationship: 'Missing: give the relationship.',
  mail: 'Missing: give the mail.',
  ownerId: 'Missing: give the owner, or null for nobody.',
  dueAt: 'Missing: give the due date, or null for none.',
} as const

/** What the task of an action is given, or why that cannot be. */
export function readBulkInput(
  body: Pick<BulkInput, 'action' | 'channelId' | 'comment' | 'relationship' | 'mail' | 'ownerId' | 'dueAt'>,
  now = new Date(),
): object {
  for (const [action, field] of Object.entries(DETAILS)) {
    const isOurs = action === body.action
    if (isOurs === (body[field] !== undefined)) continue
    const detail = isOurs ? MISSING[field] : `Goes with ${action} only: leave it out.`
    throw badRequest([{ pointer: `/body/${field}`, detail }])
  }
  if (body.channelId !== undefined) return { channelId: body.channelId }
  if (body.ownerId !== undefined) return { ownerId: body.ownerId }
  if (body.dueAt !== undefined) return { dueAt: dueAsked(body.dueAt, now, '/body/dueAt')?.toISOString() ?? null }
  if (body.comment !== undefined) return { text: commentText(body.comment) }
  if (body.mail !== undefined) return body.mail
  if (body.relationship === undefined) return {}
  const { status, comment = '' } = body.relationship
  if (!needsComment(status) || comment.trim() !== '') return { status, comment: comment.trim() }
  const detail = `Give the reason: Microsoft wants one for ${status}.`
  throw badRequest([{ pointer: '/body/relationship/comment', detail }])
}

/** Leads that were named, or a query and what of its answer is left out. `asker` is whom a filter means by `me`. */
export function readLeadChoice(
  { leadIds, filter, exceptLeadIds = [] }: LeadChoice,
  asker: Pick<OperatorPrincipal, 'kind' | 'id'>,
): { leadIds: string[] } | { query: LeadQuery; except: ReadonlySet<string> } {
  if ((leadIds === undefined) === (filter === undefined)) {
    throw badRequest([{ pointer: '/body', detail: 'Give either leadIds or filter.' }])
  }
  if (leadIds && exceptLeadIds.length > 0) {
    throw badRequest([{ pointer: '/body/exceptLeadIds', detail: 'Goes with filter only: leave it out.' }])
  }
  if (leadIds) return { leadIds: [...new Set(leadIds.map((leadId) => leadId.toLowerCase()))] }
  return {
    query: readFilter(filter ?? {}, asker),
    except: new Set(exceptLeadIds.map((leadId) => leadId.toLowerCase())),
  }
}

/** The desk's own reading of filters; what it refuses is named where it stands in the body. */
function readFilter(
  filter: NonNullable<LeadChoice['filter']>,
  asker: Pick<OperatorPrincipal, 'kind' | 'id'>,
): LeadQuery {
  try {
    return readDeskQuery(filter, asker)
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
  if (action === 'mail') requirePermission(principal, 'mail.send')
  if (!OF_CHANNELS.includes(action)) return
  if (principal.channelId !== null) {
    const detail = 'Channels are given leads by the carrier: credentials bound to a channel cannot do that.'
    throw new AppError({ code: 'operator-only', status: 403, detail })
  }
  requirePermission(principal, 'channels.manage')
}

function requirePermission(principal: OperatorPrincipal, permission: Permission): void {
  if (principal.permissions.has(permission)) return
  const detail = `This needs the permission ${permission}, which ${principal.name} does not have. Ask an administrator for it.`
  throw new AppError({ code: 'permission-missing', status: 403, detail })
}
