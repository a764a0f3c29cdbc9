import type { Static, TObject, TSchema } from 'typebox'
import { type Permission, permissions } from './permissions.ts'

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
 * Who may call an endpoint:
 * - a permission: API clients and people who hold it, working for one operator;
 * - `none`: no credentials asked (token, health, documents, sign-in);
 * - `signed-in`: whoever is signed in, about himself; no operator need be chosen, and API clients are nobody here;
 * - `platform-administrator`: an administrator of the platform tier who is signed in, about the installation as a whole.
 */
export type Admission = Permission | 'none' | 'signed-in' | 'platform-administrator'

/** Whether the endpoint is opened by a permission, for one operator. */
export function isByPermission(admission: Admission): admission is Permission {
  return Object.hasOwn(permissions, admission)
}

/**
 * One public endpoint: the whole of what a caller must know. The server adds only a handler.
 * Source: design/architecture.md, names 2.
 */
export type Endpoint = {
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
  permission: Admission
  /** An object of the whole operator: a channel-bound client gets 403. */
  operatorOnly?: boolean
  /** Documented v2/v3/ovoc route: served with and without the prefix `/tenantui`, unknown body keys are ignored. */
  documented?: boolean
  /** A question that is too long for an address: it changes nothing, and an Idempotency-Key has nothing to keep. */
  readsOnly?: boolean
  /** It calls somebody outside between its transactions, so that it cannot be one (design/architecture.md, names 6). */
  callsOutside?: boolean
  /** Names of query parameters match without regard to letter case and blanks, as the documentation prints them both ways (rest-api.md X5). */
  lenientQueryNames?: boolean
  params?: TObject
  query?: TObject
  body?: TSchema
  bodyType?: 'application/json' | 'application/x-www-form-urlencoded'
  /** The body may be left out: a documented method that also serves as a read (rest-api.md X21). */
  bodyOptional?: boolean
  bodyExample?: unknown
  responses: Record<number, ResponseSpec>
}

/** Keeps the exact type of an endpoint, so that its handler gets typed input. */
export function defineEndpoint<E extends Endpoint>(endpoint: E): E {
  return endpoint
}

/** What a handler of this endpoint gets, after validation. A part the endpoint does not declare is empty. */
export type EndpointInput<E extends Endpoint> = {
  params: E extends { params: infer P extends TSchema } ? Static<P> : Record<string, never>
  query: E extends { query: infer Q extends TSchema } ? Static<Q> : Record<string, never>
  body: E extends { body: infer B extends TSchema }
    ? Static<B> | (E extends { bodyOptional: true } ? undefined : never)
    : undefined
}
