import Type from 'typebox'
import { defineEndpoint } from './endpoint.ts'
import { problem } from './problem.ts'

/** Characters of one reference: at most this many. */
export const REFERENCE_LENGTH_MAX = 100

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const shown = (description: string) => nullable(Type.String({ description }))

/** What a lead is called in the systems of those who work with it; Microsoft knows nothing of it. Source: issue 5, 3. */
export const leadReferences = Type.Object(
  {
    crmId: shown('Of the customer in a CRM'),
    orderId: shown('Of the order'),
    billingAccount: shown('The account that is billed'),
  },
  { $id: 'LeadReferences' },
)
export type LeadReferences = Type.Static<typeof leadReferences>

const given = (description: string) =>
  nullable(
    Type.String({
      maxLength: REFERENCE_LENGTH_MAX,
      description: `${description}; up to ${REFERENCE_LENGTH_MAX} characters on one line. null or blank: none`,
    }),
  )

const example: LeadReferences = { crmId: 'ACC-20417', orderId: 'SO-88123', billingAccount: null }
const params = Type.Object({ leadId: Type.String({ format: 'uuid' }) })
const headers = { ETag: 'That of the lead: changes with every change of it. Send it as If-Match with the next one' }
const asProblem = { schema: problem, contentType: 'application/problem+json' } as const

export const getLeadReferences = defineEndpoint({
  operationId: 'getLeadReferences',
  method: 'GET',
  path: '/api/v4/leads/{leadId}/references',
  tag: 'Leads',
  summary: 'What a lead is called in your own systems',
  description:
    'Each lead has one CRM id, one order and one billing account, shared by all who see it: they go along when it moves to ' +
    'another channel, and no sync touches them. The lead itself carries them as `references` too, and `q` finds it by them.',
  source: 'issue 5, 3; own',
  permission: 'leads.read',
  params,
  responses: { 200: { description: 'The references', schema: leadReferences, headers, example } },
})

export const setLeadReferences = defineEndpoint({
  operationId: 'setLeadReferences',
  method: 'PUT',
  path: '/api/v4/leads/{leadId}/references',
  tag: 'Leads',
  summary: 'Set what a lead is called in your own systems',
  description:
    'All three at once: what is null is taken away. Blanks around a value are left out. Setting the same again changes nothing. ' +
    'The journal keeps what stood there before.',
  source: 'issue 5, 3; own',
  permission: 'leads.write',
  params,
  body: Type.Object({
    crmId: given('Of the customer in a CRM'),
    orderId: given('Of the order'),
    billingAccount: given('The account that is billed'),
  }),
  bodyExample: example,
  responses: {
    200: { description: 'The references as they are now', schema: leadReferences, headers, example },
    412: { ...asProblem, description: 'Somebody changed the lead since the ETag sent as If-Match' },
  },
})
