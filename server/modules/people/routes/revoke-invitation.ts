import { revokeInvitation } from '../../../../contract/people.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { PeopleRouteOptions } from './people-route-options.ts'

export function revokeInvitationRoute({ invitations }: PeopleRouteOptions): Route {
  return route(revokeInvitation, async ({ params }, { principal }) => {
    await invitations.revoke(principal, params.invitationId)
    return {}
  })
}
