import type { Route } from '../../../platform/http/index.ts'
import type { NoticeService } from '../notice.service.ts'
import { listNoticesRoute } from './list-notices.ts'
import { markNoticesReadRoute } from './mark-notices-read.ts'

export function noticeRoutes(notices: NoticeService): Route[] {
  return [listNoticesRoute(notices), markNoticesReadRoute(notices)]
}
