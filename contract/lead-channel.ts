import Type from 'typebox'
import { defineEndpoint } from './endpoint.ts'
import { deskLeadDetail } from './leads.ts'
import { documentedRefusal, extendedProblem, problem } from './problem.ts'

/** Calls of the documented assignment in a minute, for one operator and all its callers together. Source: rest-api.md 1.8. */
export const ASSIGN_CALLS_PER_MINUTE = 300

const idText = Type.Union([Type.Integer({ minimum: 0, maximum: 2_147_483_647 }), Type.String({ maxLength: 40 })])
const target = (description: string) =>
  Type.Optional(Type.Union([Type.String({ maxLength: 150 }), Type.Null()], { description }))

const managing = { permission: 'channels.manage', operatorOnly: true } as const
const conflict = { schema: problem, contentType: 'application/problem+json' }

export const assignLeadToChannel = defineEndpoint({
  ...managing,
  operationId: 'assignLeadToChannel',
  method: 'PUT',
  path: '/api/v3/ovoc/channel/action/assign',
  tag: 'Leads (documented)',
  summary: 'Assign Consentless Lead to Channel',
  description:
    'Any lead, consentless or not, licensed or not, as long as its Microsoft status is Active. Exactly one of ' +
    '`leadMsTenantId` (older: `msTenantId`), `leadId` and `umpCustomerGuid`, and `channelId` (older: `ovocChannelId`) as a number ' +
    'or as text; names in any letter case. By tenant, all Active leads of the tenant. Assigning again changes nothing. ' +
    'What cannot be used is 400, keyed by field in `errors` as documented, with `code` and `detail` beside it. ' +
    `At most ${ASSIGN_CALLS_PER_MINUTE} calls a minute for one operator, fairly shared among its callers: else 429 with ` +
    'Retry-After. `PUT /api/v4/leads/{leadId}/channel` does the same without this limit.',
  source: 'rest-api.md H1, X17, X18',
  documented: true,
  body: Type.Object({
    leadMsTenantId: target("The customer's Entra tenant"),
    msTenantId: target('Older name of leadMsTenantId'),
    leadId: target('The id of the lead'),
    umpCustomerGuid: target('The service of the lead'),
    channelId: Type.Optional(Type.Union([idText, Type.Null()], { description: 'The channel' })),
    ovocChannelId: Type.Optional(Type.Union([idText, Type.Null()], { description: 'Older name of channelId' })),
  }),
  bodyExample: { leadMsTenantId: 'f94238e5-4f2c-4e1b-8125-2d27122ca75f', channelId: 907 },
  responses: {
    200: {
      description: 'Assigned',
      schema: Type.Object({ status: Type.String(), succeeded: Type.Boolean(), message: Type.String() }),
      example: { status: 'success', succeeded: true, message: 'Lead successfully assigned to the channel' },
    },
    400: documentedRefusal,
  },
})

export const removeLeadFromChannel = defineEndpoint({
  ...managing,
  operationId: 'removeLeadFromChannel',
  method: 'PUT',
  path: '/api/v3/ovoc/channel/action/remove',
  tag: 'Leads (documented)',
  summary: 'Remove (Unassign) Consentless Lead from Channel',
  description:
    'All leads of the tenant that are in a channel, whatever their status, so that a channel can be emptied. A tenant that is ' +
    'unknown or in no channel is 400. Errors have `errorCode`, `errorTicket` and `traceId` as documented, and `code` beside them.',
  source: 'rest-api.md H2',
  documented: true,
  lenientQueryNames: true,
  query: Type.Object({
    msTenantId: Type.String({ maxLength: 150, description: "The customer's Entra tenant" }),
  }),
  responses: {
    200: {
      description: 'Removed',
      schema: Type.Object({ status: Type.Boolean(), data: Type.String() }),
      example: { status: true, data: 'Removed channel 1574' },
    },
    400: { ...conflict, description: 'The tenant is none, unknown, or in no channel', schema: extendedProblem },
  },
})

const params = Type.Object({ leadId: Type.String({ format: 'uuid' }) })
const wholeTenant = Type.Boolean({
  description: 'The other leads of its tenant go along, as far as they may: the customer stays with one channel',
})
const shown = {
  description: 'The lead',
  schema: deskLeadDetail,
  headers: { ETag: 'Changes with every change of the lead: send it as If-Match with the next one' },
}
const refused = {
  409: {
    ...conflict,
    description: 'The lead is not Active, or the channel may not be given leads; `detail` says which',
  },
  412: { ...conflict, description: 'Somebody changed it since the ETag sent as If-Match' },
}

export const setLeadChannel = defineEndpoint({
  ...managing,
  operationId: 'setLeadChannel',
  method: 'PUT',
  path: '/api/v4/leads/{leadId}/channel',
  tag: 'Leads',
  summary: 'Change Channel Partner: give an Active lead to a channel',
  description:
    'The lead leaves the channel it was in; its history goes along. The former channel keeps seeing what the journal wrote while ' +
    'the lead was its own, and nothing after that.',
  source: 'seed 000 (Change Channel Partner); own',
  params,
  body: Type.Object({
    channelId: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }),
    wholeTenant: Type.Optional(wholeTenant),
  }),
  bodyExample: { channelId: 907 },
  responses: { 200: shown, ...refused },
})

export const removeLeadChannel = defineEndpoint({
  ...managing,
  operationId: 'removeLeadChannel',
  method: 'DELETE',
  path: '/api/v4/leads/{leadId}/channel',
  tag: 'Leads',
  summary: 'Remove Attached Channel',
  description: 'Whatever the status of the lead. One that is in no channel stays as it is.',
  source: 'seed 000 (Remove Attached Channel); own',
  params,
  query: Type.Object({ wholeTenant: Type.Optional(wholeTenant) }),
  responses: { 200: shown, 412: refused[412] },
})
