import { getSignInOptions } from '../../../../contract/sessions.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { PeopleRouteOptions } from './people-route-options.ts'

export function getSignInOptionsRoute({ signInOptions }: PeopleRouteOptions): Route {
  return route(getSignInOptions, async () => ({ json: signInOptions }))
}
