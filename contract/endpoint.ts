import type { Static, TObject, TSchema } from 'typebox'
import type { Permission } from './permissions.ts'

/** What one status of an endpoint answers. `schema` null: no body. */
export type ResponseSpec = {
  description: string
  schema: TSchema | null
  contentType?: string
  headers?: Record<string, string>
  /** Checked against the schema by a test. */
  example?: unknown
}

/**
 * One public endpoint: the whole of what a caller must know. The server adds only a handler.
 * Source: design/architecture.md, names 2.
 */
export type Endpoint<
  Params extends TObject = TObject,
  Query extends TObject = TObject,
  Body extends TSchema = TSchema,
> = {
  /** Also the name of the route file (kebab-case), of the client call and of the log field. */
  operationId: string
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With `{name}` for parameters, without the prefix `/tenantui`. */
  path: string
  tag: string
  summary: string
  /** Markdown. Limits, order, side effects, what the answer means. */
  description: string
  /** Seed file or document section this follows; `own` where the endpoint is ours alone. */
  source: string
  /** `none`: no credentials asked (token, health, documents). */
  permission: Permission | 'none'
  /** An object of the whole operator: a channel-bound client gets 403. */
  operatorOnly?: boolean
  /** Documented v2/v3/ovoc route: served with and without the prefix `/tenantui`, unknown body keys are ignored. */
  documented?: boolean
  /** Names of query parameters match without regard to letter case and blanks, as the documentation prints them both ways (rest-api.md X5). */
  lenientQueryNames?: boolean
  params?: Params
  query?: Query
  body?: Body
  bodyType?: 'application/json' | 'application/x-www-form-urlencoded'
  bodyExample?: unknown
  responses: Record<number, ResponseSpec>
}

/** Keeps the schema types of an endpoint for its handler. */
export function defineEndpoint<P extends TObject, Q extends TObject, B extends TSchema>(
  endpoint: Endpoint<P, Q, B>,
): Endpoint<P, Q, B> {
  return endpoint
}

/** What a handler of this endpoint gets, after validation. */
export type EndpointInput<E extends Endpoint> = {
  params: E['params'] extends TSchema ? Static<E['params']> : Record<string, never>
  query: E['query'] extends TSchema ? Static<E['query']> : Record<string, never>
  body: E['body'] extends TSchema ? Static<E['body']> : undefined
}
