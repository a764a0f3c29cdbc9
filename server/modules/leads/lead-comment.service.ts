import { COMMENTS_MAX, type ShownLeadComment } from '../../../contract/lead-comments.ts'
import type { Clock } from '../../kernel/clock.ts'
import { AppError, notFound } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { Transact, Tx } from '../../platform/db/transaction.ts'
import { emit } from '../../platform/events/index.ts'
import { journal } from '../audit/index.ts'
import { operatorStore } from '../operators/index.ts'
import { leadStore } from './lead.store.ts'
import {
  authorFor,
  authorOf,
  type CommentAuthor,
  commentsOf,
  commentText,
  type LeadComment,
  shownComment,
  toldComment,
} from './lead-comment.rules.ts'
import { storedComments } from './lead-comment.store.ts'
import type { StoredLead } from './lead-write.store.ts'

export type LeadCommentService = ReturnType<typeof createLeadCommentService>

/** A change of a lead's comments, with what the journal says of it. */
type Change = {
  comments: unknown[]
  action: 'lead.commented' | 'lead.comment-changed' | 'lead.comment-deleted'
  before: LeadComment | null
  after: LeadComment | null
}

/** Comments of leads: whoever sees a lead may read them, each writes and changes his own. */
export function createLeadCommentService({ transact, clock }: { transact: Transact; clock: Clock }) {
  const now = () => clock.now().toISOString()

  function changeOwn(
    principal: OperatorPrincipal,
    leadId: string,
    commentId: string,
    decide: (own: LeadComment, all: unknown[]) => Change | null,
  ): Promise<LeadComment> {
    return transact(principal, async (tx) => {
      const lead = await lockLead(tx, leadId)
      const all = lead.local.comments ?? []
      const found = commentsOf(all).find((comment) => comment.id === commentId.toLowerCase())
      if (!found) throw notFound('The comment')
      if (found.by !== authorOf(principal)) throw notYours(authorFor(principal.channelId, found))
      const change = decide(found, all)
      if (change) await write(tx, lead, change)
      return change?.after ?? found
    })
  }

  return {
    async list(principal: OperatorPrincipal, leadId: string): Promise<ShownLeadComment[]> {
      const stored = await transact(principal, (tx) => storedComments(tx, leadId))
      if (stored === undefined) throw notFound('The lead')
      return commentsOf(stored).map((comment) => shownComment(comment, principal))
    },

    async add(principal: OperatorPrincipal, leadId: string, text: string): Promise<ShownLeadComment> {
      return transact(principal, async (tx) => {
        const comment = newComment(await commentAuthor(tx), commentText(text), now())
        const lead = await lockLead(tx, leadId)
        const all = lead.local.comments ?? []
        if (all.length >= COMMENTS_MAX) throw full()
        await write(tx, lead, { comments: [...all, comment], action: 'lead.commented', before: null, after: comment })
        return shownComment(comment, principal)
      })
    },

    /** The same text again changes nothing. */
    async change(
      principal: OperatorPrincipal,
      leadId: string,
      commentId: string,
      text: string,
    ): Promise<ShownLeadComment> {
      const wanted = commentText(text)
      const changed = await changeOwn(principal, leadId, commentId, (own, all) => {
        if (own.text === wanted) return null
        const after = { ...own, text: wanted, editedAt: now() }
        const comments = all.map((one) => (one === own ? after : one))
        return { comments, action: 'lead.comment-changed', before: own, after }
      })
      return shownComment(changed, principal)
    },

    async remove(principal: OperatorPrincipal, leadId: string, commentId: string): Promise<void> {
      await changeOwn(principal, leadId, commentId, (own, all) => {
        const comments = all.filter((one) => one !== own)
        return { comments, action: 'lead.comment-deleted', before: own, after: null }
      })
    },
  }
}

/** Whoever the transaction is for, as the author of comments. */
export async function commentAuthor(tx: Tx): Promise<CommentAuthor> {
  const { principal } = tx
  const { channelId, name } = principal
  const company = channelId === null ? ((await operatorStore(tx).find(tx.operatorId))?.name ?? null) : null
  return { author: name, by: authorOf(principal), channelId, company }
}

export function newComment(author: CommentAuthor, text: string, at: string): LeadComment {
  return { id: newId(), at, text, editedAt: null, ...author }
}

async function lockLead(tx: Tx, leadId: string): Promise<StoredLead> {
  const store = leadStore(tx)
  await store.lockArrival()
  const [lead] = await store.lockLeads([leadId.toLowerCase()])
  if (!lead) throw notFound('The lead')
  return lead
}

async function write(tx: Tx, lead: StoredLead, { comments, action, before, after }: Change): Promise<void> {
  const store = leadStore(tx)
  const { channelId } = lead.local
  await store.write([{ ...lead, local: { ...lead.local, comments }, staysMissing: lead.missing }])
  await store.touch([{ channelId, added: 0 }])
  await journal(tx).append({
    action,
    object: { type: 'lead', id: lead.leadId, name: lead.remote.contactDetails.companyName },
    channelId,
    before: before && toldComment(before),
    after: after && toldComment(after),
  })
  const commentId = (after ?? before)?.id ?? ''
  await emit(tx, { name: action, channelId, key: `lead/${lead.leadId}`, payload: { leadId: lead.leadId, commentId } })
}

function notYours(author: string): AppError {
  const detail = `${author} wrote this comment: only its author changes or deletes it. Write one of your own.`
  return new AppError({ code: 'comment-not-yours', status: 403, detail })
}

function full(): AppError {
  const detail = `A lead has at most ${COMMENTS_MAX} comments: delete one of yours first.`
  return new AppError({ code: 'comments-full', status: 409, detail })
}
