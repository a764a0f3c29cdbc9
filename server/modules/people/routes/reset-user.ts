import { resetUser } from '../../../../contract/people.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { PeopleRouteOptions } from './people-route-options.ts'

export function resetUserRoute({ users }: PeopleRouteOptions): Route {
  return route(resetUser, async ({ params, body }, { principal }) => {
    const { link, expiresAt } = await users.reset(principal, params.personId, body.secondFactor ?? false)
    return { json: { link, expiresAt: expiresAt.toISOString() } }
  })
}
