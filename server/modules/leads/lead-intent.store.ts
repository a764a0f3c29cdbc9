import { sql } from 'kysely'
import { openTables, type Tx } from '../../platform/db/transaction.ts'

type IntentTable = {
  operator_id: number
  tenant_id: string
  kind: 'create' | 'delete'
  company_name: string
  channel_id: number | null
  asked_by: string
  asked_at: Date
  key_hash: string | null
}

/** A direct lead that is being made or deleted at Microsoft: what is left of it when we did not live to hear the answer. */
export type LeadIntent = {
  tenantId: string
  kind: 'create' | 'delete'
  companyName: string
  /** Whose it will be; null: no channel's. */
  channelId: number | null
  askedBy: string
  /** Of the Idempotency-Key it was asked with. */
  keyHash: string | null
}

/** Whoever asked has its answer by then, or is gone. */
const INTENT_LEFT_SECONDS = 120

/** Written before Microsoft is called, gone with the transaction that stores its answer. */
export function leadIntentStore(tx: Tx) {
  const db = openTables<{ lead_intent: IntentTable }>(tx)
  const { operatorId } = tx
  return {
    async put({ tenantId, kind, companyName, channelId, askedBy, keyHash }: LeadIntent): Promise<void> {
      const row = {
        kind,
        company_name: companyName,
        channel_id: channelId,
        asked_by: askedBy,
        asked_at: sql<Date>`now()`,
        key_hash: keyHash,
      }
      await db
        .insertInto('lead_intent')
        .values({ operator_id: operatorId, tenant_id: tenantId, ...row })
        .onConflict((conflict) => conflict.columns(['operator_id', 'tenant_id']).doUpdateSet(row))
        .execute()
    },

    /** The creation under way for a tenant, whose caller may still be waiting for the answer. */
    async creating(tenantId: string): Promise<LeadIntent | null> {
      const row = await db
        .selectFrom('lead_intent')
        .selectAll()
        .where('operator_id', '=', operatorId)
        .where('tenant_id', '=', tenantId)
        .where('kind', '=', 'create')
        .where('asked_at', '>', secondsAgo(INTENT_LEFT_SECONDS))
        .executeTakeFirst()
      return row ? toIntent(row) : null
    },

    /** Whether a creation for a tenant is open that was asked for with this very Idempotency-Key: it was cut off. */
    async isCutOff(tenantId: string, keyHash: string): Promise<boolean> {
      const row = await db
        .selectFrom('lead_intent')
        .select('tenant_id')
        .where('operator_id', '=', operatorId)
        .where('tenant_id', '=', tenantId)
        .where('kind', '=', 'create')
        .where('key_hash', '=', keyHash)
        .executeTakeFirst()
      return row !== undefined
    },

    /** Takes the intents of these tenants; they are then carried out, or given up. */
    async take(tenantIds: string[], kind: LeadIntent['kind']): Promise<LeadIntent[]> {
      const rows = await db
        .deleteFrom('lead_intent')
        .where('operator_id', '=', operatorId)
        .where('kind', '=', kind)
        .where('tenant_id', '=', sql<string>`any(${tenantIds}::uuid[])`)
        .returningAll()
        .execute()
      return rows.map(toIntent)
    },

    /** Those whose caller must have heard the answer by now, or is gone. */
    async left(limit: number): Promise<LeadIntent[]> {
      const rows = await db
        .selectFrom('lead_intent')
        .selectAll()
        .where('operator_id', '=', operatorId)
        .where('asked_at', '<', secondsAgo(INTENT_LEFT_SECONDS))
        .orderBy('asked_at')
        .limit(limit)
        .execute()
      return rows.map(toIntent)
    },
  }
}

function secondsAgo(seconds: number) {
  return sql<Date>`now() - make_interval(secs => ${seconds})`
}

function toIntent(row: IntentTable): LeadIntent {
  return {
    tenantId: row.tenant_id,
    kind: row.kind,
    companyName: row.company_name,
    channelId: row.channel_id,
    askedBy: row.asked_by,
    keyHash: row.key_hash,
  }
}
