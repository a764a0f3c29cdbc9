import { connectionOf, type Tx } from '../../platform/db/transaction.ts'
import type { Handover } from './handover.rules.ts'

/** When leads were first given to each channel. */
export function handoverStore(tx: Tx) {
  const db = connectionOf(tx)
  return {
    /** In their order; a lead that the channel has had before stays as it is. */
    async add(handovers: readonly Handover[]): Promise<void> {
      const rows = handovers.map((one, index) => ({
        ...{ operator_id: one.operatorId, lead_id: one.leadId, channel_id: one.channelId, place: index },
        ...{ consented_at: one.consentedAt, given_at: one.givenAt },
      }))
      await db.query(
        `insert into lead_handover (operator_id, lead_id, channel_id, consented_at, given_at, is_first)
         select operator_id, lead_id, channel_id, consented_at, given_at,
           row_number() over (partition by operator_id, lead_id order by place) = 1 and not exists (
             select from lead_handover b where b.operator_id = h.operator_id and b.lead_id = h.lead_id)
         from json_to_recordset($1::json) as h (operator_id integer, lead_id uuid, channel_id integer,
           consented_at timestamptz, given_at timestamptz, place integer)
         order by place
         on conflict do nothing`,
        [JSON.stringify(rows)],
      )
    },

    async forget(leads: readonly { operatorId: number; leadId: string }[]): Promise<void> {
      await db.query(
        `delete from lead_handover h using json_to_recordset($1::json) as gone (operator_id integer, lead_id uuid)
         where h.operator_id = gone.operator_id and h.lead_id = gone.lead_id`,
        [JSON.stringify(leads.map(({ operatorId, leadId }) => ({ operator_id: operatorId, lead_id: leadId })))],
      )
    },
  }
}
