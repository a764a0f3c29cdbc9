import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { setLeadOwner } from '../../api/lead-owners.ts'
import type { DeskLead } from '../../api/leads.ts'
import { useOperator } from '../../shell/operator.ts'
import { useToast } from '../../ui/toasts.tsx'
import { useLeadRefresh } from './lead-refresh.ts'

/** Makes a lead one's own. */
export function useTakeLead() {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const refresh = useLeadRefresh()
  const toast = useToast()
  return useMutation({
    mutationFn: (lead: DeskLead) => setLeadOwner(operatorId, lead.id, 'me'),
    onSuccess: (_, lead) => {
      toast('success', t('leadDuty.taken', { company: lead.companyName || lead.tenantId }))
      return refresh()
    },
  })
}
