import { resumeUser } from '../../../../contract/people.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { viewUser } from '../user.view.ts'
import type { PeopleRouteOptions } from './people-route-options.ts'

export function resumeUserRoute({ users }: PeopleRouteOptions): Route {
  return route(resumeUser, async ({ params }, { principal }) => ({
    json: viewUser(await users.resume(principal, params.personId)),
  }))
}
