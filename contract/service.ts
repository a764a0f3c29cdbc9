import Type from 'typebox'
import { defineEndpoint } from './endpoint.ts'
import { problem } from './problem.ts'

const open = { method: 'GET', tag: 'Service', source: 'own', permission: 'none' } as const

const readiness = Type.Object(
  {
    ready: Type.Boolean(),
    checks: Type.Record(Type.String(), Type.Object({ ok: Type.Boolean(), detail: Type.Optional(Type.String()) }), {
      description: 'What is asked, by name: database, first sync …',
    }),
  },
  { $id: 'Readiness' },
)
export type WireReadiness = Type.Static<typeof readiness>

export const getLiveness = defineEndpoint({
  ...open,
  operationId: 'getLiveness',
  path: '/health/live',
  summary: 'Whether the process answers',
  description: 'For a supervisor that restarts it. Asks nothing else. Not rate limited.',
  responses: {
    200: { description: 'It lives', schema: Type.Object({ live: Type.Literal(true) }), example: { live: true } },
  },
})

export const getReadiness = defineEndpoint({
  ...open,
  operationId: 'getReadiness',
  path: '/health/ready',
  summary: 'Whether requests can be served',
  description: 'Database migrated and reachable; in the sandbox the first sync is done. Not rate limited.',
  responses: {
    200: { description: 'Ready', schema: readiness, example: { ready: true, checks: { database: { ok: true } } } },
    503: {
      description: 'Not ready, and why',
      schema: readiness,
      example: { ready: false, checks: { database: { ok: false, detail: 'The database cannot be reached.' } } },
    },
  },
})

export const getMetrics = defineEndpoint({
  ...open,
  operationId: 'getMetrics',
  path: '/metrics',
  summary: 'Figures for Prometheus',
  description:
    'With LEADLINE_METRICS_TOKEN set, that token is asked for as `Authorization: Bearer …`. Without it, only callers on this ' +
    'machine that did not come through a proxy are answered.',
  responses: {
    200: { description: 'Prometheus text', schema: Type.String(), contentType: 'text/plain' },
    401: { description: '`metrics-token-wrong`: the token is missing or another one', schema: problem },
    403: {
      description: '`metrics-local-only`: no token is set, and the caller is not on this machine',
      schema: problem,
    },
  },
})

export const getOpenApi = defineEndpoint({
  ...open,
  operationId: 'getOpenApi',
  path: '/openapi.json',
  summary: 'This description',
  description: 'OpenAPI 3.1, generated from the same contract that checks every request.',
  responses: {
    200: { description: 'OpenAPI 3.1', schema: Type.Object({}, { additionalProperties: true }) },
    304: { description: 'It is as it was when the ETag sent as If-None-Match was given', schema: null },
  },
})

export const getDocs = defineEndpoint({
  ...open,
  operationId: 'getDocs',
  path: '/docs',
  summary: 'This description, to browse and try',
  description: 'A page that asks no other server for anything.',
  responses: { 200: { description: 'HTML', schema: Type.String(), contentType: 'text/html' } },
})

export const getDocsAsset = defineEndpoint({
  ...open,
  operationId: 'getDocsAsset',
  path: '/docs/assets/{file}',
  summary: 'A script or style sheet of /docs',
  description: 'Part of the page at /docs.',
  params: Type.Object({ file: Type.String({ pattern: '^[a-z0-9.-]{1,60}$' }) }),
  responses: { 200: { description: 'The file', schema: Type.String(), contentType: 'text/plain' } },
})

export const getErrorDocs = defineEndpoint({
  ...open,
  operationId: 'getErrorDocs',
  path: '/docs/errors/{code}',
  summary: 'What an error code means and what to do',
  description: 'The address in `type` of every problem.',
  params: Type.Object({ code: Type.String({ pattern: '^[a-z0-9-]{1,80}$' }) }),
  responses: { 200: { description: 'Markdown', schema: Type.String(), contentType: 'text/markdown' } },
})

export const getSigningKeys = defineEndpoint({
  ...open,
  operationId: 'getSigningKeys',
  path: '/.well-known/jwks.json',
  summary: 'Public keys that verify our tokens',
  description: 'A JSON Web Key Set (RFC 7517). A key stays in it for a day after its successor came.',
  responses: {
    200: {
      description: 'The keys',
      schema: Type.Object({ keys: Type.Array(Type.Object({ kid: Type.String() }, { additionalProperties: true })) }),
    },
  },
})

export const getOpenIdConfiguration = defineEndpoint({
  ...open,
  operationId: 'getOpenIdConfiguration',
  path: '/.well-known/openid-configuration',
  summary: 'Where tokens are made and verified',
  description: 'OpenID Connect discovery, as far as client credentials need it.',
  responses: {
    200: {
      description: 'Metadata of the issuer',
      schema: Type.Object(
        { issuer: Type.String(), token_endpoint: Type.String(), jwks_uri: Type.String() },
        { additionalProperties: true },
      ),
    },
  },
})
