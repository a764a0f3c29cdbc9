import { sql } from 'kysely'
import { openTables, type Tx } from '../../platform/db/transaction.ts'
import type { License, LocalFacts, Processing } from './lead.rules.ts'
import { leadText } from './lead.view.ts'
import type { StoredLead } from './lead-write.store.ts'

type Tables = {
  lead: {
    operator_id: number
    lead_id: string
    arrival: number
    tenant_id: string
    channel_id: number | null
    is_direct: boolean
    status: string
    company_name: string
    ump_customer_guid: string | null
    license: License | null
    processing: Processing | null
    is_not_active: boolean | null
    comments: string | null
    body: string
    changed_at: Date
  }
}

/** What a license changes of leads. */
export function leadLicenseStore(tx: Tx) {
  const db = openTables<Tables>(tx)
  const { operatorId } = tx
  const select = () =>
    db
      .selectFrom('lead')
      .select([
        'lead_id as leadId',
        'tenant_id as tenantId',
        'status',
        'company_name as companyName',
        'is_direct as isDirect',
        'channel_id as channelId',
        'ump_customer_guid as umpCustomerGuid',
        'processing',
      ])
      .where('operator_id', '=', operatorId)
  return {
    /** As it is at this moment; nobody is kept from changing it. */
    find: (leadId: string) => select().where('lead_id', '=', leadId).executeTakeFirst(),

    ofTenant: (tenantId: string) => select().where('tenant_id', '=', tenantId).orderBy('arrival').execute(),

    /**
     * Local facts of a locked lead, with its new text: nothing that it is found or ordered by changes, so nothing else need
     * be written. One that a listing lacks stays marked as missing.
     */
    async write(lead: StoredLead, local: LocalFacts): Promise<void> {
      await db
        .updateTable('lead')
        .set({
          ump_customer_guid: local.umpCustomerGuid,
          license: local.license,
          processing: local.processing,
          is_not_active: local.isNotActive,
          comments: JSON.stringify(local.comments ?? []),
          body: leadText(lead.remote, local, lead.civicAddresses),
          changed_at: sql<Date>`now()`,
        })
        .where('operator_id', '=', operatorId)
        .where('lead_id', '=', lead.leadId)
        .execute()
    },
  }
}
