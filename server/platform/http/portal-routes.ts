import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { notFound } from '../../kernel/errors.ts'
import { repeated } from '../../kernel/repeatable.ts'
import { pagePolicy } from './security-headers.ts'

/** Where addresses of the portal begin; `*` is everything below. The same as in web/paths.ts, which a test compares. */
export const PORTAL_PAGES = ['/', '/sign-in', '/accept-invitation', '/account', '/operators', '/operators/*'] as const

/** In index.html, wherever the nonce of the answer goes. Source: vite.config.ts, html.cspNonce. */
const NONCE_PLACEHOLDER = 'leadline-nonce'

const CONTENT_TYPES: Record<string, string> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml; charset=utf-8',
  woff2: 'font/woff2',
  png: 'image/png',
}

/**
 * Serves the built portal (`web/dist`) beside the API: one page for every address of it, and its files, which never change
 * under their name. No credentials are asked: there is nothing of anybody in them.
 */
export function mountPortal(app: FastifyInstance, { directory }: { directory: string }): void {
  const methods = ['GET', 'HEAD']
  for (const url of PORTAL_PAGES) {
    app.route({ method: methods, url, handler: (request, reply) => sendPage(directory, request, reply) })
  }
  const assets = new Map<string, Promise<Buffer | null>>()
  app.route<{ Params: { file: string } }>({
    method: methods,
    url: '/assets/:file',
    handler: (request, reply) => sendAsset(join(directory, 'assets'), assets, request, reply),
  })
}

async function sendPage(directory: string, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  request.state.operationId = 'getPortalPage'
  reply.header('cache-control', 'private, no-cache').type('text/html; charset=utf-8')
  const html = await readIfThere(join(directory, 'index.html'))
  if (html === null) return reply.code(503).header('content-security-policy', pagePolicy).send(NOT_BUILT)
  const nonce = randomBytes(16).toString('base64')
  // Fluent's styles are made in the browser: what carries this answer's nonce may in, everything else inline may not.
  reply.header('content-security-policy', pagePolicy.replace("style-src 'self'", `style-src 'self' 'nonce-${nonce}'`))
  return reply.send(html.toString().replaceAll(NONCE_PLACEHOLDER, nonce))
}

async function sendAsset(
  directory: string,
  known: Map<string, Promise<Buffer | null>>,
  request: FastifyRequest<{ Params: { file: string } }>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  request.state.operationId = 'getPortalAsset'
  const { file } = request.params
  const type = CONTENT_TYPES[/^[\w-]+(?:\.[\w-]+)*\.(\w+)$/.exec(file)?.[1] ?? '']
  if (type === undefined) throw notFound(`The file ${repeated(file)}`)
  const read = (name: string) => {
    const found = known.get(name) ?? readIfThere(join(directory, name))
    known.set(name, found)
    return found
  }
  const accepted = request.headers['accept-encoding'] ?? ''
  const packed = /\bbr\b/.test(accepted) ? await read(`${file}.br`) : null
  const content = packed ?? (await read(file))
  if (content === null) {
    known.delete(file)
    throw notFound(`The file ${repeated(file)}`)
  }
  if (packed) reply.header('content-encoding', 'br')
  return reply
    .headers({ 'cache-control': 'public, max-age=31536000, immutable', vary: 'Accept-Encoding' })
    .type(type)
    .send(content)
}

async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

const NOT_BUILT = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Leadline</title></head>
<body>
<h1>The portal is not built yet</h1>
<p>Run <code>node_modules/.bin/vite build</code> in the folder of Leadline, then load this page again. <code>npm start</code> does it by itself.</p>
<p>The API works without it: <a href="/docs">API documentation</a>.</p>
</body>
</html>
`
