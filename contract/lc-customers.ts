import Type from 'typebox'
import { exampleContacts, topologyContacts, topologyFields } from './channels.ts'
import { defineEndpoint } from './endpoint.ts'
import { problem } from './problem.ts'

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const instant = (description: string) => Type.String({ format: 'date-time', description })
const conflict = { schema: problem, contentType: 'application/problem+json' }

const permitted = Type.Object({
  allowed: Type.Boolean(),
  reason: Type.Optional(Type.String({ description: 'Why not, in the words a refusal would use' })),
})

const customerFields = {
  ...topologyFields,
  fullName: nullable(Type.String({ maxLength: 400, description: 'For example the name of the company' })),
  channelId: nullable(
    Type.Integer({
      minimum: 1,
      maximum: 2_147_483_647,
      description: 'The channel it belongs to; null: none. Credentials bound to a channel give their own, or nothing',
    }),
  ),
}

/** The parent of services. Source: rest-api.md 2.5, in our own terms. */
export const lcCustomer = Type.Object(
  {
    id: Type.Integer(),
    name: Type.String(),
    fullName: nullable(Type.String()),
    description: Type.String(),
    msTenantId: nullable(Type.String({ format: 'uuid', description: "The customer's Entra tenant" })),
    contacts: topologyContacts,
    hasLogo: Type.Boolean(),
    channel: nullable(Type.Object({ id: Type.Integer(), name: Type.String() })),
    createdAt: instant('When it was made'),
    changedAt: instant('When it was last changed'),
    actions: Type.Object({ moveToChannel: permitted }),
  },
  { $id: 'LcCustomerOfDesk' },
)
export type WireLcCustomer = Type.Static<typeof lcCustomer>

export const lcCustomerDetail = Type.Object(
  { ...lcCustomer.properties, logo: nullable(Type.String({ description: 'A data URL' })) },
  { $id: 'LcCustomerOfDeskDetail' },
)
export type WireLcCustomerDetail = Type.Static<typeof lcCustomerDetail>

const exampleCustomer: WireLcCustomer = {
  id: 1001,
  name: 'Alder & Pine',
  fullName: 'Alder & Pine US',
  description: '',
  msTenantId: 'd1382f6b-4846-45d7-9ac8-0349c1ed5ead',
  contacts: exampleContacts,
  hasLogo: false,
  channel: { id: 907, name: 'Riverside IT' },
  createdAt: '2026-11-20T08:15:30.000Z',
  changedAt: '2026-11-22T08:15:30.000Z',
  actions: { moveToChannel: { allowed: true } },
}
const exampleDetail: WireLcCustomerDetail = { ...exampleCustomer, logo: null }

const reading = { tag: 'LC customers', source: 'own', permission: 'services.read' } as const
const writing = { tag: 'LC customers', source: 'own', permission: 'services.write' } as const
const params = Type.Object({ customerId: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }) })
const headers = { ETag: 'Changes with every change of the customer: send it as If-Match with the next one' }
const shown = { description: 'The customer', schema: lcCustomerDetail, headers, example: exampleDetail }
const refused = { ...conflict, description: 'The name is taken in the channel, or the channel has as many as it may' }
const changedMeanwhile = { ...conflict, description: 'Somebody changed it since the ETag sent as If-Match' }

export const listLcCustomers = defineEndpoint({
  ...reading,
  operationId: 'listLcCustomers',
  method: 'GET',
  path: '/api/v4/lc-customers',
  summary: 'LC customers, by name',
  description: 'Credentials bound to a channel see those of that channel.',
  query: Type.Object({
    channelId: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 2_147_483_647, description: 'Only those of this channel; 0: of none' }),
    ),
  }),
  responses: {
    200: {
      description: 'All of them',
      schema: Type.Object({ data: Type.Array(lcCustomer) }),
      example: { data: [exampleCustomer] },
    },
  },
})

export const createLcCustomer = defineEndpoint({
  ...writing,
  operationId: 'createLcCustomer',
  method: 'POST',
  path: '/api/v4/lc-customers',
  summary: 'Create an LC customer',
  description: 'Made with credentials bound to a channel it belongs to that channel.',
  body: Type.Object({ ...Type.Partial(Type.Object(customerFields)).properties, name: customerFields.name }),
  bodyExample: { name: 'Alder & Pine', channelId: 907 },
  responses: { 201: shown, 409: refused },
})

export const getLcCustomer = defineEndpoint({
  ...reading,
  operationId: 'getLcCustomer',
  method: 'GET',
  path: '/api/v4/lc-customers/{customerId}',
  summary: 'One LC customer',
  description: 'With its logo.',
  params,
  responses: { 200: shown },
})

export const updateLcCustomer = defineEndpoint({
  ...writing,
  operationId: 'updateLcCustomer',
  method: 'PATCH',
  path: '/api/v4/lc-customers/{customerId}',
  summary: 'Change an LC customer',
  description:
    'What is left out stays. Another channel needs the permission `channels.manage` too, and credentials of the whole operator.',
  params,
  body: Type.Partial(Type.Object(customerFields)),
  bodyExample: { channelId: null },
  responses: { 200: shown, 409: refused, 412: changedMeanwhile },
})

export const deleteLcCustomer = defineEndpoint({
  ...writing,
  operationId: 'deleteLcCustomer',
  method: 'DELETE',
  path: '/api/v4/lc-customers/{customerId}',
  summary: 'Delete an LC customer',
  description: 'Its id is never given again. One that services hang on stays.',
  params,
  responses: {
    204: { description: 'It is gone', schema: null },
    409: { ...conflict, description: 'Services hang on it' },
    412: changedMeanwhile,
  },
})
