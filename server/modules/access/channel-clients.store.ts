import { sql } from 'kysely'
import { openTables, type Tx } from '../../platform/db/transaction.ts'

type ClientTables = {
  channel: { operator_id: number; channel_id: number }
  api_client: { client_id: string; operator_id: number; channel_id: number | null; revoked_at: Date | null }
}

/** Whether the operator has this channel. */
export async function isChannel(tx: Tx, channelId: number): Promise<boolean> {
  const row = await openTables<ClientTables>(tx)
    .selectFrom('channel')
    .select('channel_id')
    .where('operator_id', '=', tx.operatorId)
    .where('channel_id', '=', channelId)
    .executeTakeFirst()
  return row !== undefined
}

/** API clients bound to each channel that has any, without revoked ones. */
export async function countChannelClients(tx: Tx): Promise<Map<number, number>> {
  const rows = await openTables<ClientTables>(tx)
    .selectFrom('api_client')
    .select(['channel_id', sql<number>`count(*)::int`.as('clients')])
    .where('operator_id', '=', tx.operatorId)
    .where('channel_id', 'is not', null)
    .where('revoked_at', 'is', null)
    .groupBy('channel_id')
    .execute()
  return new Map(rows.map((row) => [row.channel_id ?? 0, row.clients]))
}

/** Ids of those of one channel. */
export async function channelClientIds(tx: Tx, channelId: number): Promise<string[]> {
  const rows = await openTables<ClientTables>(tx)
    .selectFrom('api_client')
    .select('client_id')
    .where('operator_id', '=', tx.operatorId)
    .where('channel_id', '=', channelId)
    .where('revoked_at', 'is', null)
    .orderBy('client_id')
    .execute()
  return rows.map((row) => row.client_id)
}
