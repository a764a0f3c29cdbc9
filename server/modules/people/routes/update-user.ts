import { updateUser } from '../../../../contract/people.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { viewUser } from '../user.view.ts'
import type { PeopleRouteOptions } from './people-route-options.ts'

export function updateUserRoute({ users }: PeopleRouteOptions): Route {
  return route(updateUser, async ({ params, body }, { principal }) => ({
    json: viewUser(await users.changeRole(principal, params.personId, body)),
  }))
}
