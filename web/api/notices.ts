import type { WireNotice } from '../../contract/notices.ts'
import { call, callTagged } from './call.ts'

export type { NoticeEvent, WireNotice } from '../../contract/notices.ts'
/** More unread ones than this are not counted: as in contract/notices.ts, which would bring the whole catalogue along. */
export const UNREAD_MAX = 100
/** As there. */
export const NOTICES_KEPT_DAYS = 30

export type NoticePage = { data: WireNotice[]; unread: number; nextCursor: string | null }
export type NoticeQuery = { unread?: boolean; cursor?: string; pageSize: number }

/** The very same object while nothing is new. */
export function listNotices(operatorId: number, query: NoticeQuery, signal: AbortSignal): Promise<NoticePage> {
  return callTagged('/api/v4/notices', { operatorId, query, signal })
}

export function markNoticesRead(
  operatorId: number,
  what: { upTo: number } | { noticeIds: string[] },
): Promise<{ unread: number }> {
  return call('POST', '/api/v4/notices/read', { operatorId, body: what })
}
