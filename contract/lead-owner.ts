import Type from 'typebox'
import { defineEndpoint } from './endpoint.ts'
import { problem } from './problem.ts'

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const instant = (description: string) => Type.String({ format: 'date-time', description })

/** Who sees to a lead. Source: issue 6, 6. */
export const leadOwner = Type.Object(
  {
    personId: nullable(
      Type.String({ format: 'uuid', description: 'null: somebody of the operator, as its channels read it' }),
    ),
    name: nullable(Type.String({ description: 'null where personId is' })),
    since: instant('When the lead became his'),
  },
  { $id: 'LeadOwner' },
)

/** Until when a lead is to be judged. Source: issue 6, 6; docs/decisions/0018. */
export const leadDue = Type.Object(
  {
    at: instant('Until when'),
    metAt: nullable(instant('When it was judged; null: it still is to be')),
    overdue: Type.Boolean({ description: 'The time has passed, and nobody has judged it' }),
  },
  { $id: 'LeadDue' },
)

/** What a choice of an owner may say. */
export const ownerChoice = Type.Union([Type.String({ format: 'uuid' }), Type.Literal('me'), Type.Null()], {
  description: 'A person who can see the lead, `me`: oneself, or null: nobody',
})

/** An instant as people write it; as filters take it. */
export const dueChoice = nullable(
  Type.String({ maxLength: 40, description: 'ISO 8601, or a date; in the future. null: none' }),
)

const asProblem = { schema: problem, contentType: 'application/problem+json' } as const
const params = Type.Object({ leadId: Type.String({ format: 'uuid' }) })

/** Answered with the lead: contract/lead-duty.ts. */
export const ownerParams = params
export const ownerRefusals = {
  409: { ...asProblem, description: 'The person cannot see this lead, or has left' },
  412: { ...asProblem, description: 'Somebody changed the lead since the ETag sent as If-Match' },
}

const candidate = Type.Object(
  {
    personId: Type.String({ format: 'uuid' }),
    name: Type.String(),
    channel: nullable(
      Type.Object({ id: Type.Integer(), name: Type.String() }, { description: 'null: of the operator' }),
    ),
    leads: Type.Integer({ description: 'Leads that are his' }),
    overdue: Type.Integer({ description: 'Those of them that are overdue' }),
  },
  { $id: 'LeadOwnerCandidate' },
)
export type WireLeadOwnerCandidate = Type.Static<typeof candidate>

export const leadOwners = Type.Object(
  {
    data: Type.Array(candidate, { description: 'By name' }),
    unowned: Type.Object(
      {
        overdue: Type.Integer({ description: 'Overdue leads of nobody' }),
        left: Type.Integer({ description: 'Leads whose owner has left: nobody has taken them since' }),
      },
      { description: 'What nobody sees to' },
    ),
  },
  { $id: 'LeadOwners' },
)
export type WireLeadOwners = Type.Static<typeof leadOwners>

export const listLeadOwners = defineEndpoint({
  operationId: 'listLeadOwners',
  method: 'GET',
  path: '/api/v4/lead-owners',
  tag: 'Leads',
  summary: 'Who can own leads, and how many each has',
  description:
    'People who may work on leads: of the operator and of its channels. Somebody of a channel can own leads of that channel ' +
    'only. Credentials bound to a channel see the people of that channel.',
  source: 'issue 6, 6; own',
  permission: 'leads.read',
  responses: {
    200: {
      description: 'All of them',
      schema: leadOwners,
      example: {
        data: [
          {
            personId: '019a9f60-5a01-7d22-9c11-77a0c4e1b2d3',
            name: 'Dana Wills',
            channel: null,
            leads: 12,
            overdue: 1,
          },
        ],
        unowned: { overdue: 3, left: 0 },
      } satisfies WireLeadOwners,
    },
  },
})
