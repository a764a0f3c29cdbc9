import { createHash, timingSafeEqual } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Registry } from 'prom-client'
import {
  getDocs,
  getDocsAsset,
  getErrorDocs,
  getLiveness,
  getMetrics,
  getOpenApi,
  getReadiness,
  type WireReadiness,
} from '../../../contract/service.ts'
import { AppError, notFound } from '../../kernel/errors.ts'
import { repeated } from '../../kernel/repeatable.ts'
import { type Answer, type PublicContext, type Route, route } from './route.ts'
import { pagePolicy } from './security-headers.ts'

export type ServiceRouteOptions = {
  metrics: Registry
  /** LEADLINE_METRICS_TOKEN; null: only this machine may ask. */
  metricsToken: string | null
  readiness: () => Promise<WireReadiness>
  /** The ready text of /openapi.json. */
  openApi: string
  /** Folder with one `<code>.md` per error code. */
  errorDocsDirectory: string
}

/** Health, figures and documents: nothing of any operator, so no credentials asked. */
export function serviceRoutes(options: ServiceRouteOptions): Route[] {
  const { metrics, metricsToken, readiness, openApi, errorDocsDirectory } = options
  const probe = { unlimited: true }
  const openApiTag = hashOf(openApi)
  return [
    route(getLiveness, async () => ({ json: { live: true } }), probe),
    route(getReadiness, async () => readinessAnswer(await readiness()), probe),
    route(getMetrics, async (_input, context) => {
      requireMetricsAccess(context, metricsToken)
      return { text: await metrics.metrics(), contentType: metrics.contentType }
    }),
    route(getOpenApi, async () => ({ text: openApi, etag: openApiTag })),
    route(getDocs, async () => ({ text: DOCS_PAGE, contentType: 'text/html; charset=utf-8', headers: PAGE_HEADERS })),
    route(getDocsAsset, ({ params }) => docsAsset(params.file)),
    route(getErrorDocs, ({ params }) => errorDocs(errorDocsDirectory, params.code)),
  ]
}

function readinessAnswer(state: WireReadiness): Answer {
  return state.ready ? { json: state } : { status: 503, json: state, headers: { 'retry-after': '5' } }
}

function requireMetricsAccess({ headers, sourceIp }: PublicContext, token: string | null): void {
  if (token !== null) {
    const given = Buffer.from(headers.authorization ?? '')
    const wanted = Buffer.from(`Bearer ${token}`)
    if (given.length === wanted.length && timingSafeEqual(given, wanted)) return
    throw new AppError({
      code: 'metrics-token-wrong',
      status: 401,
      detail: 'The figures need the token of LEADLINE_METRICS_TOKEN as `Authorization: Bearer …`.',
    })
  }
  // A proxy on this machine has a loopback address too: what it passes on comes from elsewhere.
  const isProxied = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined
  if (!isProxied && /^(127\.|::1$|::ffff:127\.)/.test(sourceIp)) return
  throw new AppError({
    code: 'metrics-local-only',
    status: 403,
    detail:
      'Without LEADLINE_METRICS_TOKEN the figures are given on the machine itself only: set that variable to read them from here.',
  })
}

async function errorDocs(directory: string, code: string): Promise<Answer> {
  const text = await readFile(join(directory, `${code}.md`), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw notFound(`The error code ${repeated(code)}`)
    throw error
  })
  return { text, contentType: 'text/markdown; charset=utf-8' }
}

const PAGE_HEADERS = { 'content-security-policy': pagePolicy }

const DOCS_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Leadline API</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
</head>
<body>
<div id="api"></div>
<script src="/docs/assets/swagger-ui-bundle.js"></script>
<script src="/docs/assets/start.js"></script>
</body>
</html>
`

const START_SCRIPT = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#api', deepLinking: true, validatorUrl: null })\n`

const ASSETS: Record<string, string> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
}

const swaggerDirectory = join(dirname(createRequire(import.meta.url).resolve('@fastify/swagger-ui')), 'static')

async function docsAsset(file: string): Promise<Answer> {
  const headers = { 'cache-control': 'public, max-age=3600' }
  if (file === 'start.js') return { text: START_SCRIPT, contentType: 'text/javascript; charset=utf-8', headers }
  const contentType = ASSETS[file]
  if (!contentType) throw notFound(`The file ${repeated(file)}`)
  return { text: await readFile(join(swaggerDirectory, file), 'utf8'), contentType, headers }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22)
}
