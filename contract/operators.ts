import Type from 'typebox'
import { defineEndpoint } from './endpoint.ts'
import { problem } from './problem.ts'

export const nameInUseRules = ['refuse', 'warn'] as const
export type NameInUseRule = (typeof nameInUseRules)[number]

const companyNameInUse = Type.Enum([...nameInUseRules], {
  description:
    'What happens when a consentless lead is made under a company name that another lead has. refuse: always 409 ' +
    '`company-name-refused` · warn: 409 `company-name-in-use`, which `acceptNameInUse` passes. The documented API refuses either way.',
})

/** A carrier that works in this installation. Source: portal.md 13, SP tenants; design/decisions.md, Ids. */
export const operator = Type.Object(
  {
    operatorId: Type.Integer({
      description: 'Stays for ever; also the integer tenantId of the documented channel routes',
    }),
    name: Type.String(),
    companyNameInUse,
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
  companyNameInUse: 'warn',
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
  summary: 'Rename an operator, or change what it has decided',
  description: 'Its number stays. Users see the new name with their next request. What is left out stays as it is.',
  params,
  body: Type.Object({ name: Type.Optional(operatorName), companyNameInUse: Type.Optional(companyNameInUse) }),
  bodyExample: { name: 'Northwind Voice GmbH' },
  responses: {
    200: { description: 'The operator', schema: operator, example },
    409: { ...asProblem, description: 'The name is taken' },
  },
})

export const operatorSettings = Type.Object({ companyNameInUse }, { $id: 'OperatorSettings' })
export type WireOperatorSettings = Type.Static<typeof operatorSettings>

const own = {
  tag: 'Operators',
  source: 'issue 5, 2; own',
  path: '/api/v4/operators/{operatorId}/settings',
  permission: 'connections.manage',
  operatorOnly: true,
  params,
} as const
const shownSettings = {
  description: 'The settings',
  schema: operatorSettings,
  example: { companyNameInUse: 'warn' } satisfies WireOperatorSettings,
}

export const getOperatorSettings = defineEndpoint({
  ...own,
  operationId: 'getOperatorSettings',
  method: 'GET',
  summary: 'What an operator has decided for itself',
  description: 'Of the operator one works for; of another one: 404.',
  responses: { 200: shownSettings },
})

export const changeOperatorSettings = defineEndpoint({
  ...own,
  operationId: 'changeOperatorSettings',
  method: 'PATCH',
  summary: 'Change what an operator has decided for itself',
  description: 'What is left out stays as it is. In force with the next request.',
  body: Type.Object({ companyNameInUse: Type.Optional(companyNameInUse) }),
  bodyExample: { companyNameInUse: 'refuse' },
  responses: { 200: shownSettings },
})
