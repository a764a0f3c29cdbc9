import { useTranslation } from 'react-i18next'
import { type DeskLead, exportDeskLeads, type LeadFilter } from '../../api/leads.ts'
import { paths } from '../../paths.ts'
import { startDownload } from '../../shell/downloads.ts'
import { useOperator } from '../../shell/operator.ts'
import { csvFileName } from '../../shell/save-file.ts'

/** Export to CSV: all that the filter shows, in the order of the list, or one lead. Source: seed 000; issue 3, 3. */
export function useLeadExport(): { exportAll: (filter: LeadFilter) => void; exportOne: (lead: DeskLead) => void } {
  const { t } = useTranslation()
  const { operatorId, name } = useOperator()
  const help = paths.leadColumns.replace('$operatorId', String(operatorId))
  const begin = (what: LeadFilter | { leadId: string }, words: string[]) => {
    const fileName = csvFileName(words, new Date())
    void startDownload({
      fileName,
      unit: 'leads',
      help,
      begin: (signal) => exportDeskLeads(operatorId, what, signal),
    })
  }
  return {
    exportAll: (filter) => begin(filter, [t(filter.licensed ? 'export.tenantsFile' : 'export.leadsFile'), name]),
    exportOne: ({ id, companyName, tenantId }) =>
      begin({ leadId: id }, [t('export.leadFile'), companyName?.trim() || tenantId]),
  }
}
