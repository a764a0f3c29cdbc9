import { openInvitation } from '../../../../contract/people.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { viewOpenedLink } from '../user.view.ts'
import type { PeopleRouteOptions } from './people-route-options.ts'

export function openInvitationRoute({ acceptances }: PeopleRouteOptions): Route {
  return route(openInvitation, async ({ body }, context) => ({
    json: viewOpenedLink(await acceptances.open(body.token, context)),
  }))
}
