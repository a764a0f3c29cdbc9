import { acceptInvitation } from '../../../../contract/people.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { requireOwnPage } from '../csrf.ts'
import { originOf } from '../visitor.ts'
import type { PeopleRouteOptions } from './people-route-options.ts'

export function acceptInvitationRoute({ acceptances }: PeopleRouteOptions): Route {
  return route(acceptInvitation, async ({ body }, context) => {
    requireOwnPage('POST', context.headers)
    return { json: { email: await acceptances.accept(body, originOf(context)) } }
  })
}
