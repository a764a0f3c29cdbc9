import type { IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'
import type { Endpoint, EndpointInput } from '../../../contract/endpoint.ts'
import type { OperatorPrincipal, Principal } from '../../kernel/principal.ts'
import type { Tx } from '../db/transaction.ts'

export type KeepAnswer = (tx: Tx, answer: Answer) => Promise<void>

/** What every handler knows of its request. */
export type PublicContext = {
  requestId: string
  /** The caller's address; behind a trusted proxy the one the proxy names. */
  sourceIp: string
  /** Aborted when the client goes away before the answer is sent. */
  signal: AbortSignal
  headers: IncomingHttpHeaders
  /** How the answer will be compressed if it is worth it; null: not at all. */
  acceptsEncoding: 'zstd' | 'gzip' | null
  /**
   * For endpoints that call outside (`callsOutside`): keeps the answer to an Idempotency-Key with the effect, in the
   * transaction that has it. Without a key it does nothing.
   */
  keepAnswer: KeepAnswer
  /**
   * Names the Idempotency-Key and who sent it; null: none. What was done outside for it and was cut off is known by this
   * when the same is asked again.
   */
  keyHash: string | null
  /** Public URL with the prefix the caller used (`/tenantui` or nothing), without a slash at the end: for links. */
  baseUrl: string
}

/** The context of a handler whose endpoint asks for a permission. */
export type RequestContext = PublicContext & { principal: OperatorPrincipal }

/** The context of a handler for administrators of the platform tier: no operator, no channel, and no permission beyond that. */
export type PlatformContext = PublicContext & { principal: Principal }

/**
 * An answer: at most one of `json`, `text` (ready text, JSON unless `contentType` says otherwise) and `stream`.
 * Without a body the status is 204 unless given, else 200. `etag` is opaque text without quotes.
 */
export type Answer = {
  status?: number
  headers?: Record<string, string>
  contentType?: string
  etag?: string
  json?: unknown
  text?: string | Buffer
  stream?: Readable
}

/** An answer whose tag is known before its body: `produce` runs only when the caller has no copy of it. */
export type ConditionalAnswer = { etag: string; headers?: Record<string, string>; produce: () => Promise<Answer> }

export type Handler<E extends Endpoint> = (
  input: EndpointInput<E>,
  context: E extends { permission: 'none' | 'signed-in' }
    ? PublicContext
    : E extends { permission: 'platform-administrator' }
      ? PlatformContext
      : RequestContext,
) => Promise<Answer | ConditionalAnswer>

export type RouteOptions = {
  /** Largest body in bytes; 1 MiB unless given. */
  bodyLimitBytes?: number
  /** Not counted by the rate limit: probes. */
  unlimited?: boolean
  /** For endpoints whose documented errors are no problem details, such as OAuth's. */
  presentError?: (problem: Problem) => Answer
}

/** RFC 9457 problem details, as sent. */
export type Problem = {
  type: string
  title: string
  status: number
  detail: string
  instance: string
  code: string
  requestId: string
  errors?: { pointer: string; detail: string }[]
}

/** An endpoint with what carries it out. */
export type Route = {
  endpoint: Endpoint
  handle: (
    input: RouteInput,
    context: PublicContext & { principal: Principal | undefined },
  ) => Promise<Answer | ConditionalAnswer>
  options: RouteOptions
}

export type RouteInput = { params: unknown; query: unknown; body: unknown }

/** Joins an endpoint of contract/ and its handler; the handler's input and context are typed by the endpoint. */
export function route<E extends Endpoint>(endpoint: E, handler: Handler<E>, options: RouteOptions = {}): Route {
  // The server checks input against the endpoint's own schemas before it calls: that is what makes this true.
  return { endpoint, handle: handler as unknown as Route['handle'], options }
}
