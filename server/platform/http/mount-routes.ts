import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify'
import { type Endpoint, isByPermission } from '../../../contract/endpoint.ts'
import type { Permission } from '../../../contract/permissions.ts'
import { AppError } from '../../kernel/errors.ts'
import type { OperatorPrincipal, Principal } from '../../kernel/principal.ts'
import { answerChecker } from './answer-check.ts'
import { bodyReader } from './body.ts'
import type { Authenticate } from './credentials.ts'
import { pathReader, queryReader } from './query.ts'
import type { Allowance, RateLimit } from './rate-limit.ts'
import { isResource, type TagReader, tagOf, tagReaders } from './resource-tag.ts'
import type { Answer, ConditionalAnswer, Route, RouteInput } from './route.ts'
import { sendAnswer } from './send-answer.ts'
import type { WriteGuard } from './write-guard.ts'

export type MountOptions = {
  routes: readonly Route[]
  authenticate: Authenticate
  /** For endpoints that only administrators of the platform tier may call. */
  authenticatePlatform?: Authenticate
  limit: RateLimit | null
  /** Milliseconds. */
  now: () => number
  checkAnswers: boolean
  /** Idempotency-Key and If-Match; null: neither is known. */
  guard: WriteGuard | null
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

/** Puts every route on its path, documented ones also under `/tenantui`; other methods of a known path answer 405 with Allow. */
export function mountRoutes(app: FastifyInstance, options: MountOptions): void {
  const readerOf = tagReaders(options.routes)
  const methodsByPath = new Map<string, Set<string>>()
  for (const route of options.routes) {
    const path = route.endpoint.path.replace(/\{([^}]+)\}/g, ':$1')
    for (const url of route.endpoint.documented ? [path, `/tenantui${path}`] : [path]) {
      mountRoute(app, url, route, options, readerOf(route.endpoint))
      const methods = methodsByPath.get(url) ?? new Set()
      for (const method of methodsOf(route)) methods.add(method)
      methodsByPath.set(url, methods)
    }
  }
  for (const [url, methods] of methodsByPath) refuseOtherMethods(app, url, [...methods])
}

function methodsOf(route: Route): HTTPMethods[] {
  return route.endpoint.method === 'GET' ? ['GET', 'HEAD'] : [route.endpoint.method]
}

function mountRoute(
  app: FastifyInstance,
  url: string,
  route: Route,
  options: MountOptions,
  readTag: TagReader | null,
): void {
  const { endpoint } = route
  const readPath = pathReader(endpoint.params)
  const readQuery = queryReader(endpoint.query, endpoint.lenientQueryNames ?? false)
  const readBody = bodyReader(endpoint)
  const checkAnswer = options.checkAnswers ? answerChecker(endpoint) : null
  const admit = admission(route, options)
  app.route({
    method: methodsOf(route),
    url,
    config: { route: route.options },
    ...(route.options.bodyLimitBytes !== undefined && { bodyLimit: route.options.bodyLimitBytes }),
    // Before the body is read: nobody makes us take in a megabyte that he may not send.
    onRequest: (request, reply) => {
      request.state.operationId = endpoint.operationId
      return admit(request, reply)
    },
    handler: async (request, reply) => {
      const input = {
        params: readPath(request.params as Record<string, string>),
        query: readQuery(request.state.search),
        body: readBody(request.body as Buffer | undefined, request.headers['content-type']),
      }
      const answer = tagged(endpoint, await guarded(request, route, input, options.guard, readTag))
      return sendAnswer(reply, checkAnswer ? checkAnswer(answer) : answer)
    },
  })
}

/** Carries the request out; a change is guarded by what Idempotency-Key and If-Match ask for. */
function guarded(
  request: FastifyRequest,
  route: Route,
  input: RouteInput,
  guard: WriteGuard | null,
  readTag: TagReader | null,
): Promise<Answer | ConditionalAnswer> {
  const { state, headers } = request
  const idempotencyKey = oneOf(headers['idempotency-key'])
  const ifMatch = oneOf(headers['if-match'])
  const isPlain = idempotencyKey === undefined && ifMatch === undefined
  const { endpoint } = route
  const isReading = endpoint.method === 'GET' || endpoint.readsOnly === true
  if (!guard || isPlain || isReading || !isByPermission(endpoint.permission)) {
    return route.handle(input, state)
  }
  const principal = state.principal as OperatorPrincipal
  return guard({
    principal,
    method: endpoint.method,
    path: state.path.replace(/^\/tenantui(?=\/)/i, ''),
    search: state.search,
    body: request.body as Buffer | undefined,
    idempotencyKey,
    ifMatch,
    currentTag: readTag && (() => readTag(request.params as Record<string, string>, state)),
    callsOutside: endpoint.callsOutside ?? false,
    handle: (keep, keyHash) => {
      state.keepAnswer = keep
      state.keyHash = keyHash
      return route.handle(input, state)
    },
  })
}

function oneOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(', ') : header
}

/** One resource gets the tag of what is shown of it, where its handler has none of its own. */
function tagged(endpoint: Endpoint, answer: Answer | ConditionalAnswer): Answer | ConditionalAnswer {
  if (!isResource(endpoint) || answer.etag !== undefined || 'produce' in answer || answer.json === undefined)
    return answer
  return { ...answer, etag: tagOf(answer.json) }
}

/** The refusals every endpoint has, in this order: 401, 429, 403. Who must be `signed-in` is looked up by the route itself. */
function admission({ endpoint, options }: Route, mounting: MountOptions) {
  const { permission, operatorOnly } = endpoint
  const { authenticate, limit, now } = mounting
  const count = (key: string, reply: FastifyReply) => {
    if (limit && !options.unlimited) spend(limit.take(key, now()), reply)
  }
  const identify = async (request: FastifyRequest, reply: FastifyReply, how: Authenticate): Promise<Principal> => {
    const { state } = request
    try {
      state.principal = await how({
        method: request.method,
        path: state.path,
        headers: request.headers,
        sourceIp: state.sourceIp,
        requestId: state.requestId,
      })
    } catch (error) {
      // Refused callers are counted by address, so that guessing ends in 429 without touching anyone's own limit.
      if (error instanceof AppError && error.status === 401) count(`address ${request.ip}`, reply)
      throw error
    }
    count(`${state.principal.kind} ${state.principal.id}`, reply)
    return state.principal
  }
  if (permission === 'platform-administrator') {
    const how = mounting.authenticatePlatform
    if (!how) throw new Error(`${endpoint.operationId} is for the platform tier, and nothing says who that is.`)
    return async (request: FastifyRequest, reply: FastifyReply) => {
      await identify(request, reply, how)
    }
  }
  if (!isByPermission(permission)) {
    return async (request: FastifyRequest, reply: FastifyReply) => count(`address ${request.ip}`, reply)
  }
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const principal = await identify(request, reply, authenticate)
    requirePermission(principal, permission)
    if (operatorOnly && principal.channelId !== null) throw operatorOnlyError()
    requireOperator(principal)
  }
}

function spend(allowance: Allowance, reply: FastifyReply): void {
  reply.header('ratelimit-limit', allowance.limit)
  reply.header('ratelimit-remaining', allowance.remaining)
  reply.header('ratelimit-reset', allowance.resetSeconds)
  if (allowance.allowed) return
  throw new AppError({
    code: 'rate-limited',
    status: 429,
    detail: `More than ${allowance.limit} requests in a minute. Try again in ${allowance.retryAfterSeconds} s.`,
    retryAfterSeconds: allowance.retryAfterSeconds,
  })
}

function requirePermission(principal: Principal, permission: Permission): void {
  if (principal.permissions.has(permission)) return
  throw new AppError({
    code: 'permission-missing',
    status: 403,
    detail: `This needs the permission ${permission}, which ${principal.name} does not have. Ask an administrator for it.`,
  })
}

function requireOperator(principal: Principal): asserts principal is OperatorPrincipal {
  if (principal.operatorId !== null) return
  throw new AppError({
    code: 'operator-not-chosen',
    status: 403,
    detail: 'This belongs to one operator, and none is chosen: choose an operator first.',
  })
}

function operatorOnlyError(): AppError {
  return new AppError({
    code: 'operator-only',
    status: 403,
    detail: 'This belongs to the whole operator: credentials bound to a channel cannot use it.',
  })
}

function refuseOtherMethods(app: FastifyInstance, url: string, allowed: string[]): void {
  const allow = [...allowed, 'OPTIONS'].join(', ')
  app.route({
    method: METHODS.filter((method) => !allowed.includes(method)),
    url,
    handler: async (request, reply) => {
      reply.header('allow', allow)
      if (request.method === 'OPTIONS') return reply.code(204).send()
      throw new AppError({
        code: 'method-not-allowed',
        status: 405,
        detail: `${request.method} is not possible here. Possible: ${allow}.`,
      })
    },
  })
}
