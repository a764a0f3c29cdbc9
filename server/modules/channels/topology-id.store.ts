import { sql } from 'kysely'
import { openTables, type Tx } from '../../platform/db/transaction.ts'

type OperatorTables = { operator: { operator_id: number; last_topology_id: number } }

/** The next number of the operator's channels and LC customers; never given twice. */
export async function takeTopologyId(tx: Tx): Promise<number> {
  const { last_topology_id } = await openTables<OperatorTables>(tx)
    .updateTable('operator')
    .set({ last_topology_id: sql<number>`last_topology_id + 1` })
    .where('operator_id', '=', tx.operatorId)
    .returning('last_topology_id')
    .executeTakeFirstOrThrow()
  return last_topology_id
}

/** Whether there is, or was, a channel with this id. */
export async function channelWithIdExists(tx: Tx, channelId: number): Promise<boolean> {
  const row = await openTables<{ channel: { operator_id: number; channel_id: number } }>(tx)
    .selectFrom('channel')
    .select('channel_id')
    .where('operator_id', '=', tx.operatorId)
    .where('channel_id', '=', channelId)
    .executeTakeFirst()
  return row !== undefined
}
