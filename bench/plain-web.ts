import { pino } from 'pino'
import { Type } from 'typebox'
import { defineEndpoint } from '../contract/endpoint.ts'
import { loadConfig } from '../server/config.ts'
import { createContext } from '../server/context.ts'
import { resolveDataDirectory } from '../server/data-directory.ts'
import type { OperatorPrincipal } from '../server/kernel/principal.ts'
import { createReader } from '../server/platform/db/reader.ts'
import { createHttpServer, type Route, route } from '../server/platform/http/index.ts'
import { routes } from '../server/routes.ts'

// The web server with one more route: a page as most programs make it, "query, JSON.parse, JSON.stringify". It is the
// limit of P5, with the same authentication, row security, rate limit, log and headers as the real list.

const loaded = loadConfig(process.env)
if (!loaded.ok) throw new Error(loaded.errors.map(({ variable, problem }) => `${variable}: ${problem}`).join('; '))
const { config } = loaded
const context = createContext({
  config,
  databaseUrl: config.database.url?.reveal() ?? '',
  dataDirectory: resolveDataDirectory(config.dataDirectory),
  version: 'bench',
  logger: pino({ level: config.logs.level }),
})
const { host, port, publicUrl, trustedProxies } = config.http
const server = createHttpServer({
  routes: [...routes(context), plainList()],
  authenticate: context.access.authenticate,
  authenticatePlatform: context.people.authenticatePlatform,
  settings: { publicUrl, trustedProxies, rateLimitPerMinute: config.limits.requestsPerMinute },
  logger: context.logger,
  metrics: context.metrics,
  clock: context.clock,
})
await server.listen({ host, port })
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop())

async function stop(): Promise<void> {
  await server.close(1_000)
  await context.close()
  process.exit(0)
}

function plainList(): Route {
  const endpoint = defineEndpoint({
    operationId: 'plainList',
    method: 'GET',
    path: '/bench/plain-list',
    tag: 'Leads',
    summary: 'A page of leads, plainly',
    description: '',
    source: 'own',
    permission: 'leads.read',
    query: Type.Object({ PageNumber: Type.Integer(), PageSize: Type.Integer() }),
    responses: { 200: { description: 'Leads', schema: Type.Array(Type.Unknown()) } },
  })
  const reader = createReader(context.database)
  return route(endpoint, async ({ query }, { principal }) => {
    const { operatorId } = principal as OperatorPrincipal
    const first = (query.PageNumber - 1) * query.PageSize
    const [rows = []] = await reader.read(principal, [
      `select body from lead where operator_id = ${operatorId} and arrival > ${first} order by arrival limit ${query.PageSize}`,
    ])
    return { json: rows.map((row) => JSON.parse(row.body as string)) }
  })
}
