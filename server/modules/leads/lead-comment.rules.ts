import type { ShownLeadComment, WireLeadComment } from '../../../contract/lead-comments.ts'
import type { Principal } from '../../kernel/principal.ts'

/** A comment as it is stored with its lead. `by` tells its author apart from others of the same name. */
export type LeadComment = WireLeadComment & { by: string; editedAt: string | null }

/** Who writes, as comments remember it. */
export function authorOf({ kind, id }: Pick<Principal, 'kind' | 'id'>): string {
  return `${kind}/${id}`
}

/** What the documented list shows of stored comments; what is none of ours is kept as it is. */
export function wireComments(stored: unknown[] | null): unknown[] | null {
  return (
    stored?.map((one) => {
      if (!isComment(one)) return one
      const { id, author, at, text } = one
      return { id, author, at, text } satisfies WireLeadComment
    }) ?? null
  )
}

/** The comments of ours among what is stored. */
export function commentsOf(stored: unknown[] | null): LeadComment[] {
  return (stored ?? []).filter(isComment)
}

export function shownComment({ by, ...comment }: LeadComment, principal: Principal): ShownLeadComment {
  return { ...comment, isOwn: by === authorOf(principal) }
}

/** Text as it is kept: lines end with \n, no blanks around it, and nothing PostgreSQL cannot hold. */
export function commentText(text: string): string {
  return text.replace(/\r\n?/g, '\n').replaceAll('\u0000', '\ufffd').toWellFormed().trim()
}

function isComment(value: unknown): value is LeadComment {
  return typeof value === 'object' && value !== null && 'id' in value && 'text' in value && 'by' in value
}
