import type { Socket } from 'node:net'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { Clock } from '../../kernel/clock.ts'
import { AppError, notFound } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { repeatedPath } from '../../kernel/repeatable.ts'
import type { Authenticate } from './credentials.ts'
import { createHttpMetrics } from './http-metrics.ts'
import { mountRoutes } from './mount-routes.ts'
import { errorHeaders, problemOf, tellable, toldTo } from './problem.ts'
import { RateLimit } from './rate-limit.ts'
import { acceptableRequestId, RequestState } from './request-state.ts'
import type { Route } from './route.ts'
import { securityHeaders } from './security-headers.ts'
import { sendAnswer } from './send-answer.ts'
import type { WriteGuard } from './write-guard.ts'

export type HttpSettings = {
  /** LEADLINE_PUBLIC_URL without a slash at the end: begins every link we send. */
  publicUrl: string
  /** LEADLINE_TRUSTED_PROXIES: addresses or CIDR ranges whose X-Forwarded-For is believed; empty: nobody's. */
  trustedProxies: string[]
  /** Requests a minute per client, or per address without credentials; 0: no limit. Counted by each instance for itself. */
  rateLimitPerMinute: number
  /** A connection on which nothing moves for so long is cut: a reader that stalls holds a database connection. Default 90. */
  stallTimeoutSeconds?: number
  /** Checks every JSON answer against its contract and fails loudly: for tests. */
  checkAnswers?: boolean
}

export type HttpServerOptions = {
  routes: readonly Route[]
  authenticate: Authenticate
  /** Needed where a route is for administrators of the platform tier. */
  authenticatePlatform?: Authenticate
  /** Idempotency-Key and If-Match for all that changes something; left out: neither is known. */
  guard?: WriteGuard
  settings: HttpSettings
  logger: Logger
  metrics: Registry
  clock: Clock
}

export type HttpServer = {
  app: FastifyInstance
  /** Listens and answers the address, such as `http://127.0.0.1:8080`. Port 0 takes a free one. */
  listen(address: { host: string; port: number }): Promise<string>
  /** Stops accepting, lets running requests finish for `graceMilliseconds` (10 s), then cuts them off. */
  close(graceMilliseconds?: number): Promise<void>
}

export const BODY_LIMIT_BYTES = 1024 * 1024
const URL_LIMIT_BYTES = 8 * 1024

declare module 'fastify' {
  interface FastifyRequest {
    state: RequestState
  }
}

/** The HTTP server of a web process: routes of contract/ with the same refusals, errors, limits, headers and log for all. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { settings, clock } = options
  const app = Fastify({
    logger: false,
    bodyLimit: BODY_LIMIT_BYTES,
    trustProxy: settings.trustedProxies.length > 0 ? settings.trustedProxies : false,
    genReqId: (raw) => acceptableRequestId(raw.headers['x-request-id']) ?? newId(clock.now()),
    routerOptions: {
      // Documented clients write the same path in several ways (rest-api.md 0: `…/remove/?msTenantId=`).
      ignoreTrailingSlash: true,
      caseSensitive: false,
      maxParamLength: 200,
      // Queries are read strictly and only once, by the endpoint's own schema.
      querystringParser: () => ({}),
    },
    exposeHeadRoutes: false,
    return503OnClosing: false,
    requestTimeout: 120_000,
    connectionTimeout: (settings.stallTimeoutSeconds ?? 90) * 1000,
    keepAliveTimeout: 65_000,
    forceCloseConnections: 'idle',
    clientErrorHandler: (error, socket) => answerUnreadableRequest(error, socket, settings.publicUrl),
    frameworkErrors: (error, request, reply) => {
      const state = request.state ?? new RequestState(request, reply as FastifyReply, settings.publicUrl)
      request.state = state
      reply.headers(fixedHeaders)
      reply.header('x-request-id', state.requestId)
      sendError(error, request, reply as FastifyReply)
    },
  })
  const observe = observer(options)
  const fixedHeaders = securityHeaders(settings.publicUrl)
  // An expectation that nobody knows may be passed over (RFC 9110 10.1.1); Node would refuse it without a word.
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response))

  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.decorateRequest('state', null as unknown as RequestState)
  app.addHook('onRequest', (request, reply, done) => {
    const state = new RequestState(request, reply, settings.publicUrl)
    request.state = state
    reply.headers(fixedHeaders)
    reply.header('x-request-id', state.requestId)
    reply.raw.once('finish', () => state.complete())
    reply.raw.once('close', () => observe(request, reply))
    done((request.raw.url?.length ?? 0) > URL_LIMIT_BYTES ? urlTooLong() : undefined)
  })
  app.setNotFoundHandler((request, reply) => sendError(notFound('This address'), request, reply))
  app.setErrorHandler((error, request, reply) => sendError(error, request, reply))
  mountRoutes(app, {
    routes: options.routes,
    authenticate: options.authenticate,
    ...(options.authenticatePlatform && { authenticatePlatform: options.authenticatePlatform }),
    limit: settings.rateLimitPerMinute > 0 ? new RateLimit(settings.rateLimitPerMinute, 60) : null,
    now: () => clock.now().getTime(),
    checkAnswers: settings.checkAnswers ?? false,
    guard: options.guard ?? null,
  })

  function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const { state } = request
    const { presentError, bodyLimitBytes } = (request.routeOptions.config as { route?: Route['options'] }).route ?? {}
    const told = toldTo(state.principal, tellable(error, bodyLimitBytes ?? BODY_LIMIT_BYTES))
    state.error = error
    const problem = problemOf(told, {
      publicUrl: settings.publicUrl,
      path: repeatedPath(state.path),
      requestId: state.requestId,
    })
    for (const name of ['etag', 'cache-control', 'content-encoding', 'content-length', 'content-type'])
      reply.removeHeader(name)
    reply.headers(errorHeaders(told))
    const answer = presentError?.(problem) ?? { json: problem, contentType: 'application/problem+json' }
    void sendAnswer(reply, { status: told.status, ...answer })
  }

  return {
    app,
    listen: ({ host, port }) => app.listen({ host, port }),
    close: async (graceMilliseconds = 10_000) => {
      const cut = setTimeout(() => app.server.closeAllConnections(), graceMilliseconds)
      try {
        await app.close()
      } finally {
        clearTimeout(cut)
      }
    },
  }
}

/** One log line and one measurement per request, when its connection is done with it. */
function observer({ logger, metrics }: HttpServerOptions): (request: FastifyRequest, reply: FastifyReply) => void {
  const figures = createHttpMetrics(metrics)
  return ({ state, method }, reply) => {
    if (!state.isComplete) state.clientGone()
    const status = state.isComplete ? reply.raw.statusCode : cutOffStatus(state)
    const durationSeconds = (performance.now() - state.startedAt) / 1000
    figures.observe(state.operationId, status, durationSeconds)
    const line = {
      operationId: state.operationId,
      method,
      // Without the query: searches hold names and mail addresses of people. And without what may be a secret in the path.
      path: repeatedPath(state.path),
      status,
      durationMilliseconds: Math.round(durationSeconds * 10_000) / 10,
      requestId: state.requestId,
      sourceIp: state.sourceIp,
      ...(state.principal && { principal: state.principal.id, operatorId: state.principal.operatorId }),
    }
    // A probe that is answered "not ready" is no failure of ours: its handler answered.
    if (status >= 500 && state.error !== undefined)
      logger.error({ ...line, err: asError(state.error) }, 'request failed')
    else if (state.error !== undefined) logger.info({ ...line, reason: codeOf(state.error) }, 'request refused')
    else logger.info(line, 'request')
  }
}

/** An answer that broke off: by our failure after its first byte, or because the client went away (499, as proxies log it). */
function cutOffStatus(state: RequestState): number {
  return state.error === undefined ? 499 : 500
}

function asError(error: unknown): unknown {
  return error instanceof AppError && error.cause !== undefined ? error.cause : error
}

function codeOf(error: unknown): string {
  return String((error as { code?: string }).code ?? 'unknown')
}

function urlTooLong(): AppError {
  return new AppError({
    code: 'url-too-long',
    status: 414,
    detail: `The address with its query is longer than ${URL_LIMIT_BYTES} bytes: ask for less at once.`,
  })
}

/** What Node's parser refuses never becomes a request: answered here, on the bare socket, in the same form. */
function answerUnreadableRequest(error: Error & { code?: string }, socket: Socket, publicUrl: string): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const [status, phrase, code, detail] = UNREADABLE[error.code ?? ''] ?? MALFORMED
  const requestId = newId()
  const type = `${publicUrl}/docs/errors/${code}`
  // Nobody can say which path it was to be.
  const body = JSON.stringify({ type, title: phrase, status, detail, instance: '', code, requestId })
  socket.end(
    `HTTP/1.1 ${status} ${phrase}\r\nContent-Type: application/problem+json\r\nX-Request-Id: ${requestId}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
}

type Unreadable = [status: number, phrase: string, code: string, detail: string]
const MALFORMED: Unreadable = [400, 'Bad Request', 'bad-request', 'The request is not valid HTTP.']
const UNREADABLE: Record<string, Unreadable> = {
  HPE_HEADER_OVERFLOW: [
    431,
    'Request Header Fields Too Large',
    'headers-too-large',
    'The address and headers are longer than 16 KiB together: send less.',
  ],
  ERR_HTTP_REQUEST_TIMEOUT: [
    408,
    'Request Timeout',
    'request-timeout',
    'The request took too long to arrive: send it again.',
  ],
}
