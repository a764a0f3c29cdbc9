import { useTranslation } from 'react-i18next'
import type { Streamed } from '../../api/call.ts'
import { exportChosenLeads, type LeadChoice } from '../../api/lead-bulk.ts'
import { type DeskLead, exportDeskLeads, type LeadFilter } from '../../api/leads.ts'
import { paths } from '../../paths.ts'
import { startDownload } from '../../shell/downloads.ts'
import { useOperator } from '../../shell/operator.ts'
import { csvFileName } from '../../shell/save-file.ts'

type LeadExport = {
  exportAll: (filter: LeadFilter) => void
  exportOne: (lead: DeskLead) => void
  exportChosen: (choice: LeadChoice, licensed: boolean) => void
}

/** Export to CSV: all that the filter shows, in the order of the list, some, or one lead. Source: seed 000; issue 3, 3. */
export function useLeadExport(): LeadExport {
  const { t } = useTranslation()
  const { operatorId, name } = useOperator()
  const help = paths.leadColumns.replace('$operatorId', String(operatorId))
  const save = (words: string[], begin: (signal: AbortSignal) => Promise<Streamed>) => {
    void startDownload({ fileName: csvFileName(words, new Date()), unit: 'leads', help, begin })
  }
  const listWords = (licensed: boolean) => [t(licensed ? 'export.tenantsFile' : 'export.leadsFile'), name]
  return {
    exportAll: (filter) => save(listWords(filter.licensed), (signal) => exportDeskLeads(operatorId, filter, signal)),
    exportOne: ({ id, companyName, tenantId }) =>
      save([t('export.leadFile'), companyName?.trim() || tenantId], (signal) =>
        exportDeskLeads(operatorId, { leadId: id }, signal),
      ),
    exportChosen: (choice, licensed) =>
      save(listWords(licensed), (signal) => exportChosenLeads(operatorId, choice, signal)),
  }
}
