import Type from 'typebox'
import { defineEndpoint } from './endpoint.ts'
import { problem } from './problem.ts'

/** Characters of one comment, and comments of one lead: at most this many. */
export const COMMENT_LENGTH_MAX = 4_000
export const COMMENTS_MAX = 500

/** A comment as every lead carries it, on the documented API too. The shape is ours: its element is documented nowhere. */
export const leadComment = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    author: Type.String({
      description:
        'Who wrote it: the name he had then. While the lead belongs to a channel, only authors of that channel are named; the ' +
        'carrier is told by its name, and people of another channel as "Another channel"',
    }),
    at: Type.String({ format: 'date-time', description: 'When it was written, UTC' }),
    text: Type.String({ description: 'Plain text, never markup; lines end with \\n' }),
  },
  { $id: 'LeadComment' },
)
export type WireLeadComment = Type.Static<typeof leadComment>

const shownComment = Type.Object(
  {
    ...leadComment.properties,
    editedAt: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
      description: 'When its text last changed',
    }),
    author: Type.String({
      description:
        'Who wrote it: the name he had then. Credentials bound to a channel read the names of their own channel only',
    }),
    isOwn: Type.Boolean({ description: 'Written with these credentials: may be changed and deleted with them' }),
  },
  { $id: 'ShownLeadComment' },
)
export type ShownLeadComment = Type.Static<typeof shownComment>

const example: ShownLeadComment = {
  id: '019a9f60-2b7c-7d10-8f31-6a0c1d2e3f40',
  author: 'Dana Wills',
  at: '2026-11-22T08:15:30.000Z',
  text: 'Wants to move 40 numbers before Christmas.',
  editedAt: null,
  isOwn: true,
}

const text = Type.String({
  minLength: 1,
  maxLength: COMMENT_LENGTH_MAX,
  pattern: '\\S',
  description: `Up to ${COMMENT_LENGTH_MAX} characters; kept and shown as plain text, markup too`,
})
const ofLead = Type.Object({ leadId: Type.String({ format: 'uuid' }) })
const one = Type.Object({ ...ofLead.properties, commentId: Type.String({ format: 'uuid' }) })
const asProblem = { schema: problem, contentType: 'application/problem+json' } as const
const notYours = { ...asProblem, description: 'Somebody else wrote it' }

export const listLeadComments = defineEndpoint({
  operationId: 'listLeadComments',
  method: 'GET',
  path: '/api/v4/leads/{leadId}/comments',
  tag: 'Leads',
  summary: "A lead's comments, the oldest first",
  description: 'Whoever sees the lead sees its comments. They go along when the lead moves to another channel.',
  source: 'seed 000 (Add Comments); own',
  permission: 'leads.read',
  params: ofLead,
  responses: {
    200: {
      description: 'All of them',
      schema: Type.Object({ data: Type.Array(shownComment) }),
      example: { data: [example] },
    },
  },
})

export const addLeadComment = defineEndpoint({
  operationId: 'addLeadComment',
  method: 'POST',
  path: '/api/v4/leads/{leadId}/comments',
  tag: 'Leads',
  summary: 'Comment on a lead',
  description: `At most ${COMMENT_LENGTH_MAX} characters, and ${COMMENTS_MAX} comments on one lead.`,
  source: 'seed 000 (Add Comments); own',
  permission: 'leads.write',
  params: ofLead,
  body: Type.Object({ text }),
  bodyExample: { text: example.text },
  responses: {
    201: { description: 'The comment', schema: shownComment, example },
    409: { ...asProblem, description: 'The lead has all the comments it can have' },
  },
})

export const changeLeadComment = defineEndpoint({
  operationId: 'changeLeadComment',
  method: 'PATCH',
  path: '/api/v4/leads/{leadId}/comments/{commentId}',
  tag: 'Leads',
  summary: 'Change the text of a comment of your own',
  description: 'The journal keeps what it said before.',
  source: 'own',
  permission: 'leads.write',
  params: one,
  body: Type.Object({ text }),
  bodyExample: { text: example.text },
  responses: {
    200: { description: 'The comment', schema: shownComment, example },
    403: notYours,
  },
})

export const deleteLeadComment = defineEndpoint({
  operationId: 'deleteLeadComment',
  method: 'DELETE',
  path: '/api/v4/leads/{leadId}/comments/{commentId}',
  tag: 'Leads',
  summary: 'Delete a comment of your own',
  description: 'It is gone from the lead; the journal keeps what it said.',
  source: 'own',
  permission: 'leads.write',
  params: one,
  responses: {
    204: { description: 'Deleted', schema: null },
    403: notYours,
  },
})
