import { revokeOtherSessions } from '../../../../contract/sessions.ts'
import type { Route } from '../../../platform/http/index.ts'
import { personRoute } from '../person-route.ts'
import { originOf } from '../visitor.ts'
import type { PeopleRouteOptions } from './people-route-options.ts'

export function revokeOtherSessionsRoute(options: PeopleRouteOptions): Route {
  return personRoute(options, revokeOtherSessions, async (_input, signedIn, context) => ({
    json: { ended: await options.sessions.revokeOthers(signedIn, originOf(context)) },
  }))
}
