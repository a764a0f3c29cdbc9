import Type from 'typebox'
import { defineEndpoint } from './endpoint.ts'
import { problem } from './problem.ts'

/** A carrier that works in this installation. Source: portal.md 13, SP tenants; design/decisions.md, Ids. */
export const operator = Type.Object(
  {
    operatorId: Type.Integer({
      description: 'Stays for ever; also the integer tenantId of the documented channel routes',
    }),
    name: Type.String(),
    createdAt: Type.String({ format: 'date-time' }),
    connected: Type.Boolean({ description: 'Its connection to Microsoft is set; false: that is what to do next' }),
  },
  { $id: 'Operator' },
)
export type WireOperator = Type.Static<typeof operator>

const operatorName = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: '\\S',
  description: 'As people know it; each name once, without regard to letter case. Blanks around it are dropped',
})
const OPERATOR_ID_MAX = 2_147_483_647
const params = Type.Object({ operatorId: Type.Integer({ minimum: 1, maximum: OPERATOR_ID_MAX }) })
const example: WireOperator = {
  operatorId: 868,
  name: 'Northwind Voice',
  createdAt: '2026-11-22T08:15:30.000Z',
  connected: false,
}
const asProblem = { schema: problem, contentType: 'application/problem+json' }
const platform = { tag: 'Operators', source: 'own', permission: 'platform-administrator' } as const

export const listOperators = defineEndpoint({
  ...platform,
  operationId: 'listOperators',
  method: 'GET',
  path: '/api/v4/operators',
  summary: 'Every operator of this installation',
  description: 'By name. For administrators of the platform tier, before they have chosen an operator too.',
  responses: {
    200: {
      description: 'The operators',
      schema: Type.Object({ data: Type.Array(operator) }),
      example: { data: [example] },
    },
  },
})

export const createOperator = defineEndpoint({
  ...platform,
  operationId: 'createOperator',
  method: 'POST',
  path: '/api/v4/operators',
  summary: 'Add an operator',
  description:
    'The first thing to do in a new installation. Whoever is an administrator of the platform tier may work for it at once: ' +
    'the next step is its connection to Microsoft, `PUT /api/v4/connections/{operatorId}` with the header `X-Leadline-Operator`.',
  body: Type.Object({
    name: operatorName,
    operatorId: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: OPERATOR_ID_MAX,
        description: 'Where other systems know it by a number already; else the next free one',
      }),
    ),
  }),
  bodyExample: { name: 'Northwind Voice', operatorId: 868 },
  responses: {
    201: { description: 'The operator', schema: operator, headers: { Location: 'The operator' }, example },
    409: { ...asProblem, description: 'The number or the name is taken' },
  },
})

export const getOperator = defineEndpoint({
  ...platform,
  operationId: 'getOperator',
  method: 'GET',
  path: '/api/v4/operators/{operatorId}',
  summary: 'One operator',
  description: 'As in the list.',
  params,
  responses: { 200: { description: 'The operator', schema: operator, example } },
})

export const renameOperator = defineEndpoint({
  ...platform,
  operationId: 'renameOperator',
  method: 'PATCH',
  path: '/api/v4/operators/{operatorId}',
  summary: 'Rename an operator',
  description: 'Its number stays. Users see the new name with their next request.',
  params,
  body: Type.Object({ name: operatorName }),
  bodyExample: { name: 'Northwind Voice GmbH' },
  responses: {
    200: { description: 'The operator', schema: operator, example },
    409: { ...asProblem, description: 'The name is taken' },
  },
})
