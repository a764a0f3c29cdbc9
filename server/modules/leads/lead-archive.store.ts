import { connectionOf, type Tx } from '../../platform/db/transaction.ts'

export type ArchivableLead = {
  leadId: string
  channelId: number | null
  status: string
  companyName: string
  archived: boolean
}

/** The named leads that are there, locked; and putting them away or bringing them back. */
export function leadArchiveStore(tx: Tx) {
  const client = connectionOf(tx)
  return {
    async lock(leadIds: string[]): Promise<ArchivableLead[]> {
      const { rows } = await client.query<ArchivableLead>({
        name: 'lead-archive-lock',
        text: `
          select lead_id as "leadId", channel_id as "channelId", status, company_name as "companyName",
            archived_at is not null as archived
          from lead where operator_id = $1 and lead_id = any($2::uuid[]) order by lead_id for update`,
        values: [tx.operatorId, leadIds],
      })
      return rows
    },

    async set(leadIds: string[], archived: boolean): Promise<void> {
      await client.query({
        name: 'lead-archive-set',
        text: `
          update lead set archived_at = case when $3 then now() end, changed_at = now()
          where operator_id = $1 and lead_id = any($2::uuid[])`,
        values: [tx.operatorId, leadIds, archived],
      })
    },
  }
}
