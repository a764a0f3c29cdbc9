import { sql } from 'kysely'
import { openTables, type Tx } from '../../platform/db/transaction.ts'

export type SigningKeyRow = { kid: string; public_jwk: string; private_key_sealed: string; created_at: Date }

/** Keys that sign access tokens; only the installation's own transactions see them. */
export function signingKeyStore(tx: Tx) {
  const db = openTables<{ signing_key: SigningKeyRow }>(tx)
  return {
    newestFirst: (): Promise<SigningKeyRow[]> =>
      db.selectFrom('signing_key').selectAll().orderBy('created_at', 'desc').orderBy('kid').execute(),

    /** Several instances may start at once: one at a time decides whether a key must be made. */
    async lock(): Promise<void> {
      await sql`select pg_advisory_xact_lock(hashtextextended('leadline signing key', 0))`.execute(db)
    },

    async insert(row: SigningKeyRow): Promise<void> {
      await db.insertInto('signing_key').values(row).execute()
    },
  }
}
