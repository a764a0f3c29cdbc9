import { ANOTHER_CHANNEL } from '../../../contract/journal.ts'
import type { ShownLeadComment, WireLeadComment } from '../../../contract/lead-comments.ts'
import type { Principal } from '../../kernel/principal.ts'

/** Who wrote a comment, for whom. `by` tells him apart from others of the same name. */
export type CommentAuthor = {
  author: string
  by: string
  /** The channel he wrote for; null: the carrier. */
  channelId: number | null
  /** The carrier's name, as it was then, where he wrote for it: what channels read instead of his own. */
  company: string | null
}

/** A comment as it is stored with its lead. */
export type LeadComment = WireLeadComment & CommentAuthor & { editedAt: string | null }

/** Instead of the carrier's name where it is not known. */
const THE_OPERATOR = 'The operator'

/** Who writes, as comments remember it. */
export function authorOf({ kind, id }: Pick<Principal, 'kind' | 'id'>): string {
  return `${kind}/${id}`
}

/**
 * Who wrote a comment, as the people of a channel may read it: their own by name, the carrier's as the carrier, and those
 * of another channel as no more than that. Null: the carrier, who reads every name. Source: docs/decisions/0013.
 */
export function authorFor(channelId: number | null, comment: LeadComment): string {
  if (channelId === null || comment.channelId === channelId) return comment.author
  return typeof comment.channelId === 'number' ? ANOTHER_CHANNEL : (comment.company ?? THE_OPERATOR)
}

/**
 * What the documented list shows of stored comments; what is none of ours is kept as it is. There is one text of a lead for
 * all who see it, so authors are told as the channel that has it may read them.
 */
export function wireComments(stored: unknown[] | null, channelId: number | null): unknown[] | null {
  return (
    stored?.map((one) => {
      if (!isComment(one)) return one
      const { id, at, text } = one
      return { id, author: authorFor(channelId, one), at, text } satisfies WireLeadComment
    }) ?? null
  )
}

/** The comments of ours among what is stored. */
export function commentsOf(stored: unknown[] | null): LeadComment[] {
  return (stored ?? []).filter(isComment)
}

export function shownComment(comment: LeadComment, principal: Principal): ShownLeadComment {
  const { id, at, text, editedAt } = comment
  const isOwn = comment.by === authorOf(principal)
  return { id, author: isOwn ? comment.author : authorFor(principal.channelId, comment), at, text, editedAt, isOwn }
}

/** A comment as the journal keeps it; `company` says that its author is of the carrier. */
export function toldComment({ id, text, company }: LeadComment): object {
  return { comment: { id, text, ...(company !== null && company !== undefined && { company }) } }
}

/** Text as it is kept: lines end with \n, no blanks around it, and nothing PostgreSQL cannot hold. */
export function commentText(text: string): string {
  return text.replace(/\r\n?/g, '\n').replaceAll('\u0000', '\ufffd').toWellFormed().trim()
}

function isComment(value: unknown): value is LeadComment {
  return typeof value === 'object' && value !== null && 'id' in value && 'text' in value && 'by' in value
}
