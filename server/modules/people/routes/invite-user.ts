import { inviteUser } from '../../../../contract/people.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { viewInvitation } from '../user.view.ts'
import type { PeopleRouteOptions } from './people-route-options.ts'

export function inviteUserRoute({ invitations }: PeopleRouteOptions): Route {
  return route(inviteUser, async ({ body }, { principal }) => {
    const { invitation, link } = await invitations.invite(principal, body)
    return { status: 201, json: { invitation: viewInvitation(invitation), link } }
  })
}
