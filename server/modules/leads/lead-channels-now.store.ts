import { connectionOf, type Tx } from '../../platform/db/transaction.ts'

/** To which channel each of these leads belongs now; null: to none. Those that are gone, or out of scope, are not in it. */
export async function channelsOfLeads(tx: Tx, leadIds: string[]): Promise<Map<string, number | null>> {
  if (leadIds.length === 0) return new Map()
  const { rows } = await connectionOf(tx).query<{ leadId: string; channelId: number | null }>(
    'select lead_id as "leadId", channel_id as "channelId" from lead where operator_id = $1 and lead_id = any($2::uuid[])',
    [tx.operatorId, leadIds],
  )
  return new Map(rows.map(({ leadId, channelId }) => [leadId, channelId]))
}
