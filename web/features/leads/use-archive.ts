import { useTranslation } from 'react-i18next'
import { archiveLead } from '../../api/lead-bulk.ts'
import type { DeskLead } from '../../api/leads.ts'
import { useOperator } from '../../shell/operator.ts'
import { useFailureWords } from '../../shell/problem-notice.tsx'
import { useToast } from '../../ui/toasts.tsx'
import { useLeadRefresh } from './lead-refresh.ts'

/** Puts a lead away or shows it again, at once: the other way round is one click as well. */
export function useArchive(): (lead: DeskLead, archive: boolean) => Promise<void> {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const refresh = useLeadRefresh()
  const toast = useToast()
  const wordsOf = useFailureWords()
  return async (lead, archive) => {
    const company = lead.companyName || lead.tenantId
    try {
      await archiveLead(operatorId, lead.id, archive)
      if (archive) toast('success', t('leads.archivedOne', { company }), t('leads.archivedWhere'))
      else toast('success', t('leads.unarchivedOne', { company }))
      await refresh()
    } catch (error) {
      const { title, detail } = wordsOf(error)
      toast('error', title, detail)
    }
  }
}
