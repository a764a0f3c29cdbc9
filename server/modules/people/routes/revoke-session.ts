import { revokeSession } from '../../../../contract/sessions.ts'
import type { Route } from '../../../platform/http/index.ts'
import { personRoute } from '../person-route.ts'
import { originOf } from '../visitor.ts'
import type { PeopleRouteOptions } from './people-route-options.ts'

export function revokeSessionRoute(options: PeopleRouteOptions): Route {
  return personRoute(options, revokeSession, async ({ params }, signedIn, context) => {
    await options.sessions.revoke(signedIn, params.sessionId, originOf(context))
    return {}
  })
}
