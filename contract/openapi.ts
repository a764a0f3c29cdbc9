import { closedSchema } from './closed-schema.ts'
import { type Admission, type Endpoint, isByPermission, type ResponseSpec } from './endpoint.ts'
import { openApiWebhooks } from './event-body.ts'
import { problem } from './problem.ts'
import { CSRF_HEADER, OPERATOR_HEADER } from './sessions.ts'

type Json = Record<string, unknown>

/** OpenAPI 3.1 of the endpoints, as text: the content of openapi.json and of GET /openapi.json, byte for byte. */
export function openApiText(endpoints: readonly Endpoint[], version: string): string {
  return `${JSON.stringify(openApiDocument(endpoints, version), null, 2)}\n`
}

/**
 * What is the same for every endpoint is added here: refusals, headers, security. Schemas with an `$id` become components.
 * A documented path is served below `/tenantui` too, which its own `servers` say.
 */
export function openApiDocument(endpoints: readonly Endpoint[], version: string): Json {
  const schemas = new Map<string, string>()
  const components: Json = {}
  const embed = (schema: unknown) => embedSchema(schema, components, schemas)
  const paths: Record<string, Json> = {}
  for (const endpoint of endpoints) {
    paths[endpoint.path] ??= endpoint.documented ? { servers: BOTH_PREFIXES } : {}
    const item = paths[endpoint.path] as Json
    const method = endpoint.method.toLowerCase()
    if (item[method]) throw new Error(`${endpoint.method} ${endpoint.path} is described twice.`)
    item[method] = operationOf(endpoint, embed)
  }
  embed(problem)
  const webhooks = openApiWebhooks(embed)
  return {
    openapi: '3.1.0',
    info: {
      title: 'Leadline',
      version,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      description:
        'Leads, services and numbers of Microsoft Teams Operator Connect. The routes under /api/v2, /api/v3 and /api/ovoc follow ' +
        'the documented API and are served with and without the prefix /tenantui; /api/v4 is our own.',
    },
    servers: [{ url: '/' }],
    tags: [...new Set(endpoints.map((endpoint) => endpoint.tag))].map((name) => ({ name })),
    paths,
    webhooks,
    components: {
      securitySchemes: SECURITY_SCHEMES,
      headers: HEADERS,
      parameters: PARAMETERS,
      responses: REFUSALS,
      schemas: Object.fromEntries(Object.entries(components).sort(([one], [other]) => (one < other ? -1 : 1))),
    },
  }
}

const BOTH_PREFIXES = [{ url: '/' }, { url: '/tenantui', description: 'As in the documented base address' }]

const SECURITY_SCHEMES = {
  clientCredentials: {
    type: 'oauth2',
    flows: {
      clientCredentials: {
        tokenUrl: '/oauth2/v2.0/token',
        scopes: { 'api://leadline/.default': 'Everything the client may do' },
      },
    },
  },
  bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'Of this server or of a trusted issuer' },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-leadline',
    description:
      'The session of a person, from `POST /api/v4/sessions`; without https the cookie is `leadline_session`',
  },
}

/** Who is let in, in the words of OpenAPI: any one of these is enough. */
function securityOf(permission: Admission): Json[] {
  if (permission === 'none') return []
  if (isByPermission(permission)) return [{ clientCredentials: [] }, { bearer: [] }, { session: [] }]
  return [{ session: [] }]
}

const HEADERS = {
  'X-Request-Id': { description: 'Names this request in answers, logs and journal', schema: { type: 'string' } },
  'RateLimit-Limit': { description: 'Requests at once', schema: { type: 'integer' } },
  'RateLimit-Remaining': { description: 'Requests left', schema: { type: 'integer' } },
  'RateLimit-Reset': { description: 'Seconds until all are back', schema: { type: 'integer' } },
  'Retry-After': { description: 'Seconds to wait', schema: { type: 'integer' } },
  'WWW-Authenticate': { description: 'How to say who one is (RFC 6750)', schema: { type: 'string' } },
}

const PARAMETERS = {
  channel: {
    name: 'X-Ovoc-Channel-Id',
    in: 'header',
    description: 'Only what belongs to this channel. Credentials bound to a channel always get that channel.',
    schema: { type: 'integer', minimum: 1 },
  },
  operator: {
    name: OPERATOR_HEADER,
    in: 'header',
    description: 'With a session: the operator one works for. May be left out by who works for one only.',
    schema: { type: 'integer', minimum: 1 },
  },
  csrf: {
    name: CSRF_HEADER,
    in: 'header',
    description:
      'With a session: any value; a foreign page cannot send it. Browsers that send `Sec-Fetch-Site: same-origin` need not.',
    schema: { type: 'string' },
  },
  requestId: {
    name: 'X-Request-Id',
    in: 'header',
    description: 'Your own id for this request; one is made if there is none',
    schema: { type: 'string', maxLength: 128 },
  },
  idempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description:
      'Names this change: asked again with the same key within 24 hours, the first answer is given again (`Idempotency-Replayed: true`) ' +
      'and nothing is done twice. Of each client or person its own. 1 to 255 visible characters; the same key with another request is 422.',
    schema: { type: 'string', maxLength: 255 },
  },
  ifMatch: {
    name: 'If-Match',
    in: 'header',
    description: 'The ETag of the resource as you read it: 412 and no change when it has changed since',
    schema: { type: 'string' },
  },
  ifNoneMatch: {
    name: 'If-None-Match',
    in: 'header',
    description: 'The ETag of the copy you have: 304 if it is still good',
    schema: { type: 'string' },
  },
}

const REFUSALS: Record<string, Json> = {
  400: refusal('A parameter or field cannot be used; `errors` names each with its remedy'),
  401: refusal('No credentials, or none that can be used', 'WWW-Authenticate'),
  403: refusal('Known, but not allowed: a permission is missing, or it belongs to another channel'),
  404: refusal('It does not exist, or is not yours to see'),
  409: refusal('The state of things does not allow it, or the same Idempotency-Key is being worked on'),
  412: refusal('It has changed since the ETag sent as If-Match'),
  422: refusal('It cannot be done as asked, or the Idempotency-Key was used for another request'),
  413: refusal('The body is too large'),
  415: refusal('The body has another media type'),
  429: refusal('Too many requests', 'Retry-After'),
  500: refusal('Something went wrong on our side'),
  503: refusal('The database or Microsoft cannot be reached at the moment', 'Retry-After'),
}

function refusal(description: string, ...headers: string[]): Json {
  return {
    description,
    headers: Object.fromEntries(['X-Request-Id', ...headers].map((name) => [name, ref('headers', name)])),
    content: { 'application/problem+json': { schema: ref('schemas', 'Problem') } },
  }
}

/** One resource: its answer has a tag, and is not sent again to who has it. */
function isResource({ method, path, permission }: Endpoint): boolean {
  return method === 'GET' && path.endsWith('}') && isByPermission(permission)
}

function refusalsOf({ method, permission, params, body }: Endpoint): number[] {
  const isGuarded = method !== 'GET' && isByPermission(permission)
  return [
    400,
    ...(permission === 'none' ? [] : [401, 403]),
    ...(params ? [404] : []),
    ...(isGuarded ? [409, 422] : []),
    ...(isGuarded && params ? [412] : []),
    ...(body ? [413, 415] : []),
    429,
    500,
    503,
  ]
}

function operationOf(endpoint: Endpoint, embed: (schema: unknown) => unknown): Json {
  const { operationId, tag, summary, description, source, permission, operatorOnly } = endpoint
  const parameters = parametersOf(endpoint, embed)
  const requestBody = requestBodyOf(endpoint, embed)
  return {
    operationId,
    tags: [tag],
    summary,
    description,
    ...(parameters.length > 0 && { parameters }),
    ...(requestBody && { requestBody }),
    responses: responsesOf(endpoint, embed),
    security: securityOf(permission),
    ...(permission !== 'none' && { 'x-permission': permission }),
    ...(operatorOnly && { 'x-operator-only': true }),
    'x-source': source,
  }
}

function parametersOf(endpoint: Endpoint, embed: (schema: unknown) => unknown): unknown[] {
  const { method, params, query, permission, responses, readsOnly } = endpoint
  const read = (place: 'path' | 'query', object: typeof params) =>
    Object.entries(object?.properties ?? {}).map(([name, schema]) => {
      const { description, ...rest } = schema as Json
      const isRequired = place === 'path' || ((object?.required ?? []) as string[]).includes(name)
      return {
        name,
        in: place,
        ...(isRequired && { required: true }),
        ...(description !== undefined && { description }),
        schema: embed(rest),
      }
    })
  return [
    ...read('path', params),
    ...read('query', query),
    ...(isByPermission(permission) ? [ref('parameters', 'channel'), ref('parameters', 'operator')] : []),
    ...(permission === 'none' || method === 'GET' ? [] : [ref('parameters', 'csrf')]),
    ...(isByPermission(permission) && method !== 'GET' && !readsOnly ? [ref('parameters', 'idempotencyKey')] : []),
    ...(isByPermission(permission) && method !== 'GET' && params ? [ref('parameters', 'ifMatch')] : []),
    ...(304 in responses || isResource(endpoint) ? [ref('parameters', 'ifNoneMatch')] : []),
    ref('parameters', 'requestId'),
  ]
}

function requestBodyOf(endpoint: Endpoint, embed: (schema: unknown) => unknown): Json | undefined {
  const { body, bodyType = 'application/json', bodyOptional = false, bodyExample, documented } = endpoint
  if (!body) return undefined
  const schema = embed(documented ? body : closedSchema(body))
  return {
    required: !bodyOptional,
    content: { [bodyType]: { schema, ...(bodyExample !== undefined && { example: bodyExample }) } },
  }
}

function responsesOf(endpoint: Endpoint, embed: (schema: unknown) => unknown): Json {
  const responses: Json = {}
  for (const status of refusalsOf(endpoint)) responses[status] = ref('responses', String(status))
  for (const [status, spec] of Object.entries(endpoint.responses)) {
    responses[status] = responseOf(spec, embed, endpoint.permission !== 'none')
  }
  return responses
}

function responseOf(spec: ResponseSpec, embed: (schema: unknown) => unknown, isLimited: boolean): Json {
  const fixed = ['X-Request-Id', ...(isLimited ? ['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset'] : [])]
  const headers: Json = Object.fromEntries(fixed.map((name) => [name, ref('headers', name)]))
  for (const [name, description] of Object.entries(spec.headers ?? {}))
    headers[name] = { description, schema: { type: 'string' } }
  if (spec.schema === null) return { description: spec.description, headers }
  const example = spec.example === undefined ? {} : { example: spec.example }
  const media = { schema: embed(spec.schema), ...example }
  return { description: spec.description, headers, content: { [spec.contentType ?? 'application/json']: media } }
}

/** A plain copy in which every schema with an `$id` is a reference to its component. */
function embedSchema(schema: unknown, components: Json, texts: Map<string, string>): unknown {
  if (Array.isArray(schema)) return schema.map((part) => embedSchema(part, components, texts))
  if (typeof schema !== 'object' || schema === null) return schema
  const { $id, ...rest } = schema as Json
  const copy = Object.fromEntries(
    Object.entries(rest).map(([key, part]) => [key, embedSchema(part, components, texts)]),
  )
  if (typeof $id !== 'string') return copy
  const text = JSON.stringify(copy)
  if ((texts.get($id) ?? text) !== text) throw new Error(`Two different schemas have the $id ${$id}.`)
  texts.set($id, text)
  components[$id] = copy
  return ref('schemas', $id)
}

function ref(kind: string, name: string): Json {
  return { $ref: `#/components/${kind}/${name}` }
}
