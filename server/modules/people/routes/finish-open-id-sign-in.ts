import { finishOpenIdSignIn, SESSION_SECONDS } from '../../../../contract/sessions.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { requireOpenId, toSignInPage } from '../open-id-page.ts'
import { visitorOf } from '../visitor.ts'
import type { PeopleRouteOptions } from './people-route-options.ts'

export function finishOpenIdSignInRoute({ openIds, cookie, pendingCookie, publicUrl }: PeopleRouteOptions): Route {
  return route(finishOpenIdSignIn, ({ query }, context) =>
    toSignInPage(publicUrl, async () => {
      const pending = pendingCookie.read(context.headers)
      const { token, returnTo } = await requireOpenId(openIds).finish(query, pending, visitorOf(context))
      const location = `${publicUrl}${returnTo}`
      return { status: 302, headers: { location, 'set-cookie': cookie.set(token, SESSION_SECONDS) } }
    }),
  )
}
