import { openTables, type Tx } from '../../platform/db/transaction.ts'
import type { CallBucket } from './assign-call.rules.ts'

type Tables = {
  assign_call_allowance: { operator_id: number; caller: string; tokens: number; refilled_at: Date }
}

/** What is left of the documented assignment's calls; one for all web processes. */
export function assignCallStore(tx: Tx) {
  const db = openTables<Tables>(tx)
  const { operatorId } = tx
  return {
    /** All buckets of the operator; nobody else takes a call until the transaction ends. */
    async lock(whole: CallBucket): Promise<CallBucket[]> {
      await db
        .insertInto('assign_call_allowance')
        .values({ operator_id: operatorId, caller: '', tokens: whole.tokens, refilled_at: whole.refilledAt })
        .onConflict((conflict) => conflict.columns(['operator_id', 'caller']).doNothing())
        .execute()
      // The operator's own row comes first, so that all wait for the same one.
      const rows = await db
        .selectFrom('assign_call_allowance')
        .select(['caller', 'tokens', 'refilled_at'])
        .where('operator_id', '=', operatorId)
        .orderBy('caller')
        .forUpdate()
        .execute()
      return rows.map((row) => ({ caller: row.caller, tokens: row.tokens, refilledAt: row.refilled_at }))
    },

    async save(buckets: CallBucket[], forgetBefore: Date): Promise<void> {
      await db
        .deleteFrom('assign_call_allowance')
        .where('operator_id', '=', operatorId)
        .where('caller', '<>', '')
        .where('refilled_at', '<', forgetBefore)
        .execute()
      await db
        .insertInto('assign_call_allowance')
        .values(
          buckets.map((one) => ({
            operator_id: operatorId,
            caller: one.caller,
            tokens: one.tokens,
            refilled_at: one.refilledAt,
          })),
        )
        .onConflict((conflict) =>
          conflict.columns(['operator_id', 'caller']).doUpdateSet((eb) => ({
            tokens: eb.ref('excluded.tokens'),
            refilled_at: eb.ref('excluded.refilled_at'),
          })),
        )
        .execute()
    },
  }
}
