import { COMMENTS_MAX } from '../../../contract/lead-comments.ts'
import type { Tx } from '../../platform/db/transaction.ts'
import { emit } from '../../platform/events/index.ts'
import { defineTask, type ItemResult, type TaskItem } from '../../platform/tasks/index.ts'
import { journal } from '../audit/index.ts'
import { leadStore } from './lead.store.ts'
import { toldComment } from './lead-comment.rules.ts'
import { commentAuthor, newComment } from './lead-comment.service.ts'
import type { StoredLead } from './lead-write.store.ts'

/** Writes one comment to many leads, each its own, in the name of whoever asked. */
export const commentLeadsTask = defineTask<{ text: string }>({
  kind: 'leads.comment',
  summary: 'Writes a comment to leads',
  permissions: { see: 'leads.read', run: 'leads.write' },
  steps: [
    {
      name: 'comment',
      title: 'Write the comments',
      unit: 'leads',
      batch: (tx, items, { input }) => comment(tx, items, input.text),
    },
  ],
})

/** Comments, texts, journal, events and versions of all leads of the batch, in a few statements. */
async function comment(tx: Tx, items: TaskItem[], text: string): Promise<ItemResult[]> {
  const store = leadStore(tx)
  await store.lockArrival()
  const known = new Map((await store.lockLeads(items.map((item) => item.objectId))).map((lead) => [lead.leadId, lead]))
  const at = new Date().toISOString()
  const author = await commentAuthor(tx)
  const written = [...known.values()].filter(hasRoom).map((lead) => ({ lead, comment: newComment(author, text, at) }))
  await store.write(
    written.map(({ lead, comment }) => ({
      ...lead,
      local: { ...lead.local, comments: [...(lead.local.comments ?? []), comment] },
      staysMissing: lead.missing,
    })),
  )
  await store.touch(written.map(({ lead }) => ({ channelId: lead.local.channelId, added: 0 })))
  await journal(tx).append(
    written.map(({ lead, comment }) => ({
      action: 'lead.commented',
      object: { type: 'lead', id: lead.leadId, name: lead.remote.contactDetails.companyName },
      channelId: lead.local.channelId,
      before: null,
      after: toldComment(comment),
    })),
  )
  await emit(
    tx,
    written.map(({ lead: { leadId, local }, comment }) => ({
      name: 'lead.commented',
      channelId: local.channelId,
      key: `lead/${leadId}`,
      payload: { leadId, commentId: comment.id },
    })),
  )
  return items.map((item) => resultOf(known.get(item.objectId)))
}

function hasRoom({ local }: StoredLead): boolean {
  return (local.comments ?? []).length < COMMENTS_MAX
}

function resultOf(lead: StoredLead | undefined): ItemResult {
  if (!lead) {
    return { state: 'failed', code: 'not-found', message: 'The lead does not exist, or is not yours to see.' }
  }
  const objectName = lead.remote.contactDetails.companyName
  const named = objectName === null ? {} : { objectName }
  if (hasRoom(lead)) return { state: 'succeeded', ...named }
  const message = `A lead has at most ${COMMENTS_MAX} comments: delete one of yours first.`
  return { state: 'failed', code: 'comments-full', message, ...named }
}
