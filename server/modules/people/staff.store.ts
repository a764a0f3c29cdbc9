import { connectionOf, type Tx } from '../../platform/db/transaction.ts'

/** Somebody who may work on leads: of the operator (null), or of one of its channels. */
export type StaffMember = { personId: string; name: string; channelId: number | null; channelName: string | null }

/** Those who can sign in and may change leads, in the scope of the transaction, by name. Monitors and customers may not. */
export async function leadStaff(tx: Tx): Promise<StaffMember[]> {
  const { rows } = await connectionOf(tx).query<StaffMember>(
    `select p.person_id as "personId", p.name, m.channel_id as "channelId",
            case when m.channel_id is not null then membership_channel_name(m.operator_id, m.channel_id) end as "channelName"
     from membership m join person p using (person_id)
     where m.operator_id = $1 and m.tier in ('operator', 'channel') and m.level in ('administrator', 'operator')
       and p.state = 'active'
     order by lower(p.name), p.person_id`,
    [tx.operatorId],
  )
  return rows
}
