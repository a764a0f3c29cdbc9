import { removeSecondFactor } from '../../../../contract/sessions.ts'
import type { Route } from '../../../platform/http/index.ts'
import { personRoute } from '../person-route.ts'
import { originOf } from '../visitor.ts'
import type { PeopleRouteOptions } from './people-route-options.ts'

export function removeSecondFactorRoute(options: PeopleRouteOptions): Route {
  return personRoute(options, removeSecondFactor, async ({ body }, signedIn, context) => {
    await options.accounts.removeSecondFactor(signedIn, body.password, body.code, originOf(context))
    return {}
  })
}
