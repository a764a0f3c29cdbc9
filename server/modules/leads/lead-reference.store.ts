import { sql } from 'kysely'
import type { LeadReferences } from '../../../contract/lead-references.ts'
import { openTables, type Tx } from '../../platform/db/transaction.ts'
import { NO_REFERENCES, searchTextOfReferences } from './lead-reference.rules.ts'

type Tables = {
  lead: { operator_id: number; lead_id: string; changed_at: Date }
  lead_reference: {
    operator_id: number
    lead_id: string
    arrival: number
    channel_id: number | null
    crm_id: string | null
    order_id: string | null
    billing_account: string | null
    search: string
  }
}

/** The lead whose references they are: where it is in the list, and whose. */
export type ReferencedLead = { leadId: string; arrival: number; channelId: number | null }

/** References of leads: a row only where there are any. */
export function leadReferenceStore(tx: Tx) {
  const db = openTables<Tables>(tx)
  const { operatorId } = tx
  return {
    /** References and when the lead changed last; undefined: there is no such lead in scope. */
    async find(leadId: string): Promise<{ references: LeadReferences; changedAt: Date } | undefined> {
      const row = await db
        .selectFrom('lead as l')
        .leftJoin('lead_reference as r', (join) =>
          join.onRef('r.operator_id', '=', 'l.operator_id').onRef('r.lead_id', '=', 'l.lead_id'),
        )
        .select(['l.changed_at', 'r.crm_id', 'r.order_id', 'r.billing_account'])
        .where('l.operator_id', '=', operatorId)
        .where('l.lead_id', '=', leadId)
        .executeTakeFirst()
      return row && { references: referencesOf(row), changedAt: row.changed_at }
    },

    /** Writes the references of a lead and marks it as changed; answers when. The caller holds the operator's lock. */
    async write({ leadId, arrival, channelId }: ReferencedLead, references: LeadReferences): Promise<Date> {
      const { crmId, orderId, billingAccount } = references
      const values = {
        channel_id: channelId,
        crm_id: crmId,
        order_id: orderId,
        billing_account: billingAccount,
        search: searchTextOfReferences(references),
      }
      const isNone = crmId === null && orderId === null && billingAccount === null
      if (isNone) {
        await db
          .deleteFrom('lead_reference')
          .where('operator_id', '=', operatorId)
          .where('lead_id', '=', leadId)
          .execute()
      } else {
        await db
          .insertInto('lead_reference')
          .values({ operator_id: operatorId, lead_id: leadId, arrival, ...values })
          .onConflict((conflict) => conflict.columns(['operator_id', 'lead_id']).doUpdateSet(values))
          .execute()
      }
      const { changed_at } = await db
        .updateTable('lead')
        .set({ changed_at: sql<Date>`now()` })
        .where('operator_id', '=', operatorId)
        .where('lead_id', '=', leadId)
        .returning('changed_at')
        .executeTakeFirstOrThrow()
      return changed_at
    },

    /** They belong to the channel that the leads belong to. */
    async move(leadIds: string[], channelId: number | null): Promise<void> {
      await db
        .updateTable('lead_reference')
        .set({ channel_id: channelId })
        .where('operator_id', '=', operatorId)
        .where('lead_id', '=', sql<string>`any(${leadIds}::uuid[])`)
        .execute()
    },
  }
}

/** As a row of the database has them; all null where there is none. */
export function referencesOf(row: {
  crm_id: string | null
  order_id: string | null
  billing_account: string | null
}): LeadReferences {
  return { ...NO_REFERENCES, crmId: row.crm_id, orderId: row.order_id, billingAccount: row.billing_account }
}
