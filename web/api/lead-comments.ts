import type { ShownLeadComment } from '../../contract/lead-comments.ts'
import { call } from './call.ts'

export type { ShownLeadComment } from '../../contract/lead-comments.ts'

const pathOf = (leadId: string, commentId?: string) => {
  const comments = `/api/v4/leads/${encodeURIComponent(leadId)}/comments`
  return commentId === undefined ? comments : `${comments}/${encodeURIComponent(commentId)}`
}

/** All of a lead, the oldest first. */
export async function listLeadComments(
  operatorId: number,
  leadId: string,
  signal: AbortSignal,
): Promise<ShownLeadComment[]> {
  return (await call<{ data: ShownLeadComment[] }>('GET', pathOf(leadId), { operatorId, signal })).data
}

export function addLeadComment(operatorId: number, leadId: string, text: string): Promise<ShownLeadComment> {
  return call('POST', pathOf(leadId), { operatorId, body: { text } })
}

/** Of one's own; throws `comment-not-yours` for another's. */
export function changeLeadComment(
  operatorId: number,
  leadId: string,
  commentId: string,
  text: string,
): Promise<ShownLeadComment> {
  return call('PATCH', pathOf(leadId, commentId), { operatorId, body: { text } })
}

export function deleteLeadComment(operatorId: number, leadId: string, commentId: string): Promise<void> {
  return call('DELETE', pathOf(leadId, commentId), { operatorId })
}
