import { SESSION_SECONDS, signIn } from '../../../../contract/sessions.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { requireOwnPage } from '../csrf.ts'
import { viewMe } from '../me.view.ts'
import { originOf, visitorOf } from '../visitor.ts'
import type { PeopleRouteOptions } from './people-route-options.ts'

export function signInRoute({ signIns, preferences, cookie }: PeopleRouteOptions): Route {
  return route(signIn, async ({ body }, context) => {
    // A foreign page must not sign anybody in either: as somebody else he would work in a stranger's account.
    requireOwnPage('POST', context.headers)
    const { token, signedIn } = await signIns.signIn(body, visitorOf(context))
    const me = viewMe(signedIn, await preferences.get(signedIn, originOf(context)), undefined)
    return { json: me, headers: { 'set-cookie': cookie.set(token, SESSION_SECONDS) } }
  })
}
