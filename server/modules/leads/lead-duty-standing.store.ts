import { connectionOf, type Tx } from '../../platform/db/transaction.ts'

/** Leads that wait for one person, or for somebody to see to them; `left`: because their owner has left. */
export type DutyStanding = { mine: number; overdue: number; overdueOfNobody: number; left: number }

/** Leads without a license, as the list of new leads shows them; `personId` null: nobody's own. In the scope of the transaction. */
export async function dutyStanding(tx: Tx, personId: string | null): Promise<DutyStanding> {
  const { rows } = await connectionOf(tx).query<DutyStanding>(
    `select count(*) filter (where d.owner_id = $2)::int as mine,
       count(*) filter (where d.owner_id = $2 and d.due_at <= now() and d.met_at is null)::int as overdue,
       count(*) filter (where d.owner_id is null and d.due_at <= now() and d.met_at is null)::int as "overdueOfNobody",
       -- A channel does not learn who sees to its leads elsewhere.
       count(*) filter (where d.left_name is not null and ($3::int is null or d.owner_channel_id = $3::int))::int as left
     from lead_duty d join lead l on l.operator_id = d.operator_id and l.lead_id = d.lead_id
     where d.operator_id = $1 and (d.owner_id = $2 or (d.owner_id is null and d.due_at <= now() and d.met_at is null)
         or d.left_name is not null)
       and ($3::int is null or d.owner_id is null or d.owner_channel_id = $3::int)
       and l.ump_customer_guid is null and not coalesce(l.archived_at is not null and l.status = 'Removed', false)`,
    [tx.operatorId, personId, tx.principal.channelId],
  )
  return rows[0] ?? { mine: 0, overdue: 0, overdueOfNobody: 0, left: 0 }
}
