import { openTables, type Tx } from '../../platform/db/transaction.ts'
import { type Failures, FORGET_SECONDS } from './throttle.rules.ts'

type ThrottleTables = { sign_in_throttle: { key: string; failures: number; last_failed_at: Date } }

/** Failed attempts by key, for all instances together. */
export function throttleStore(tx: Tx) {
  const db = openTables<ThrottleTables>(tx)
  return {
    /** What is known of these keys; nobody else counts on them until the transaction ends. */
    async lock(keys: readonly string[], now: Date): Promise<Map<string, Failures>> {
      // In one order everywhere, so that two transactions never wait for each other.
      const sorted = [...keys].sort()
      await db
        .insertInto('sign_in_throttle')
        .values(sorted.map((key) => ({ key, failures: 0, last_failed_at: now })))
        .onConflict((conflict) => conflict.column('key').doNothing())
        .execute()
      const rows = await db
        .selectFrom('sign_in_throttle')
        .selectAll()
        .where('key', 'in', sorted)
        .orderBy('key')
        .forUpdate()
        .execute()
      return new Map(rows.map((row) => [row.key, { failures: row.failures, lastFailedAt: row.last_failed_at }]))
    },

    async set(key: string, { failures, lastFailedAt }: Failures): Promise<void> {
      await db
        .updateTable('sign_in_throttle')
        .set({ failures, last_failed_at: lastFailedAt })
        .where('key', '=', key)
        .execute()
    },

    async forget(keys: readonly string[]): Promise<void> {
      await db.deleteFrom('sign_in_throttle').where('key', 'in', keys).execute()
    },

    async forgetOld(now: Date): Promise<void> {
      const before = new Date(now.getTime() - FORGET_SECONDS * 1000)
      await db.deleteFrom('sign_in_throttle').where('last_failed_at', '<', before).execute()
    },
  }
}
