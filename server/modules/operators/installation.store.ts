import { openTables, type Tx } from '../../platform/db/transaction.ts'

type InstallationTable = {
  only_one: boolean
  id: string
  kind: 'sandbox' | 'production'
  version: string
  sandbox_facts_at: Date | null
}

/** What this database belongs to; one row for ever. */
export type InstallationRow = Pick<InstallationTable, 'id' | 'kind' | 'version' | 'sandbox_facts_at'>

export function installationStore(tx: Tx) {
  const db = openTables<{ installation: InstallationTable }>(tx)
  return {
    /** The mark of the database; `mine` is put there when it has none. */
    async claim(mine: Pick<InstallationRow, 'id' | 'kind' | 'version'>): Promise<InstallationRow> {
      await db
        .insertInto('installation')
        .values({ only_one: true, sandbox_facts_at: null, ...mine })
        .onConflict((conflict) => conflict.column('only_one').doNothing())
        .execute()
      return db
        .selectFrom('installation')
        .select(['id', 'kind', 'version', 'sandbox_facts_at'])
        .executeTakeFirstOrThrow()
    },

    async find(): Promise<InstallationRow | null> {
      const row = await db
        .selectFrom('installation')
        .select(['id', 'kind', 'version', 'sandbox_facts_at'])
        .executeTakeFirst()
      return row ?? null
    },

    async setVersion(version: string): Promise<void> {
      await db.updateTable('installation').set({ version }).execute()
    },

    /** True once: whoever gets it loads the sample facts in the same transaction. */
    async takeSandboxFacts(now: Date): Promise<boolean> {
      const result = await db
        .updateTable('installation')
        .set({ sandbox_facts_at: now })
        .where('sandbox_facts_at', 'is', null)
        .executeTakeFirst()
      return result.numUpdatedRows > 0n
    },
  }
}
