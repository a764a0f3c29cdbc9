import type { Endpoint, EndpointInput } from '../../../contract/endpoint.ts'
import { AppError } from '../../kernel/errors.ts'
import { type Answer, type PublicContext, type Route, route } from '../../platform/http/index.ts'
import { requireOwnPage } from './csrf.ts'
import type { SessionService, SignedIn } from './session.service.ts'
import type { SessionCookie } from './session-cookie.ts'

/**
 * A route about whoever is signed in: the session alone is asked for, no operator and no permission. Bearer tokens are none
 * of a person, so they do not open it.
 */
export function personRoute<E extends Endpoint & { permission: 'signed-in' }>(
  { sessions, cookie }: { sessions: SessionService; cookie: SessionCookie },
  endpoint: E,
  handle: (input: EndpointInput<E>, signedIn: SignedIn, context: PublicContext) => Promise<Answer>,
): Route {
  const handler = async (input: EndpointInput<E>, context: PublicContext): Promise<Answer> => {
    const token = cookie.read(context.headers)
    if (token === undefined) throw notSignedIn()
    requireOwnPage(endpoint.method, context.headers)
    return handle(input, await sessions.resolve(token, context), context)
  }
  return route(endpoint, handler as Parameters<typeof route<E>>[1])
}

export function notSignedIn(): AppError {
  return new AppError({ code: 'not-signed-in', status: 401, detail: 'Nobody is signed in here: sign in first.' })
}
