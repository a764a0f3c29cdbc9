import type { Context } from './context.ts'
import { createHttpServer } from './platform/http/index.ts'
import { routes } from './routes.ts'

/** The web role: HTTP for people and clients. Listens even while the database is down, and says so. */
export async function startWeb(context: Context): Promise<{ stop(): Promise<void> }> {
  const { config, logger, metrics, clock, access } = context
  const { host, port, publicUrl, trustedProxies } = config.http
  const server = createHttpServer({
    routes: routes(context),
    authenticate: access.authenticate,
    settings: { publicUrl, trustedProxies, rateLimitPerMinute: config.limits.requestsPerMinute },
    logger,
    metrics,
    clock,
  })
  const address = await server.listen({ host, port })
  logger.info({ address }, 'web server is listening')
  // Only makes the first token faster; without it the key is made when it is needed.
  access.start().catch((error) => logger.warn({ err: error }, 'the signing key could not be made ready'))
  return { stop: () => server.close() }
}
