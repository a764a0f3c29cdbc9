import { getUser } from '../../../../contract/people.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { viewUser } from '../user.view.ts'
import type { PeopleRouteOptions } from './people-route-options.ts'

export function getUserRoute({ users }: PeopleRouteOptions): Route {
  return route(getUser, async ({ params }, { principal }) => ({
    json: viewUser(await users.get(principal, params.personId)),
  }))
}
