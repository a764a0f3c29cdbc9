import { changePassword } from '../../../../contract/sessions.ts'
import type { Route } from '../../../platform/http/index.ts'
import { personRoute } from '../person-route.ts'
import { originOf } from '../visitor.ts'
import type { PeopleRouteOptions } from './people-route-options.ts'

export function changePasswordRoute(options: PeopleRouteOptions): Route {
  return personRoute(options, changePassword, async ({ body }, signedIn, context) => {
    await options.accounts.changePassword(signedIn, body.currentPassword, body.newPassword, originOf(context))
    return {}
  })
}
