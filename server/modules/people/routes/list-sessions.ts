import { listSessions } from '../../../../contract/sessions.ts'
import type { Route } from '../../../platform/http/index.ts'
import { viewSession } from '../me.view.ts'
import { personRoute } from '../person-route.ts'
import { originOf } from '../visitor.ts'
import type { PeopleRouteOptions } from './people-route-options.ts'

export function listSessionsRoute(options: PeopleRouteOptions): Route {
  return personRoute(options, listSessions, async (_input, signedIn, context) => {
    const found = await options.sessions.list(signedIn, originOf(context))
    return { json: { data: found.map((session) => viewSession(session, signedIn.session.sessionId)) } }
  })
}
