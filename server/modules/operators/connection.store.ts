import { sql } from 'kysely'
import type { OperatorConnectSettings } from '../../microsoft/index.ts'
import { openTables, type Tx } from '../../platform/db/transaction.ts'

type ConnectionTable = {
  operator_id: number
  ms_operator_id: string | null
  base_url: string
  paths: OperatorConnectSettings['paths']
  casing: 'pascal' | 'camel'
  authority: string
  directory_id: string
  client_id: string
  /** Of the client secret, or of the private key of the certificate where there is one. */
  sealed_secret: string
  certificate: string | null
  secret_expires_on: string | null
  token_version: 'v1.0' | 'v2.0'
  resource: string
  request_timeout_ms: number
  expiry_told: 'soon' | 'urgent' | 'expired' | null
  version: number
  updated_at: Date
}

/** A stored connection; the secret is sealed. */
export type ConnectionRow = Omit<ConnectionTable, 'operator_id'>

export function connectionStore(tx: Tx) {
  const db = openTables<{ connection: ConnectionTable }>(tx)
  return {
    async find(operatorId: number): Promise<ConnectionRow | null> {
      const row = await db
        .selectFrom('connection')
        .selectAll()
        .select(sql<string | null>`secret_expires_on::text`.as('secret_expires_on'))
        .where('operator_id', '=', operatorId)
        .executeTakeFirst()
      return row ?? null
    },

    async version(operatorId: number): Promise<number | null> {
      const row = await db
        .selectFrom('connection')
        .select('version')
        .where('operator_id', '=', operatorId)
        .executeTakeFirst()
      return row?.version ?? null
    },

    async any(): Promise<boolean> {
      return (await db.selectFrom('connection').select('operator_id').limit(1).executeTakeFirst()) !== undefined
    },

    /** Which warning was given of the end of this secret. */
    async noteExpiryTold(operatorId: number, told: ConnectionRow['expiry_told']): Promise<void> {
      await db.updateTable('connection').set({ expiry_told: told }).where('operator_id', '=', operatorId).execute()
    },

    async save(operatorId: number, row: Omit<ConnectionRow, 'version' | 'updated_at'>): Promise<void> {
      const values = { ...row, paths: JSON.stringify(row.paths) as unknown as ConnectionRow['paths'] }
      await db
        .insertInto('connection')
        .values({ operator_id: operatorId, version: 1, updated_at: sql<Date>`now()`, ...values })
        .onConflict((conflict) =>
          conflict
            .column('operator_id')
            .doUpdateSet({ ...values, version: sql<number>`connection.version + 1`, updated_at: sql<Date>`now()` }),
        )
        .execute()
    },
  }
}
