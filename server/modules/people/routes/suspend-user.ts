import { suspendUser } from '../../../../contract/people.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { viewUser } from '../user.view.ts'
import type { PeopleRouteOptions } from './people-route-options.ts'

export function suspendUserRoute({ users }: PeopleRouteOptions): Route {
  return route(suspendUser, async ({ params }, { principal }) => ({
    json: viewUser(await users.suspend(principal, params.personId)),
  }))
}
