import {
  addLeadComment,
  changeLeadComment,
  deleteLeadComment,
  listLeadComments,
} from '../../../../contract/lead-comments.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { LeadCommentService } from '../lead-comment.service.ts'

/** "Add Comments". */
export function leadCommentRoutes(comments: LeadCommentService): Route[] {
  return [
    route(listLeadComments, async ({ params }, { principal }) => ({
      json: { data: await comments.list(principal, params.leadId) },
    })),
    route(addLeadComment, async ({ params, body }, { principal }) => ({
      status: 201,
      json: await comments.add(principal, params.leadId, body.text),
    })),
    route(changeLeadComment, async ({ params, body }, { principal }) => ({
      json: await comments.change(principal, params.leadId, params.commentId, body.text),
    })),
    route(deleteLeadComment, async ({ params }, { principal }) => {
      await comments.remove(principal, params.leadId, params.commentId)
      return {}
    }),
  ]
}
