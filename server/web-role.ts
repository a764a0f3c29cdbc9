import { join } from 'node:path'
import type { Context } from './context.ts'
import { CHECKOUT } from './data-directory.ts'
import { createHttpServer, type HttpServer, mountPortal, type Route, serviceRoutes } from './platform/http/index.ts'
import { routes } from './routes.ts'

/** Health and figures of a worker that has a process of its own; nothing where no port is set for it. */
export async function startWorkerService(context: Context): Promise<{ stop(): Promise<void> }> {
  const { config, logger } = context
  const port = config.metrics.workerPort
  if (port === null) return { stop: async () => {} }
  const server = createServer(context, serviceRoutes(context.service))
  const address = await server.listen({ host: config.http.host, port })
  logger.info({ address }, 'figures of the worker are served')
  return { stop: () => server.close() }
}

/** The web role: HTTP for people and clients. Listens even while the database is down, and says so. */
export async function startWeb(context: Context): Promise<{ stop(): Promise<void> }> {
  const { config, logger, access } = context
  const server = createWebServer(context)
  const address = await server.listen(config.http)
  logger.info({ address }, 'web server is listening')
  // Only makes the first token faster; without it the key is made when it is needed.
  access.start().catch((error) => logger.warn({ err: error }, 'the signing key could not be made ready'))
  return { stop: () => server.close() }
}

/** `checkAnswers`: every JSON answer is checked against its contract; for tests. */
export function createWebServer(context: Context, { checkAnswers = false } = {}): HttpServer {
  const server = createServer(context, routes(context), checkAnswers)
  mountPortal(server.app, { directory: join(CHECKOUT, 'web/dist') })
  return server
}

function createServer(context: Context, served: Route[], checkAnswers = false): HttpServer {
  const { config, logger, metrics, clock, access, people } = context
  const { publicUrl, trustedProxies } = config.http
  return createHttpServer({
    routes: served,
    authenticate: access.authenticate,
    authenticatePlatform: people.authenticatePlatform,
    guard: context.guard,
    settings: { publicUrl, trustedProxies, rateLimitPerMinute: config.limits.requestsPerMinute, checkAnswers },
    logger,
    metrics,
    clock,
  })
}
