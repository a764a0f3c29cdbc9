import type { WireNotice } from '../../../contract/notices.ts'
import type { ShownNotice } from './notice.service.ts'

export function noticeView({ notice, read }: ShownNotice): WireNotice {
  const { noticeId, position, name, count, leads, channelId, channelName, details, firstAt, lastAt } = notice
  return {
    ...{ id: noticeId, position, event: name, count, leads: leads ?? [] },
    channel: channelId === null ? null : { id: channelId, name: channelName },
    ...{ details, since: firstAt.toISOString(), at: lastAt.toISOString(), read },
  }
}
