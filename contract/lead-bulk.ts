import Type from 'typebox'
import { defineEndpoint } from './endpoint.ts'
import { deskFilters } from './leads.ts'
import { problem } from './problem.ts'
import { task } from './tasks.ts'

/** What can be done to many leads at once. */
export const leadBulkActions = ['archive', 'unarchive', 'assign-channel', 'remove-channel'] as const
export type LeadBulkAction = (typeof leadBulkActions)[number]

export const LEAD_IDS_MAX = 10_000

const { sort: _sort, ...filters } = deskFilters

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
  expectedCount: Type.Optional(
    Type.Integer({
      minimum: 0,
      description: 'With filter: how many the caller saw. When another number matches by now, 409 and nothing is done.',
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
        'remove-channel: take leads out of theirs. The last two need `channels.manage` as well, and are the carrier’s alone; ' +
        'a task that is cancelled puts each lead back',
    }),
    channelId: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 2_147_483_647,
        description: 'The channel, with assign-channel and only there',
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
