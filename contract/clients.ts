import Type from 'typebox'
import { defineEndpoint } from './endpoint.ts'
import { allPermissions } from './permissions.ts'
import { problem } from './problem.ts'

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const instant = (description: string) => Type.String({ format: 'date-time', description })

/** Hours for which the secret before a rotation may go on working. */
export const OVERLAP_HOURS_MAX = 720
export const OVERLAP_HOURS_DEFAULT = 24

const name = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: '\\S',
  description: 'For people: who uses it, for what',
})
const permissionList = Type.Array(Type.Enum(allPermissions), {
  maxItems: allPermissions.length,
  uniqueItems: true,
  description: 'What its tokens may do; only what you may do yourself',
})
const channelId = nullable(
  Type.Integer({
    minimum: 1,
    maximum: 2_147_483_647,
    description: 'Bound to this channel: sees and changes nothing else',
  }),
)
const external = Type.Object(
  {
    issuer: Type.String({
      minLength: 1,
      maxLength: 500,
      description: 'Claim `iss` of its tokens; one of LEADLINE_TRUSTED_ISSUERS',
    }),
    tenantId: Type.String({ minLength: 1, maxLength: 100, description: 'Claim `tid`: the directory it lives in' }),
    appId: Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'Claim `azp` or `appid`: its application (client) id',
    }),
  },
  { description: 'Its tokens come from an outside issuer such as Entra ID', $id: 'ExternalIdentity' },
)

const permitted = Type.Object({
  allowed: Type.Boolean(),
  reason: Type.Optional(Type.String({ description: 'Why not, in the words a refusal would use' })),
})

/** An API client as shown: never its secret. */
export const apiClient = Type.Object(
  {
    clientId: Type.String(),
    name,
    permissions: Type.Array(Type.String()),
    channelId,
    external: nullable(external),
    createdAt: instant('When it was made'),
    lastUsedAt: nullable(instant('Last request with one of its tokens; exact to a minute')),
    revokedAt: nullable(instant('Refused since then')),
    previousSecretExpiresAt: nullable(instant('Until when the secret before the last rotation works')),
    actions: Type.Object({ update: permitted, rotateSecret: permitted, revoke: permitted }),
  },
  { $id: 'ApiClient' },
)
export type WireClient = Type.Static<typeof apiClient>

const clientWithSecret = Type.Object(
  { ...apiClient.properties, clientSecret: Type.String({ description: 'Shown this once: keep it now' }) },
  { $id: 'ApiClientWithSecret' },
)
export type WireClientWithSecret = Type.Static<typeof clientWithSecret>

const allowed = { allowed: true }
const exampleClient: WireClient = {
  clientId: '019a9f5e-6d2a-7c41-9a31-5b0b6a3c7d10',
  name: 'Billing export',
  permissions: ['leads.read', 'channels.read'],
  channelId: null,
  external: null,
  createdAt: '2026-11-22T08:15:30.000Z',
  lastUsedAt: null,
  revokedAt: null,
  previousSecretExpiresAt: null,
  actions: { update: allowed, rotateSecret: allowed, revoke: allowed },
}
const exampleSecret: WireClientWithSecret = {
  ...exampleClient,
  clientSecret: 'lls_3Jx0cT5m8Wq1vZbN6rYkEoU2hDgLsPaFi7XnQeRtCwM',
}

const clients = { tag: 'API clients', source: 'own', permission: 'clients.manage' } as const
const one = { ...clients, params: Type.Object({ clientId: Type.String({ minLength: 1, maxLength: 200 }) }) } as const
const shown = { description: 'The client', schema: apiClient, example: exampleClient }
const conflict = { schema: problem, contentType: 'application/problem+json' }
const refused = { ...conflict, description: 'It is revoked, or the outside identity belongs to another client' }

export const listClients = defineEndpoint({
  ...clients,
  operationId: 'listClients',
  method: 'GET',
  path: '/api/v4/clients',
  summary: 'API clients, newest first',
  description: 'Revoked ones stay in the list, so that the journal can be read against it.',
  responses: {
    200: {
      description: 'All clients',
      schema: Type.Object({ data: Type.Array(apiClient) }),
      example: { data: [exampleClient] },
    },
  },
})

export const createClient = defineEndpoint({
  ...clients,
  operationId: 'createClient',
  method: 'POST',
  path: '/api/v4/clients',
  summary: 'Create an API client',
  description:
    'Nobody can give a permission that he does not hold. With `external` the client signs in at an outside issuer, and its ' +
    'own secret works as well. The secret is shown this once. Credentials bound to a channel make clients of that channel only.',
  body: Type.Object({
    name,
    permissions: permissionList,
    channelId: Type.Optional(channelId),
    external: Type.Optional(nullable(external)),
  }),
  bodyExample: { name: 'Billing export', permissions: ['leads.read', 'channels.read'], channelId: null },
  responses: {
    201: { description: 'The client with its secret', schema: clientWithSecret, example: exampleSecret },
    409: { ...conflict, description: 'The outside identity belongs to another client' },
  },
})

export const getClient = defineEndpoint({
  ...one,
  operationId: 'getClient',
  method: 'GET',
  path: '/api/v4/clients/{clientId}',
  summary: 'One API client',
  description: 'With what may be done with it now, and why not.',
  responses: { 200: shown },
})

export const updateClient = defineEndpoint({
  ...one,
  operationId: 'updateClient',
  method: 'PATCH',
  path: '/api/v4/clients/{clientId}',
  summary: 'Change name, permissions, channel or outside identity',
  description: 'What is left out stays. It holds at once, for tokens already given out too.',
  body: Type.Object({
    name: Type.Optional(name),
    permissions: Type.Optional(permissionList),
    channelId: Type.Optional(channelId),
    external: Type.Optional(nullable(external)),
  }),
  bodyExample: { permissions: ['leads.read'] },
  responses: { 200: shown, 409: refused },
})

export const rotateClientSecret = defineEndpoint({
  ...one,
  operationId: 'rotateClientSecret',
  method: 'POST',
  path: '/api/v4/clients/{clientId}/rotate-secret',
  summary: 'Make a new secret',
  description:
    'The old one works on for `overlapHours`, so that it can be changed without an outage; 0 ends it at once. ' +
    'Only one old secret lives: a second rotation ends the first. Needs every permission of the client.',
  body: Type.Object({
    overlapHours: Type.Optional(
      Type.Integer({ minimum: 0, maximum: OVERLAP_HOURS_MAX, description: `${OVERLAP_HOURS_DEFAULT} if left out` }),
    ),
  }),
  bodyExample: { overlapHours: 24 },
  responses: {
    200: { description: 'The client with its new secret', schema: clientWithSecret, example: exampleSecret },
    409: refused,
  },
})

export const revokeClient = defineEndpoint({
  ...one,
  operationId: 'revokeClient',
  method: 'DELETE',
  path: '/api/v4/clients/{clientId}',
  summary: 'Revoke an API client',
  description:
    'Its secrets and the tokens it already has are refused at once, on every instance. Revoking twice is harmless.',
  responses: { 200: shown },
})
