import { startOpenIdSignIn } from '../../../../contract/sessions.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { PENDING_SECONDS } from '../open-id.service.ts'
import { requireOpenId, toSignInPage } from '../open-id-page.ts'
import type { PeopleRouteOptions } from './people-route-options.ts'

export function startOpenIdSignInRoute({ openIds, pendingCookie, publicUrl }: PeopleRouteOptions): Route {
  return route(startOpenIdSignIn, ({ query }) =>
    toSignInPage(publicUrl, async () => {
      const { url, pending } = await requireOpenId(openIds).start(query.returnTo)
      return { status: 302, headers: { location: url, 'set-cookie': pendingCookie.set(pending, PENDING_SECONDS) } }
    }),
  )
}
