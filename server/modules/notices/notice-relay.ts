import { noticeEvents } from '../../../contract/notices.ts'
import type { Relay } from '../../platform/events/index.ts'
import { noticesOf } from './notice.rules.ts'
import { noticeStore } from './notice.store.ts'

/** Takes out of the outbox what people are told of in the portal: one statement for a thousand events. */
export function createNoticeRelay(): Relay {
  return {
    events: noticeEvents,
    async take(tx, events) {
      const additions = noticesOf(events.map((event) => ({ ...event, payload: JSON.parse(event.payload) })))
      if (additions.length > 0) await noticeStore(tx).add(additions)
      return additions.length > 0
    },
  }
}
