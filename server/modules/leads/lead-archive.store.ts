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
          select l.lead_id as "leadId", l.channel_id as "channelId", l.status, l.company_name as "companyName",
            l.archived_at is not null as archived
          from unnest($2::uuid[]) as asked (id) join lead l on l.operator_id = $1 and l.lead_id = asked.id
          order by l.lead_id for update of l`,
        values: [tx.operatorId, leadIds],
      })
      return rows
    },

    async set(leadIds: string[], archived: boolean): Promise<void> {
      await client.query({
        name: 'lead-archive-set',
        text: `
          update lead set archived_at = case when $3 then now() end, changed_at = now()
          from unnest($2::uuid[]) as asked (id) where operator_id = $1 and lead_id = asked.id`,
        values: [tx.operatorId, leadIds, archived],
      })
    },
  }
}
