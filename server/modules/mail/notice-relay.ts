import { mailEvents } from '../../../contract/mail-choices.ts'
import type { Relay } from '../../platform/events/index.ts'
import { mailSettingsStore } from './mail-settings.store.ts'
import { keptPayload } from './notice.rules.ts'
import { noticeStore } from './notice.store.ts'

/** Takes out of the outbox what people may be told by mail; operators without mail cost nothing. */
export function createNoticeRelay(): Relay {
  return {
    events: [...new Set(Object.values(mailEvents))],
    async take(tx, events) {
      const on = new Set(await mailSettingsStore(tx).enabled())
      const rows = events
        .filter(({ operatorId }) => on.has(operatorId))
        .map(({ operatorId, eventId, channelId, name, payload, at }) => ({
          ...{ operator_id: operatorId, event_id: eventId, channel_id: channelId, name, at },
          payload: keptPayload(name, JSON.parse(payload)),
        }))
      if (rows.length > 0) await noticeStore(tx).insert(rows)
      return rows.length > 0
    },
  }
}
