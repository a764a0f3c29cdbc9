import { signOut } from '../../../../contract/sessions.ts'
import { AppError } from '../../../kernel/errors.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { requireOwnPage } from '../csrf.ts'
import { originOf } from '../visitor.ts'
import type { PeopleRouteOptions } from './people-route-options.ts'

export function signOutRoute({ sessions, cookie }: PeopleRouteOptions): Route {
  return route(signOut, async (_input, context) => {
    const token = cookie.read(context.headers)
    if (token !== undefined) {
      requireOwnPage('DELETE', context.headers)
      await sessions.resolve(token, context).then((signedIn) => sessions.end(signedIn, originOf(context)), passEnded)
    }
    return { headers: { 'set-cookie': cookie.clear() } }
  })
}

function passEnded(error: unknown): void {
  if (!(error instanceof AppError && error.code === 'session-ended')) throw error
}
