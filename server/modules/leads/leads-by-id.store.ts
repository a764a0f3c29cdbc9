import { connectionOf, type Tx } from '../../platform/db/transaction.ts'
import type { RemoteLead } from './lead.rules.ts'
import { remoteOf } from './lead.view.ts'

/** A lead with what Microsoft says of it, and whose it is. */
export type LeadById = { leadId: string; channelId: number | null; remote: RemoteLead }

/** Those of the named leads that are in scope, by id; `stay`: nobody else changes or moves them until the transaction ends. */
export async function leadsById(tx: Tx, leadIds: string[], { stay = false } = {}): Promise<LeadById[]> {
  const { rows } = await connectionOf(tx).query<{ leadId: string; channelId: number | null; body: string }>(
    `select lead_id as "leadId", channel_id as "channelId", body from lead
     where operator_id = $1 and lead_id = any($2::uuid[]) order by lead_id ${stay ? 'for share' : ''}`,
    [tx.operatorId, leadIds],
  )
  return rows.map(({ leadId, channelId, body }) => ({ leadId, channelId, remote: remoteOf(body, null) }))
}
