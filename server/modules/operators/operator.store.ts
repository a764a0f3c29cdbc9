import { openTables, type Tx } from '../../platform/db/transaction.ts'

type OperatorTables = {
  operator: { operator_id: number; name: string }
  channel: { operator_id: number; channel_id: number; name: string }
}

/** Operators and their channels. */
export function operatorStore(tx: Tx) {
  const db = openTables<OperatorTables>(tx)
  return {
    /** Operators in the principal's scope; all of them for the installation. */
    async list(): Promise<{ operatorId: number; name: string }[]> {
      const rows = await db.selectFrom('operator').select(['operator_id', 'name']).orderBy('operator_id').execute()
      return rows.map((row) => ({ operatorId: row.operator_id, name: row.name }))
    },

    /** Creates the operator or renames it. */
    async ensure(operatorId: number, name: string): Promise<void> {
      await db
        .insertInto('operator')
        .values({ operator_id: operatorId, name })
        .onConflict((conflict) => conflict.column('operator_id').doUpdateSet({ name }))
        .execute()
    },

    async ensureChannel(channelId: number, name: string): Promise<void> {
      await db
        .insertInto('channel')
        .values({ operator_id: tx.operatorId, channel_id: channelId, name })
        .onConflict((conflict) => conflict.columns(['operator_id', 'channel_id']).doNothing())
        .execute()
    },
  }
}
