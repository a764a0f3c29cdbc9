import { removeUser } from '../../../../contract/people.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { PeopleRouteOptions } from './people-route-options.ts'

export function removeUserRoute({ users }: PeopleRouteOptions): Route {
  return route(removeUser, async ({ params }, { principal }) => {
    await users.remove(principal, params.personId)
    return {}
  })
}
