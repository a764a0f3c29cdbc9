import type { PublicContext } from '../../platform/http/index.ts'
import type { Origin } from './person-principal.ts'
import type { Visitor } from './session.service.ts'

/** Where a request came from; the context itself is not to be kept. */
export function originOf({ requestId, sourceIp }: PublicContext): Origin {
  return { requestId, sourceIp }
}

export function visitorOf(context: PublicContext): Visitor {
  return { ...originOf(context), userAgent: context.headers['user-agent'] ?? '' }
}
