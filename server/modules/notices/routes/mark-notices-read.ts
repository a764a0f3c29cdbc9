import { markNoticesRead } from '../../../../contract/notices.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { NoticeService } from '../notice.service.ts'

export function markNoticesReadRoute(notices: NoticeService): Route {
  return route(markNoticesRead, async ({ body }, { principal }) => ({
    json: { unread: await notices.markRead(principal, body) },
  }))
}
