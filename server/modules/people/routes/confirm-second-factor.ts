import { confirmSecondFactor } from '../../../../contract/sessions.ts'
import type { Route } from '../../../platform/http/index.ts'
import { personRoute } from '../person-route.ts'
import { originOf } from '../visitor.ts'
import type { PeopleRouteOptions } from './people-route-options.ts'

export function confirmSecondFactorRoute(options: PeopleRouteOptions): Route {
  return personRoute(options, confirmSecondFactor, async ({ body }, signedIn, context) => ({
    json: { recoveryCodes: await options.accounts.confirmSecondFactor(signedIn, body.code, originOf(context)) },
  }))
}
