import Type from 'typebox'
import { defineEndpoint } from './endpoint.ts'
import { problem } from './problem.ts'

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const instant = (description: string) => Type.String({ format: 'date-time', description })
const conflict = { schema: problem, contentType: 'application/problem+json' }

/** Logos are small: they come along with every answer that shows one. */
export const LOGO_BYTES_MAX = 64 * 1024

const GUID = '^\\s*[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\\s*$'

const detail = (maxLength: number, description: string) => nullable(Type.String({ maxLength, description }))
/** Source: rest-api.md 2.5, `contacts`. */
export const topologyContacts = Type.Object(
  {
    email: detail(320, 'Mail address'),
    phone: detail(50, 'Phone number, as people write it'),
    secondaryEmail: detail(320, 'Another mail address'),
    secondaryPhone: detail(50, 'Another phone number'),
    generalInfo: detail(1_000, 'Anything else: names, hours, address'),
  },
  { $id: 'TopologyContacts' },
)
export type TopologyContacts = Type.Static<typeof topologyContacts>

/** What a channel and an LC customer can be given alike. */
export const topologyFields = {
  name: Type.String({ minLength: 1, maxLength: 200, pattern: '\\S', description: 'Blanks around it are dropped' }),
  description: Type.String({ maxLength: 2_000 }),
  msTenantId: nullable(Type.String({ pattern: GUID, description: 'Its own Entra tenant: a GUID without braces' })),
  contacts: Type.Partial(topologyContacts, { description: 'What is left out becomes null' }),
  logo: nullable(
    Type.String({
      maxLength: Math.ceil((LOGO_BYTES_MAX * 4) / 3) + 64,
      pattern: '^data:image/(png|jpeg|webp);base64,[A-Za-z0-9+/]+={0,2}$',
      description: `A data URL of a PNG, JPEG or WebP image of at most ${LOGO_BYTES_MAX / 1024} KiB`,
    }),
  ),
}

const permitted = Type.Object({
  allowed: Type.Boolean(),
  reason: Type.Optional(Type.String({ description: 'Why not, in the words a refusal would use' })),
})

const channelFields = {
  ...topologyFields,
  maxCustomers: Type.Integer({
    minimum: 0,
    maximum: 1_000_000,
    description: 'LC customers it may have; 0: no limit. Those it has beyond a lowered number stay',
  }),
  operatorConnectEnabled: Type.Boolean({ description: 'Whether it may sell Operator Connect, and so be given leads' }),
}

export const channel = Type.Object(
  {
    id: Type.Integer(),
    name: Type.String(),
    description: Type.String(),
    msTenantId: nullable(Type.String({ format: 'uuid', description: "The partner's own Entra tenant" })),
    contacts: topologyContacts,
    hasLogo: Type.Boolean(),
    maxCustomers: channelFields.maxCustomers,
    operatorConnectEnabled: channelFields.operatorConnectEnabled,
    createdAt: instant('When it was made'),
    changedAt: instant('When it was last changed'),
    holds: Type.Object(
      {
        leads: Type.Integer(),
        customers: Type.Integer({ description: 'LC customers' }),
        people: Type.Integer({ description: 'People of the channel tier' }),
        clients: Type.Integer({ description: 'API clients bound to it, without revoked ones' }),
      },
      {
        description: 'What belongs to it: leads and customers keep it from being deleted, the others lose their access',
      },
    ),
    actions: Type.Object({ updateChannel: permitted, deleteChannel: permitted, assignLeads: permitted }),
  },
  { $id: 'Channel' },
)
export type WireChannel = Type.Static<typeof channel>

export const channelDetail = Type.Object(
  { ...channel.properties, logo: nullable(Type.String({ description: 'A data URL' })) },
  { $id: 'ChannelDetail' },
)
export type WireChannelDetail = Type.Static<typeof channelDetail>

export const exampleContacts: TopologyContacts = {
  email: 'desk@riverside.example',
  phone: '+1 425 555 0100',
  secondaryEmail: null,
  secondaryPhone: null,
  generalInfo: null,
}
const exampleChannel: WireChannel = {
  id: 907,
  name: 'Riverside IT',
  description: 'Reseller for the west',
  msTenantId: '2f7c3f0e-8a54-4f3f-9d7b-6c0f6f6c1b2a',
  contacts: exampleContacts,
  hasLogo: false,
  maxCustomers: 0,
  operatorConnectEnabled: true,
  createdAt: '2026-11-20T08:15:30.000Z',
  changedAt: '2026-11-22T08:15:30.000Z',
  holds: { leads: 1, customers: 1, people: 3, clients: 1 },
  actions: {
    updateChannel: { allowed: true },
    deleteChannel: { allowed: false, reason: 'Riverside IT has 1 lead and 1 customer: move or delete them first.' },
    assignLeads: { allowed: true },
  },
}
const exampleDetail: WireChannelDetail = { ...exampleChannel, logo: null }

const reading = { tag: 'Channels', source: 'own', permission: 'channels.read' } as const
const managing = { tag: 'Channels', source: 'own', permission: 'channels.manage', operatorOnly: true } as const
const params = Type.Object({ channelId: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }) })
const headers = { ETag: 'Changes with every change of the channel: send it as If-Match with the next one' }
const shown = { description: 'The channel', schema: channelDetail, headers, example: exampleDetail }
const nameTaken = { ...conflict, description: 'Another channel has this name' }
const changedMeanwhile = { ...conflict, description: 'Somebody changed it since the ETag sent as If-Match' }

export const listChannels = defineEndpoint({
  ...reading,
  operationId: 'listChannels',
  method: 'GET',
  path: '/api/v4/channels',
  summary: 'Channels (resellers), by name',
  description: 'With what belongs to each, and what may be done with it. Credentials bound to a channel see that one.',
  responses: {
    200: {
      description: 'All of them',
      schema: Type.Object({ data: Type.Array(channel) }),
      example: { data: [exampleChannel] },
    },
  },
})

export const createChannel = defineEndpoint({
  ...managing,
  operationId: 'createChannel',
  method: 'POST',
  path: '/api/v4/channels',
  summary: 'Create a channel',
  description:
    'Its id is a number that no other channel or LC customer of the operator has or had. The first administrator of the ' +
    'channel is invited with `POST /api/v4/users/invitations`, tier `channel`.',
  body: Type.Object({ ...Type.Partial(Type.Object(channelFields)).properties, name: channelFields.name }),
  bodyExample: { name: 'Riverside IT', contacts: { email: 'desk@riverside.example' }, maxCustomers: 50 },
  responses: { 201: shown, 409: nameTaken },
})

export const getChannel = defineEndpoint({
  ...reading,
  operationId: 'getChannel',
  method: 'GET',
  path: '/api/v4/channels/{channelId}',
  summary: 'One channel',
  description: 'With its logo.',
  params,
  responses: { 200: shown },
})

export const updateChannel = defineEndpoint({
  ...managing,
  operationId: 'updateChannel',
  method: 'PATCH',
  path: '/api/v4/channels/{channelId}',
  summary: 'Change a channel',
  description: 'What is left out stays.',
  params,
  body: Type.Partial(Type.Object(channelFields)),
  bodyExample: { maxCustomers: 100 },
  responses: { 200: shown, 409: nameTaken, 412: changedMeanwhile },
})

export const deleteChannel = defineEndpoint({
  ...managing,
  operationId: 'deleteChannel',
  method: 'DELETE',
  path: '/api/v4/channels/{channelId}',
  summary: 'Delete a channel',
  description:
    'Only one without leads and LC customers. Its people lose their role in it, its API clients are revoked, its open ' +
    'invitations end. Its id is never given again.',
  params,
  responses: {
    204: { description: 'It is gone', schema: null },
    409: { ...conflict, description: 'It has leads or LC customers; `errors` names up to 100 of them' },
    412: changedMeanwhile,
  },
})
