import Type from 'typebox'
import { defineEndpoint } from './endpoint.ts'

/** Rows of each kind in one answer: at most this many, and unless asked otherwise. */
export const SEARCH_ROWS_MAX = 20
export const SEARCH_ROWS_DEFAULT = 5

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

const foundLead = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    tenantId: Type.String({ format: 'uuid' }),
    companyName: nullable(Type.String()),
    contactName: nullable(Type.String()),
    contactEmail: nullable(Type.String()),
    status: Type.String({ description: "Microsoft's word" }),
    channelName: nullable(Type.String()),
    shortName: nullable(Type.String({ description: 'Of its service' })),
  },
  { $id: 'FoundLead' },
)
export type WireFoundLead = Type.Static<typeof foundLead>

const foundChannel = Type.Object({ id: Type.Integer(), name: Type.String() }, { $id: 'FoundChannel' })
export type WireFoundChannel = Type.Static<typeof foundChannel>

const found = Type.Object(
  {
    leads: Type.Array(foundLead, { description: 'Leads without a license' }),
    tenants: Type.Array(foundLead, { description: 'Leads with one' }),
    channels: Type.Array(foundChannel, { description: 'Empty without the permission channels.read' }),
  },
  { $id: 'Found' },
)
export type WireFound = Type.Static<typeof found>

const exampleLead: WireFoundLead = {
  id: '019a9f60-2b7c-7d10-8f31-6a0c1d2e3f40',
  tenantId: 'f94238e5-4f2c-4e1b-8125-2d27122ca75f',
  companyName: 'Berg & Tal GmbH',
  contactName: 'Jonas Berg',
  contactEmail: 'jonas@berg-tal.example',
  status: 'Active',
  channelName: null,
  shortName: null,
}

export const search = defineEndpoint({
  operationId: 'search',
  method: 'GET',
  path: '/api/v4/search',
  tag: 'Leads',
  summary: 'Find leads, tenants and channels while somebody types',
  description:
    'A few of each kind, the best first: for names one knows, not for lists (`GET /api/v4/leads?q=` finds all and counts ' +
    'them). Leads are found by company, contacts, phone digits, tenant id, own references and short name of the service; up to two letters find what ' +
    'begins with them among the newest 10,000, more are found anywhere. Of what very many hold, the best of the newest are ' +
    'told. Without `q` nothing is found.',
  source: 'own; design/ui.md, Frame; issue 6, 6',
  permission: 'leads.read',
  query: Type.Object({
    q: Type.Optional(Type.String({ maxLength: 200 })),
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: SEARCH_ROWS_MAX,
        description: `Rows of each kind; ${SEARCH_ROWS_DEFAULT} if left out`,
      }),
    ),
  }),
  responses: {
    200: {
      description: 'What was found',
      schema: found,
      example: { leads: [exampleLead], tenants: [], channels: [{ id: 1001, name: 'Bergland Telecom' }] },
    },
  },
})
