import { connectionOf, type Tx } from '../../platform/db/transaction.ts'
import type { Notice } from './notice.rules.ts'

export type NoticeRow = {
  operator_id: number
  event_id: string
  channel_id: number | null
  name: string
  payload: unknown
  at: Date
}

const COLUMNS = 'event_id as "eventId", name, channel_id as "channelId", payload, at'

/** What people are still to be told, in the scope of the transaction. */
export function noticeStore(tx: Tx) {
  const db = connectionOf(tx)
  return {
    async insert(rows: NoticeRow[]): Promise<void> {
      await db.query(
        `insert into mail_notice (operator_id, event_id, channel_id, name, payload, at)
         select operator_id, event_id, channel_id, name, payload, at
         from json_to_recordset($1::json) as n (operator_id integer, event_id uuid, channel_id integer, name text,
           payload json, at timestamptz)
         on conflict do nothing`,
        [JSON.stringify(rows)],
      )
    },

    /** Of operators with something new: when the first and the last of it happened. */
    async waiting(): Promise<{ operatorId: number; first: Date; last: Date }[]> {
      const { rows } = await db.query<{ operatorId: number; first: Date; last: Date }>(
        `select operator_id as "operatorId", min(at) as first, max(at) as last from mail_notice
         where told_at is null group by 1`,
      )
      return rows
    },

    /** What nobody was told yet, oldest first; it is told with this transaction. */
    async takeNew(now: Date): Promise<Notice[]> {
      const { rows } = await db.query<Notice>(
        `with new as (
           select operator_id, event_id from mail_notice where operator_id = $1 and told_at is null for update skip locked
         )
         update mail_notice m set told_at = $2 from new
         where m.operator_id = new.operator_id and m.event_id = new.event_id
         returning m.event_id as "eventId", m.name, m.channel_id as "channelId", m.payload, m.at`,
        [tx.operatorId, now],
      )
      return inOrder(rows)
    },

    /** What no daily mail has told yet of what happened since, oldest first; it is told with this transaction. */
    async takeUndigested(since: Date, now: Date): Promise<Notice[]> {
      const { rows } = await db.query<Notice>(
        `update mail_notice set digested_at = $3 where operator_id = $1 and at > $2 and digested_at is null
         returning ${COLUMNS}`,
        [tx.operatorId, since, now],
      )
      return inOrder(rows)
    },

    async trim(before: Date): Promise<void> {
      await db.query('delete from mail_notice where operator_id = $1 and at < $2', [tx.operatorId, before])
    },
  }
}

function inOrder(notices: Notice[]): Notice[] {
  return notices.sort((a, b) => a.at.getTime() - b.at.getTime() || (a.eventId < b.eventId ? -1 : 1))
}
