import { connectionOf, type Tx } from '../../platform/db/transaction.ts'
import { KEPT_HOURS } from '../../platform/http/index.ts'

export type TracedLead = { leadId: string; tenantId: string }

/** Longer than a run of the leads sync may take, with all its repetitions. */
const DELETION_KNOWN_HOURS = 24

/** What is known of direct leads beyond their rows, and after them. Source: decision 0014. */
export function directLeadTraceStore(tx: Tx) {
  const db = connectionOf(tx)
  const { operatorId } = tx
  return {
    /** A lead was made for a channel. */
    async noteMade({ leadId, tenantId }: TracedLead, channelId: number): Promise<void> {
      await db.query(
        `insert into direct_lead_trace (operator_id, lead_id, tenant_id, made_for_channel) values ($1, $2, $3, $4)
         on conflict (operator_id, lead_id) do update set made_for_channel = excluded.made_for_channel`,
        [operatorId, leadId, tenantId, channelId],
      )
    },

    /** A lead was made with an Idempotency-Key. */
    async noteKey({ leadId, tenantId }: TracedLead, keyHash: string): Promise<void> {
      await db.query(
        `insert into direct_lead_trace (operator_id, lead_id, tenant_id, key_hash, keyed_at) values ($1, $2, $3, $4, now())
         on conflict (operator_id, lead_id) do update set key_hash = excluded.key_hash, keyed_at = excluded.keyed_at`,
        [operatorId, leadId, tenantId, keyHash],
      )
    },

    /** The lead that was made of a tenant with an Idempotency-Key, deleted meanwhile or not; null: none, or too long ago. */
    async madeWith(keyHash: string, tenantId: string): Promise<string | null> {
      const { rows } = await db.query<{ leadId: string }>(
        `select lead_id as "leadId" from direct_lead_trace
         where operator_id = $1 and key_hash = $2 and tenant_id = $3
           and keyed_at > now() - make_interval(hours => ${KEPT_HOURS})`,
        [operatorId, keyHash, tenantId],
      )
      return rows[0]?.leadId ?? null
    },

    /** A lead is deleted here with this transaction; deletions that nobody can read past any more are forgotten. */
    async noteDeleted({ leadId, tenantId }: TracedLead): Promise<void> {
      await db.query(
        `delete from direct_lead_trace
         where operator_id = $1 and deleted_at < now() - make_interval(hours => ${DELETION_KNOWN_HOURS}) and not is_told`,
        [operatorId],
      )
      await db.query(
        `insert into direct_lead_trace (operator_id, lead_id, tenant_id, deleted_at) values ($1, $2, $3, now())
         on conflict (operator_id, lead_id) do update set deleted_at = now(), is_told = false`,
        [operatorId, leadId, tenantId],
      )
    },

    /** Those of these leads that were deleted here. */
    async deletedOf(leadIds: string[]): Promise<Set<string>> {
      if (leadIds.length === 0) return new Set()
      const { rows } = await db.query<{ leadId: string }>({
        name: 'direct-lead-trace-deleted',
        text: `select lead_id as "leadId" from direct_lead_trace
               where operator_id = $1 and lead_id = any($2::uuid[]) and deleted_at is not null`,
        values: [operatorId, leadIds],
      })
      return new Set(rows.map(({ leadId }) => leadId))
    },

    /** Microsoft tells of deleted leads: it was asked before, or has them again. */
    async noteTold(leadIds: string[], isTold: boolean): Promise<void> {
      await db.query('update direct_lead_trace set is_told = $3 where operator_id = $1 and lead_id = any($2::uuid[])', [
        operatorId,
        leadIds,
        isTold,
      ])
    },

    /** Deleted leads that Microsoft has told of since. */
    async told(limit: number): Promise<TracedLead[]> {
      const { rows } = await db.query<TracedLead>(
        `select lead_id as "leadId", tenant_id as "tenantId" from direct_lead_trace
         where operator_id = $1 and deleted_at is not null and is_told order by deleted_at limit $2`,
        [operatorId, limit],
      )
      return rows
    },

    /** They are here again. */
    async noteBack(leadIds: string[]): Promise<void> {
      await db.query(
        `update direct_lead_trace set deleted_at = null, is_told = false where operator_id = $1 and lead_id = any($2::uuid[])`,
        [operatorId, leadIds],
      )
    },
  }
}
