import { getHome } from '../../../../contract/home.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { HomeService } from '../home.service.ts'

export function getHomeRoute(home: HomeService): Route {
  return route(getHome, async ({ query }, { principal }) => {
    const { etag, produce } = await home.state(principal, query.timeZone)
    return {
      etag,
      async produce() {
        const { home: json, olderTag } = await produce()
        return { json, ...(olderTag !== null && { headers: { etag: `W/"${olderTag}"` } }) }
      },
    }
  })
}
