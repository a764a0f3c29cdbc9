import Type from 'typebox'
import { relationshipStatuses } from './direct-leads.ts'
import { defineEndpoint } from './endpoint.ts'
import { COMMENT_LENGTH_MAX } from './lead-comments.ts'
import { MAIL_LEADS_MAX, mailToCustomer } from './lead-mails.ts'
import { dueChoice, ownerChoice } from './lead-owner.ts'
import { deskFilters, leadCsvColumns } from './leads.ts'
import { problem } from './problem.ts'
import { task } from './tasks.ts'

/** What can be done to many leads at once. */
export const leadBulkActions = [
  'archive',
  'unarchive',
  'assign-channel',
  'remove-channel',
  'comment',
  'set-relationship',
  'mail',
  'set-owner',
  'set-due',
] as const
export type LeadBulkAction = (typeof leadBulkActions)[number]

export const LEAD_IDS_MAX = 10_000

const { sort: _sort, ...filters } = deskFilters

const mailLeads = Type.Object(
  {
    ...mailToCustomer,
    recipients: Type.Optional(
      Type.Enum(['first', 'all'], {
        description: 'Of each lead the first contact with a good address, or all of them; first when left out',
      }),
    ),
  },
  {
    description: `With mail and only there; as \`POST /api/v4/leads/{leadId}/mails\`. At most ${MAIL_LEADS_MAX} leads; needs \`mail.send\` as well`,
  },
)
export type WireMailLeads = Type.Static<typeof mailLeads>

/** The choice of leads: by name, or by what they have in common. */
const leadChoice = {
  leadIds: Type.Optional(
    Type.Array(Type.String({ format: 'uuid' }), {
      minItems: 1,
      maxItems: LEAD_IDS_MAX,
      uniqueItems: true,
      description: 'These leads; either this or filter',
    }),
  ),
  filter: Type.Optional(
    Type.Object(filters, {
      description: 'All leads that match, by the same names as GET /api/v4/leads; {} for all that are not archived',
    }),
  ),
  exceptLeadIds: Type.Optional(
    Type.Array(Type.String({ format: 'uuid' }), {
      maxItems: LEAD_IDS_MAX,
      uniqueItems: true,
      description: 'With filter: not these, although they match',
    }),
  ),
}

export const changeLeads = defineEndpoint({
  operationId: 'changeLeads',
  method: 'POST',
  path: '/api/v4/leads/bulk',
  tag: 'Leads',
  summary: 'Do one thing to many leads, as a task',
  description:
    'The leads are chosen when the request is answered; a worker then goes through them, and each gets a result of its own ' +
    '(`GET /api/v4/tasks/{taskId}/items`). A lead to which it cannot be done does not stop the others. At most 100,000 at once.',
  source: 'own',
  permission: 'leads.write',
  body: Type.Object({
    action: Type.Enum([...leadBulkActions], {
      description:
        'archive: put Removed leads away · unarchive: show them again · assign-channel: give Active leads to a channel · ' +
        'remove-channel: take leads out of theirs · comment: write the same comment to each · set-relationship: tell Microsoft how ' +
        'far you are with each customer · mail: write to each customer · set-owner: say who sees to each (`ownerId`) · set-due: say ' +
        'until when each is to be judged (`dueAt`). Moves need `channels.manage` as well, and are the carrier’s alone. A task of moves, ' +
        'owners or due dates that is cancelled or undone makes each lead what it was, unless somebody has changed that since',
    }),
    channelId: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 2_147_483_647,
        description: 'The channel, with assign-channel and only there',
      }),
    ),
    comment: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: COMMENT_LENGTH_MAX,
        pattern: '\\S',
        description: 'The comment, with the action comment and only there',
      }),
    ),
    relationship: Type.Optional(
      Type.Object(
        {
          status: Type.Enum([...relationshipStatuses]),
          comment: Type.Optional(Type.String({ maxLength: 1_000, description: 'The reason, where one is needed' })),
        },
        { description: 'With set-relationship and only there; as `PUT /api/v4/leads/{leadId}/relationship`' },
      ),
    ),
    mail: Type.Optional(mailLeads),
    ownerId: Type.Optional(ownerChoice),
    dueAt: Type.Optional(dueChoice),
    expectedCount: Type.Optional(
      Type.Integer({
        minimum: 0,
        description:
          'With filter: how many the caller saw, without the exceptions. When it is another number by now, 409 and nothing is done.',
      }),
    ),
    ...leadChoice,
  }),
  bodyExample: { action: 'archive', filter: { status: 'Removed' }, expectedCount: 1_234 },
  responses: {
    202: {
      description: 'The task that does it',
      schema: task,
      headers: { Location: 'The task', 'Retry-After': 'Seconds until it is worth asking' },
    },
    409: { description: 'Another number of leads matches than expected', schema: problem },
    422: { description: 'No lead matches, or too many', schema: problem },
  },
})

export const exportChosenLeads = defineEndpoint({
  operationId: 'exportChosenLeads',
  method: 'POST',
  path: '/api/v4/leads/export',
  tag: 'Leads',
  summary: 'Chosen leads as CSV',
  description:
    `As \`GET /api/v4/leads.csv\`, for leads that are named, up to ${LEAD_IDS_MAX.toLocaleString('en')}, or that match but for some. ` +
    `Those that are not there, or not yours, are left out. Columns: ${leadCsvColumns.join(', ')}.`,
  source: 'issue 5, 4; own',
  permission: 'leads.read',
  readsOnly: true,
  body: Type.Object(leadChoice),
  bodyExample: { filter: { status: 'Active' }, exceptLeadIds: ['f825e66a-0e07-4d58-9fb3-271f092ceadc'] },
  responses: {
    200: {
      description: 'The file',
      schema: Type.String(),
      contentType: 'text/csv',
      headers: { 'X-Total-Count': 'Leads in the file', 'Content-Disposition': 'attachment with a file name' },
    },
  },
})

const params = Type.Object({ leadId: Type.String({ format: 'uuid' }) })
const refusals = {
  404: { description: 'There is no such lead, or it is not yours', schema: problem },
  409: { description: 'It is not Removed', schema: problem },
}

export const archiveLead = defineEndpoint({
  operationId: 'archiveLead',
  method: 'POST',
  path: '/api/v4/leads/{leadId}/archive',
  tag: 'Leads',
  summary: 'Put a Removed lead away',
  description:
    'Lists of the desk hide it unless they are asked for archived leads; the documented API keeps returning it. ' +
    'It comes back by itself when Microsoft no longer calls it Removed.',
  source: 'portal.md 3.4',
  permission: 'leads.write',
  params,
  responses: { 204: { description: 'It is archived, or was already', schema: null }, ...refusals },
})

export const unarchiveLead = defineEndpoint({
  operationId: 'unarchiveLead',
  method: 'POST',
  path: '/api/v4/leads/{leadId}/unarchive',
  tag: 'Leads',
  summary: 'Show an archived lead again',
  description: 'The opposite of archiving it.',
  source: 'own',
  permission: 'leads.write',
  params,
  responses: { 204: { description: 'It is not archived, or was not', schema: null }, 404: refusals[404] },
})
