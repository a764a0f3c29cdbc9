import { listUsers } from '../../../../contract/people.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { viewUser } from '../user.view.ts'
import type { PeopleRouteOptions } from './people-route-options.ts'

export function listUsersRoute({ users }: PeopleRouteOptions): Route {
  return route(listUsers, async (_input, { principal }) => ({
    json: { data: (await users.list(principal)).map(viewUser) },
  }))
}
