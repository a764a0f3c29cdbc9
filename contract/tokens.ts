import Type from 'typebox'
import { defineEndpoint } from './endpoint.ts'

/** Seconds an access token is good for. Source: rest-api.md 1.1, as Entra's reply. */
export const TOKEN_SECONDS = 3599

const form = Type.Object({
  grant_type: Type.Optional(Type.String({ maxLength: 200, description: 'client_credentials' })),
  client_id: Type.Optional(Type.String({ maxLength: 200, description: 'Or as the user name of HTTP Basic' })),
  client_secret: Type.Optional(Type.String({ maxLength: 500, description: 'Or as the password of HTTP Basic' })),
  scope: Type.Optional(
    Type.String({
      maxLength: 1000,
      description: '<audience>/.default, for example api://leadline/.default; may be left out',
    }),
  ),
})

const token = Type.Object(
  {
    token_type: Type.Literal('Bearer'),
    expires_in: Type.Integer({ description: 'Seconds' }),
    ext_expires_in: Type.Integer({ description: 'Seconds; always the same as expires_in' }),
    access_token: Type.String({ description: 'A JWT, RS256; `roles` are the permissions of the client' }),
  },
  { $id: 'AccessToken' },
)

const tokenError = Type.Object(
  {
    error: Type.String({
      description: 'invalid_request, invalid_client, unsupported_grant_type, invalid_scope, temporarily_unavailable …',
    }),
    error_description: Type.String(),
    timestamp: Type.String(),
    trace_id: Type.String({ description: 'The request id' }),
    correlation_id: Type.String({ description: 'The request id' }),
    error_uri: Type.String({ description: 'What to do' }),
  },
  { $id: 'TokenError' },
)

export type TokenRequest = Type.Static<typeof form>
export type WireToken = Type.Static<typeof token>
export type WireTokenError = Type.Static<typeof tokenError>

const exampleError: WireTokenError = {
  error: 'invalid_client',
  error_description: 'The client id or its secret is wrong.',
  timestamp: '2026-11-22 08:15:30Z',
  trace_id: '019a9f5e-6d2a-7c41-9a31-5b0b6a3c7d10',
  correlation_id: '019a9f5e-6d2a-7c41-9a31-5b0b6a3c7d10',
  error_uri: 'http://127.0.0.1:8080/docs/errors/client-credentials-wrong',
}

const tokenEndpoint = {
  method: 'POST',
  tag: 'Tokens',
  source: 'rest-api.md 1.1 (Entra client credentials), RFC 6749 section 4.4',
  permission: 'none',
  documented: true,
  bodyType: 'application/x-www-form-urlencoded',
  body: form,
  bodyExample: {
    grant_type: 'client_credentials',
    client_id: 'northwind-api',
    client_secret: 'northwind-sandbox-secret',
    scope: 'api://leadline/.default',
  },
  responses: {
    200: {
      description: 'The token, for the header `Authorization: Bearer …`',
      schema: token,
      headers: { 'Cache-Control': 'no-store' },
      example: { token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599, access_token: 'eyJhbGciOiJSUzI1NiIs…' },
    },
    400: { description: 'A field is missing, repeated or cannot be used', schema: tokenError },
    401: { description: 'The client id or its secret is wrong', schema: tokenError, example: exampleError },
    413: { description: 'The body is too large', schema: tokenError },
    415: { description: 'The body is not a form', schema: tokenError },
    429: { description: 'Too many wrong secrets from this address for this client', schema: tokenError },
    500: { description: 'Something went wrong on our side', schema: tokenError },
    503: { description: 'The database cannot be reached at the moment', schema: tokenError },
  },
} as const

const description =
  'OAuth 2.0 client credentials, as a form or with HTTP Basic; the answer has the shape of Entra ID, so a client that used ' +
  'Entra changes only its token address and scope. Ten wrong secrets in a row for one client from one address make that ' +
  'address wait for that client; others are not held up. Errors have the shape of OAuth, not of problem details.'

export const createToken = defineEndpoint({
  ...tokenEndpoint,
  operationId: 'createToken',
  path: '/oauth2/v2.0/token',
  summary: 'Get an access token',
  description,
})

export const createTenantToken = defineEndpoint({
  ...tokenEndpoint,
  operationId: 'createTenantToken',
  path: '/{tenantId}/oauth2/v2.0/token',
  summary: 'Get an access token, with a directory id in the address as at Entra ID',
  description: `${description} The segment is not checked; it comes back as the claim \`tid\`.`,
  params: Type.Object({
    tenantId: Type.String({ pattern: '^[A-Za-z0-9.-]{1,100}$', description: 'A directory id or domain' }),
  }),
})
