import { getMe, OPERATOR_HEADER } from '../../../../contract/sessions.ts'
import type { Route } from '../../../platform/http/index.ts'
import { viewMe } from '../me.view.ts'
import { personRoute } from '../person-route.ts'
import { originOf } from '../visitor.ts'
import type { PeopleRouteOptions } from './people-route-options.ts'

export function getMeRoute(options: PeopleRouteOptions): Route {
  return personRoute(options, getMe, async (_input, signedIn, context) => {
    const preferences = await options.preferences.get(signedIn, originOf(context))
    return { json: viewMe(signedIn, preferences, context.headers[OPERATOR_HEADER.toLowerCase()]) }
  })
}
