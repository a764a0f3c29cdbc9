import { setPreferences } from '../../../../contract/preferences.ts'
import type { Route } from '../../../platform/http/index.ts'
import { personRoute } from '../person-route.ts'
import { originOf } from '../visitor.ts'
import type { PeopleRouteOptions } from './people-route-options.ts'

export function setPreferencesRoute(options: PeopleRouteOptions): Route {
  return personRoute(options, setPreferences, async ({ body }, signedIn, context) => ({
    json: await options.preferences.set(signedIn, body, originOf(context)),
  }))
}
