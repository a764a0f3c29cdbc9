import { startSecondFactor } from '../../../../contract/sessions.ts'
import type { Route } from '../../../platform/http/index.ts'
import { personRoute } from '../person-route.ts'
import { originOf } from '../visitor.ts'
import type { PeopleRouteOptions } from './people-route-options.ts'

export function startSecondFactorRoute(options: PeopleRouteOptions): Route {
  return personRoute(options, startSecondFactor, async ({ body }, signedIn, context) => ({
    json: await options.accounts.startSecondFactor(signedIn, body.password, originOf(context)),
  }))
}
