import { listNotices } from '../../../../contract/notices.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { NoticeService } from '../notice.service.ts'
import { noticeView } from '../notice.view.ts'

export function listNoticesRoute(notices: NoticeService): Route {
  return route(listNotices, async ({ query }, { principal }) => ({
    etag: await notices.tag(principal, query),
    async produce() {
      const { notices: shown, unread, nextCursor } = await notices.list(principal, query)
      return { json: { data: shown.map(noticeView), unread, nextCursor } }
    },
  }))
}
