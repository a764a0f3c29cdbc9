import { createHash } from 'node:crypto'
import { type Endpoint, isByPermission } from '../../../contract/endpoint.ts'
import type { Principal } from '../../kernel/principal.ts'
import { pathReader, queryReader } from './query.ts'
import type { PublicContext, Route } from './route.ts'

type State = PublicContext & { principal: Principal | undefined }

/** Reads the tag of the resource that a request is about, as it is now; throws 404 where there is none. */
export type TagReader = (params: Record<string, string>, state: State) => Promise<string>

/** Members that time changes and nobody else. */
const VOLATILE = new Set([
  'lastUsedAt',
  'lastSeenAt',
  'durationSeconds',
  'ratePerSecond',
  'remainingSeconds',
  'progress',
])

/** Whether the endpoint reads one resource, which has a tag. */
export function isResource({ method, path, permission }: Endpoint): boolean {
  return method === 'GET' && path.endsWith('}') && isByPermission(permission)
}

/** The tag of a resource, from what is shown of it: changes when anything of it does. */
export function tagOf(json: unknown): string {
  const shown =
    typeof json === 'object' && json !== null
      ? Object.fromEntries(Object.entries(json).filter(([name]) => !VOLATILE.has(name)))
      : json
  return createHash('sha256').update(JSON.stringify(shown)).digest('base64url').slice(0, 22)
}

/**
 * Finds the resource that each changing endpoint is about: that of its own path, or the one its path begins with
 * (`/clients/{clientId}/rotate-secret` is about `/clients/{clientId}`). Null: there is none.
 */
export function tagReaders(routes: readonly Route[]): (endpoint: Endpoint) => TagReader | null {
  const resources = routes.filter(({ endpoint }) => isResource(endpoint))
  return (endpoint) => {
    if (endpoint.method === 'GET') return null
    const path = `${endpoint.path}/`
    const [resource] = resources
      .filter((one) => path.startsWith(`${one.endpoint.path}/`))
      .sort((a, b) => b.endpoint.path.length - a.endpoint.path.length)
    return resource ? tagReader(resource) : null
  }
}

function tagReader({ endpoint, handle }: Route): TagReader {
  const readPath = pathReader(endpoint.params)
  const query = queryReader(endpoint.query, endpoint.lenientQueryNames ?? false)('')
  const names = Object.keys(endpoint.params?.properties ?? {})
  return async (params, state) => {
    const own = Object.fromEntries(names.map((name) => [name, params[name] ?? '']))
    const answer = await handle({ params: readPath(own), query, body: undefined }, state)
    return answer.etag ?? tagOf('produce' in answer ? null : answer.json)
  }
}
