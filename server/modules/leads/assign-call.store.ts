import { sql } from 'kysely'
import { openTables, type Tx } from '../../platform/db/transaction.ts'
import type { CallLog } from './assign-call.rules.ts'

type Tables = {
  assign_call_allowance: { operator_id: number; caller: string; calls: Date[]; asked_at: Date }
}

/** Calls of the documented assignment in the last minute; one for all web processes. */
export function assignCallStore(tx: Tx) {
  const db = openTables<Tables>(tx)
  const { operatorId } = tx
  return {
    /** What each caller of the operator has asked for; nobody else takes a call until the transaction ends. */
    async lock(): Promise<CallLog[]> {
      // One who comes first has no row that others could wait at.
      await sql`select pg_advisory_xact_lock(hashtext('leadline assign calls'), ${operatorId})`.execute(db)
      const rows = await db
        .selectFrom('assign_call_allowance')
        .select(['caller', 'calls', 'asked_at'])
        .where('operator_id', '=', operatorId)
        .execute()
      return rows.map((row) => ({ caller: row.caller, calls: row.calls, askedAt: row.asked_at }))
    },

    async save({ caller, calls, askedAt }: CallLog, forgetBefore: Date): Promise<void> {
      await db
        .deleteFrom('assign_call_allowance')
        .where('operator_id', '=', operatorId)
        .where('asked_at', '<', forgetBefore)
        .execute()
      await db
        .insertInto('assign_call_allowance')
        .values({ operator_id: operatorId, caller, calls: [...calls], asked_at: askedAt })
        .onConflict((conflict) =>
          conflict.columns(['operator_id', 'caller']).doUpdateSet((eb) => ({
            calls: eb.ref('excluded.calls'),
            asked_at: eb.ref('excluded.asked_at'),
          })),
        )
        .execute()
    },
  }
}
