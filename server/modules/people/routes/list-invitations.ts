import { listInvitations } from '../../../../contract/people.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { viewInvitation } from '../user.view.ts'
import type { PeopleRouteOptions } from './people-route-options.ts'

export function listInvitationsRoute({ invitations }: PeopleRouteOptions): Route {
  return route(listInvitations, async (_input, { principal }) => ({
    json: { data: (await invitations.list(principal)).map(viewInvitation) },
  }))
}
