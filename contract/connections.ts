import Type from 'typebox'
import { defineEndpoint } from './endpoint.ts'

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

/** How long the secret is still good: by the date that was entered, since Microsoft's token endpoint does not tell. */
const secretExpiry = Type.Object(
  {
    on: nullable(Type.String({ description: 'Date, YYYY-MM-DD; null: nobody has entered it' })),
    daysLeft: nullable(Type.Integer({ description: 'From today (UTC); negative when it is over' })),
    state: Type.Enum(['unknown', 'fine', 'soon', 'urgent', 'expired'], {
      description: 'soon: within 30 days; urgent: within 7',
    }),
  },
  { $id: 'SecretExpiry' },
)
export type SecretExpiry = Type.Static<typeof secretExpiry>

/** An operator's connection to Microsoft as it may be shown: never the secret. Source: microsoft.md A.2, A.3; portal.md 12.4. */
export const connection = Type.Object(
  {
    operatorId: Type.Integer({ description: 'The operator in Leadline' }),
    operatorName: Type.String(),
    configured: Type.Boolean({
      description: 'false: nothing is set yet, the other fields are the documented defaults',
    }),
    msOperatorId: nullable(Type.String({ description: "The Operator ID shown in Microsoft's operator portal" })),
    baseUrl: Type.String({ description: 'Base address of the operator API' }),
    paths: Type.Object({
      consents: Type.String(),
      consentByTenant: Type.String({ description: 'With {tenantId}' }),
      civicAddresses: Type.String({ description: 'With {tenantId}' }),
    }),
    casing: Type.Union([Type.Literal('pascal'), Type.Literal('camel')], {
      description: 'Letter case of what we write',
    }),
    authority: Type.String({ description: 'Sign-in service' }),
    directoryId: Type.String({ description: "The operator's own Entra directory (tenant) id" }),
    clientId: Type.String({ description: 'Application (client) id' }),
    hasSecret: Type.Boolean({ description: 'A client secret is stored' }),
    certificate: nullable(
      Type.Object(
        {
          thumbprint: Type.String({ description: 'SHA-256, in hex' }),
          thumbprintSha1: Type.String({ description: 'SHA-1, in hex, as the Entra admin center shows it' }),
          subject: Type.String(),
          expiresOn: Type.String({ description: 'Date, YYYY-MM-DD' }),
        },
        { description: 'What stands in place of a client secret; its private key is never returned' },
      ),
    ),
    secretExpiresOn: nullable(Type.String({ description: 'Date, YYYY-MM-DD' })),
    secretExpiry,
    tokenVersion: Type.Union([Type.Literal('v1.0'), Type.Literal('v2.0')]),
    resource: Type.String({ description: 'Application id (or URI) the token is for' }),
    requestTimeoutMs: Type.Integer({ minimum: 1_000, maximum: 600_000 }),
    updatedAt: nullable(Type.String({ format: 'date-time' })),
  },
  { $id: 'Connection' },
)
export type Connection = Type.Static<typeof connection>

const text = (description: string) => Type.Optional(Type.String({ minLength: 1, maxLength: 500, description }))

/** What of a connection is to change; what is left out stays as it is, or takes the documented default at first. */
export const connectionChange = Type.Object(
  {
    msOperatorId: Type.Optional(nullable(Type.String({ maxLength: 100 }))),
    baseUrl: text('https; http only on the loopback address'),
    paths: Type.Optional(
      Type.Object(
        {
          consents: Type.String({ minLength: 1, maxLength: 300 }),
          consentByTenant: Type.String({ minLength: 1, maxLength: 300 }),
          civicAddresses: Type.String({ minLength: 1, maxLength: 300 }),
        },
        { additionalProperties: false },
      ),
    ),
    casing: Type.Optional(Type.Union([Type.Literal('pascal'), Type.Literal('camel')])),
    authority: text('Sign-in service'),
    directoryId: text('Directory (tenant) id of the operator'),
    clientId: text('Application (client) id'),
    secret: text('Client secret; write-only. Blanks around it are dropped. Replaces a certificate'),
    certificate: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 20_000,
        description:
          'PEM text of a certificate and its private key (RSA, not encrypted); the key is write-only. Replaces the secret; its ' +
          'last day becomes secretExpiresOn. The public part is uploaded to the app registration in Entra',
      }),
    ),
    secretExpiresOn: Type.Optional(
      nullable(
        Type.String({
          format: 'date',
          description:
            'As Entra shows it; you are warned 30 and 7 days before. Forgotten when a new secret comes without one',
        }),
      ),
    ),
    tokenVersion: Type.Optional(Type.Union([Type.Literal('v1.0'), Type.Literal('v2.0')])),
    resource: text('Application id (or URI) the token is for'),
    requestTimeoutMs: Type.Optional(Type.Integer({ minimum: 1_000, maximum: 600_000 })),
  },
  { $id: 'ConnectionChange', additionalProperties: false },
)
export type ConnectionChange = Type.Static<typeof connectionChange>

const params = Type.Object({ operatorId: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }) })

export const listConnections = defineEndpoint({
  operationId: 'listConnections',
  method: 'GET',
  path: '/api/v4/connections',
  tag: 'Microsoft',
  summary: 'Connections to Microsoft',
  description: 'One for each operator the caller may see, configured or not. The secret is never returned.',
  source: 'own; microsoft.md A.2',
  permission: 'connections.manage',
  operatorOnly: true,
  responses: { 200: { description: 'The connections', schema: Type.Object({ data: Type.Array(connection) }) } },
})

export const getConnection = defineEndpoint({
  operationId: 'getConnection',
  method: 'GET',
  path: '/api/v4/connections/{operatorId}',
  tag: 'Microsoft',
  summary: 'One connection to Microsoft',
  description: 'The secret is never returned.',
  source: 'own; microsoft.md A.2',
  permission: 'connections.manage',
  operatorOnly: true,
  params,
  responses: { 200: { description: 'The connection', schema: connection } },
})

export const setConnection = defineEndpoint({
  operationId: 'setConnection',
  method: 'PUT',
  path: '/api/v4/connections/{operatorId}',
  tag: 'Microsoft',
  summary: 'Set up or change a connection to Microsoft',
  description:
    'What is left out stays as it is, or takes the documented default at first. All wrong fields are named at once. The next sync uses the new connection.',
  source: 'own; microsoft.md A.2, A.3',
  permission: 'connections.manage',
  operatorOnly: true,
  params,
  body: connectionChange,
  bodyExample: {
    msOperatorId: '7a4e58a1-8348-4fa5-8d36-4e19125e4ac3',
    directoryId: '3f2c1f0e-5a55-4c0a-9d63-0f5c2f6f7a11',
    clientId: '9b1f6c6e-2d3c-4a9e-8f44-6a1f0f8f2b22',
    secret: 'the value of the client secret',
  },
  responses: { 200: { description: 'The connection as it is now', schema: connection } },
})

/** Which stage of a connection fails, and what to do. Source: microsoft.md A.2 (4: 403 without allow-listed application). */
export const connectionCheck = Type.Object(
  {
    ok: Type.Boolean(),
    stage: Type.Enum(['token', 'role', 'allow-list', 'path', 'reach', 'done'], {
      description: 'The stage that fails first; done: all is well',
    }),
    detail: Type.String({ description: 'What was found' }),
    remedy: Type.String({
      description: 'What to do; empty when there is nothing to do. Where all is well it may warn of the secret’s end',
    }),
    secretExpiry,
  },
  { $id: 'ConnectionCheck' },
)

export const testConnection = defineEndpoint({
  operationId: 'testConnection',
  callsOutside: true,
  method: 'POST',
  path: '/api/v4/connections/{operatorId}/test',
  tag: 'Microsoft',
  summary: 'Test a connection to Microsoft stage by stage',
  description: 'Asks for a token of its own and reads one consent; changes nothing. Takes at most 30 seconds.',
  source: 'own; microsoft.md A.2',
  permission: 'connections.manage',
  operatorOnly: true,
  params,
  responses: { 200: { description: 'What was found', schema: connectionCheck } },
})
