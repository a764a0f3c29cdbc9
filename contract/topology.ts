import Type from 'typebox'
import { topologyContacts } from './channels.ts'
import { defineEndpoint } from './endpoint.ts'
import { problem } from './problem.ts'

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

/** `2025-08-12T07:02:10.822+0000`, as the documented answers print it. Source: rest-api.md 1.5. */
const stamp = Type.String({ description: 'UTC with milliseconds and the offset +0000' })
const number = (description: string) =>
  Type.Union(
    [Type.Integer({ minimum: 0, maximum: 2_147_483_647 }), Type.String({ pattern: '^\\s*[0-9]{1,10}\\s*$' })],
    {
      description,
    },
  )

/** A channel as the documented API shows it. Source: rest-api.md 2.4; what follows `appRegistrationSettings` is by analogy with 2.5. */
export const topologyChannel = Type.Object(
  {
    definedAt: stamp,
    adGroupName: Type.Null(),
    dmSourceEmail: Type.Null(),
    iamAccountId: Type.String({ format: 'uuid' }),
    lastChanged: stamp,
    description: Type.String(),
    maxCustomers: Type.Integer({ description: '0: no limit' }),
    services: Type.Object({ OC: Type.Object({ enabled: Type.Boolean() }) }),
    adGroupId: Type.Null(),
    url: Type.String(),
    msTenantId: nullable(Type.String()),
    vocaProviderId: Type.Null(),
    servicesNumber: Type.Integer({ description: 'Services whose lead belongs to it' }),
    appRegistrationSettings: Type.Null({ description: 'No application of its own' }),
    name: Type.String(),
    tenantId: Type.Integer({ description: 'The operator' }),
    id: Type.Integer(),
    logoId: Type.Integer({ description: '0: none; else the id of the channel' }),
    contacts: topologyContacts,
    status: Type.String({ description: 'UNMONITORED: monitoring is not part of Leadline' }),
  },
  { $id: 'TopologyChannel' },
)
export type WireTopologyChannel = Type.Static<typeof topologyChannel>

const quality = Type.Object({
  vqControlStatus: Type.String(),
  vqMediaStatus: Type.String(),
  voiceQualityStatus: Type.String(),
})

/** An LC customer as the documented API shows it. Source: rest-api.md 2.5. */
export const topologyCustomer = Type.Object(
  {
    definedAt: stamp,
    iamAccountId: Type.String({ format: 'uuid' }),
    fullName: nullable(Type.String()),
    description: Type.String(),
    services: Type.Object({ OC: Type.Object({ meteringTag: Type.String() }) }),
    applicationsStatus: Type.Object({
      management: Type.Object({ managementStatus: Type.String() }),
      voiceQuality: Type.Object({
        teamsVoiceQualityJson: quality,
        voiceQualityStatus: Type.String(),
        alertRuleVoiceQualityStatus: Type.String(),
        sbcVoiceQualityJson: quality,
      }),
    }),
    adGroupId: Type.Null(),
    url: Type.String(),
    msTenantId: nullable(Type.String()),
    attachedServices: Type.Array(Type.Integer()),
    name: Type.String(),
    tenantId: Type.Integer({ description: 'The operator' }),
    id: Type.Integer(),
    logoId: Type.Integer({ description: '0: none; else the id of the customer' }),
    channelId: Type.Integer({ description: '0: of no channel' }),
    contacts: topologyContacts,
    status: Type.String({ description: 'UNMONITORED: monitoring is not part of Leadline' }),
  },
  { $id: 'LcCustomer' },
)
export type WireTopologyCustomer = Type.Static<typeof topologyCustomer>

const noContacts = { email: null, phone: null, secondaryEmail: null, secondaryPhone: null, generalInfo: null }
const exampleChannel: WireTopologyChannel = {
  definedAt: '2026-11-20T08:15:30.000+0000',
  adGroupName: null,
  dmSourceEmail: null,
  iamAccountId: '5d0f3a9e-55c4-4a52-9b6a-6b8ef0c0a4b1',
  lastChanged: '2026-11-20T08:15:30.000+0000',
  description: '',
  maxCustomers: 0,
  services: { OC: { enabled: true } },
  adGroupId: null,
  url: '/ovoc/v1/topology/channels/907',
  msTenantId: '2f7c3f0e-8a54-4f3f-9d7b-6c0f6f6c1b2a',
  vocaProviderId: null,
  servicesNumber: 1,
  appRegistrationSettings: null,
  name: 'Riverside IT',
  tenantId: 868,
  id: 907,
  logoId: 0,
  contacts: noContacts,
  status: 'UNMONITORED',
}
const unmonitored = {
  vqControlStatus: 'UNMONITORED',
  vqMediaStatus: 'UNMONITORED',
  voiceQualityStatus: 'UNMONITORED',
}
const exampleCustomer: WireTopologyCustomer = {
  definedAt: '2026-11-20T08:15:30.000+0000',
  iamAccountId: '0b1fca1d-93a0-4a49-8a15-4a6a3f2f3f10',
  fullName: 'Alder & Pine US',
  description: '',
  services: { OC: { meteringTag: '' } },
  applicationsStatus: {
    management: { managementStatus: 'UNMONITORED' },
    voiceQuality: {
      teamsVoiceQualityJson: unmonitored,
      voiceQualityStatus: 'UNMONITORED',
      alertRuleVoiceQualityStatus: 'UNMONITORED',
      sbcVoiceQualityJson: unmonitored,
    },
  },
  adGroupId: null,
  url: '/ovoc/v1/topology/lcCustomers/1001',
  msTenantId: 'd1382f6b-4846-45d7-9ac8-0349c1ed5ead',
  attachedServices: [],
  name: 'Alder & Pine',
  tenantId: 868,
  id: 1001,
  logoId: 0,
  channelId: 907,
  contacts: noContacts,
  status: 'UNMONITORED',
}

const made = (what: string) =>
  Type.Object(
    { id: Type.Integer(), url: Type.String({ description: `Of the ${what}, without a slash in front` }) },
    { description: 'As documented' },
  )
const conflict = { schema: problem, contentType: 'application/problem+json' }
const notThere =
  'A channel or customer that does not exist is 404 with the documented body ' +
  '`{"description": "Entity with id 3700 not found"}` and the fields of every other error beside it.'

const channels = { tag: 'Channels (documented)', documented: true } as const
const customers = { tag: 'LC customers (documented)', documented: true } as const
const reading = { permission: 'channels.read' } as const
const managing = { permission: 'channels.manage', operatorOnly: true } as const
const channelParams = Type.Object({ channelId: Type.Integer({ minimum: 0, maximum: 2_147_483_647 }) })
const customerParams = Type.Object({ customerId: Type.Integer({ minimum: 0, maximum: 2_147_483_647 }) })

const channelBody = {
  description: Type.Optional(Type.String({ maxLength: 2_000 })),
  tenantId: Type.Optional(number('The operator: may be left out, and can be no other')),
  msTenantId: Type.Optional(nullable(Type.String({ maxLength: 100, description: "The partner's own Entra tenant" }))),
  operatorConnectEnabled: Type.Optional(Type.Boolean({ description: 'true if left out' })),
  maxCustomers: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000, description: '0: no limit' })),
  contacts: Type.Optional(Type.Partial(topologyContacts)),
}
const name = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' })
const customerBody = {
  fullName: Type.Optional(nullable(Type.String({ maxLength: 400 }))),
  description: Type.Optional(Type.String({ maxLength: 2_000 })),
  tenantId: Type.Optional(number('The operator: may be left out, and can be no other')),
  msTenantId: Type.Optional(nullable(Type.String({ maxLength: 100, description: "The customer's Entra tenant" }))),
  contacts: Type.Optional(Type.Partial(topologyContacts)),
  channelId: Type.Optional(nullable(number('0 or null: of no channel'))),
}

export const addTopologyChannel = defineEndpoint({
  ...channels,
  ...managing,
  operationId: 'addTopologyChannel',
  method: 'POST',
  path: '/api/ovoc/v1/topology/channels',
  summary: 'Add Channel',
  description: '`tenantId` is the operator, as a number or as text.',
  source: 'rest-api.md H3',
  body: Type.Object({ name, ...channelBody }),
  bodyExample: { name: 'Riverside IT', tenantId: 868, msTenantId: '2f7c3f0e-8a54-4f3f-9d7b-6c0f6f6c1b2a' },
  responses: {
    201: {
      description: 'Id and address of the channel',
      schema: made('channel'),
      example: { id: 1574, url: 'ovoc/v1/topology/channels/1574' },
    },
    409: { ...conflict, description: 'Another channel has this name' },
  },
})

export const listTopologyChannels = defineEndpoint({
  ...channels,
  ...reading,
  operationId: 'listTopologyChannels',
  method: 'GET',
  path: '/api/ovoc/v1/topology/channels',
  summary: 'Get List of Channels',
  description: 'A plain array, by name. Credentials bound to a channel see that one.',
  source: 'rest-api.md H5',
  responses: {
    200: { description: 'All of them', schema: Type.Array(topologyChannel), example: [exampleChannel] },
  },
})

export const getTopologyChannel = defineEndpoint({
  ...channels,
  ...reading,
  operationId: 'getTopologyChannel',
  method: 'GET',
  path: '/api/ovoc/v1/topology/channels/{channelId}',
  summary: 'Get Specific Channel Details',
  description: notThere,
  source: 'rest-api.md H4',
  params: channelParams,
  responses: { 200: { description: 'The channel', schema: topologyChannel, example: exampleChannel } },
})

export const updateTopologyChannel = defineEndpoint({
  ...channels,
  ...managing,
  operationId: 'updateTopologyChannel',
  method: 'PUT',
  path: '/api/ovoc/v1/topology/channels/{channelId}',
  summary: 'Change a channel',
  description: `What is left out stays. ${notThere}`,
  source: 'own, as rest-api.md H3',
  params: channelParams,
  body: Type.Object({ name: Type.Optional(name), ...channelBody }),
  bodyExample: { maxCustomers: 100 },
  responses: {
    200: { description: 'The channel', schema: topologyChannel, example: exampleChannel },
    409: { ...conflict, description: 'Another channel has this name' },
  },
})

export const deleteTopologyChannel = defineEndpoint({
  ...channels,
  ...managing,
  operationId: 'deleteTopologyChannel',
  method: 'DELETE',
  path: '/api/ovoc/v1/topology/channels/{channelId}',
  summary: 'Delete Channel',
  description: `Remove its leads and customers first. ${notThere}`,
  source: 'rest-api.md H6',
  params: channelParams,
  responses: {
    204: { description: 'It is gone', schema: null },
    409: { ...conflict, description: 'It has leads or customers; `errors` names up to 100 of them' },
  },
})

export const addTopologyCustomer = defineEndpoint({
  ...customers,
  permission: 'services.write',
  operationId: 'addTopologyCustomer',
  method: 'POST',
  path: '/api/ovoc/v1/topology/customers',
  summary: 'Add a customer',
  description: 'Made with credentials bound to a channel it belongs to that channel.',
  source: 'own, as rest-api.md H3',
  body: Type.Object({ name, ...customerBody }),
  bodyExample: { name: 'Alder & Pine', tenantId: 868, channelId: 907 },
  responses: {
    201: {
      description: 'Id and address of the customer',
      schema: made('customer'),
      example: { id: 1001, url: 'ovoc/v1/topology/lcCustomers/1001' },
    },
    409: { ...conflict, description: 'The name is taken in the channel, or the channel has as many as it may' },
  },
})

export const listTopologyCustomers = defineEndpoint({
  ...customers,
  permission: 'services.read',
  operationId: 'listTopologyCustomers',
  method: 'GET',
  path: '/api/ovoc/v1/topology/customers',
  summary: 'LC customers',
  description: 'A plain array, by name: where the ids come from that other calls ask for as `lcCustomerId`.',
  source: 'own',
  responses: {
    200: { description: 'All of them', schema: Type.Array(topologyCustomer), example: [exampleCustomer] },
  },
})

export const getTopologyCustomer = defineEndpoint({
  ...customers,
  permission: 'services.read',
  operationId: 'getTopologyCustomer',
  method: 'GET',
  path: '/api/ovoc/v1/topology/customers/{customerId}',
  summary: 'One LC customer',
  description: notThere,
  source: 'rest-api.md H8, X21',
  params: customerParams,
  responses: { 200: { description: 'The customer', schema: topologyCustomer, example: exampleCustomer } },
})

export const assignTopologyCustomer = defineEndpoint({
  ...customers,
  ...managing,
  operationId: 'assignTopologyCustomer',
  method: 'POST',
  path: '/api/ovoc/v1/topology/customers/{customerId}',
  summary: 'Assign Customer to a channel',
  description: `Moves it to the channel; 0 takes it out of its channel. ${notThere}`,
  source: 'rest-api.md H7',
  params: customerParams,
  body: Type.Object({ channelId: number('The channel') }),
  bodyExample: { channelId: 907 },
  responses: {
    200: { description: 'The customer', schema: topologyCustomer, example: exampleCustomer },
    409: { ...conflict, description: 'The name is taken in the channel, or the channel has as many as it may' },
  },
})

export const verifyTopologyCustomer = defineEndpoint({
  ...customers,
  permission: 'services.read',
  operationId: 'verifyTopologyCustomer',
  method: 'PUT',
  path: '/api/ovoc/v1/topology/customers/{customerId}',
  summary: 'Verify Specific LC Customer Details',
  description:
    'The documented method, described as a read: without a body it changes nothing. With one it changes what the body says, ' +
    `which needs \`services.write\`; another channel needs \`channels.manage\` too. ${notThere}`,
  source: 'rest-api.md H8, X21',
  params: customerParams,
  body: Type.Object({ name: Type.Optional(name), ...customerBody }),
  bodyOptional: true,
  bodyExample: { fullName: 'Alder & Pine US' },
  responses: {
    200: { description: 'The customer', schema: topologyCustomer, example: exampleCustomer },
    409: { ...conflict, description: 'The name is taken in the channel, or the channel has as many as it may' },
  },
})

export const deleteTopologyCustomer = defineEndpoint({
  ...customers,
  permission: 'services.write',
  operationId: 'deleteTopologyCustomer',
  method: 'DELETE',
  path: '/api/ovoc/v1/topology/customers/{customerId}',
  summary: 'Delete an LC customer',
  description: notThere,
  source: 'own, as rest-api.md H6',
  params: customerParams,
  responses: { 204: { description: 'It is gone', schema: null } },
})
