import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { deleteLead } from '../../api/direct-leads.ts'
import type { DeskLead } from '../../api/leads.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { useToast } from '../../ui/toasts.tsx'
import desk from './lead-desk.module.css'
import { useLeadRefresh } from './lead-refresh.ts'
import { useLeadsOfTenant } from './lead-siblings.tsx'

type DeleteDialogProps = { lead: DeskLead; onDeleted: (leadId: string) => void; onClose: () => void }

/** "Delete (Consentless) Lead" of seed 000: says what is lost before. */
export function LeadDeleteDialog({ lead, onDeleted, onClose }: DeleteDialogProps) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const refresh = useLeadRefresh()
  const toast = useToast()
  const company = lead.companyName || lead.tenantId
  const isPaired = (useLeadsOfTenant(lead.tenantId).data ?? []).some(({ isDirectLead }) => !isDirectLead)
  const remove = useMutation({
    mutationFn: () => deleteLead(operatorId, lead.id),
    onSuccess: () => {
      toast('success', t('leadDesk.delete.done', { company }))
      onClose()
      onDeleted(lead.id)
      return refresh()
    },
  })
  return (
    <ConfirmDialog
      title={t('leadDesk.delete.ask', { company })}
      action={t(remove.isPending ? 'leadDesk.delete.busy' : 'leadDesk.delete.action')}
      isBusy={remove.isPending}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      <ProblemNotice error={remove.error} />
      <p className={desk.lossLead}>{t('leadDesk.delete.lost')}</p>
      <ul className={desk.losses}>
        <li>{t('leadDesk.delete.atMicrosoft')}</li>
        {lead.commentCount > 0 && <li>{t('leadDesk.delete.comments', { count: lead.commentCount })}</li>}
        {lead.addresses.count ? <li>{t('leadDesk.delete.addresses', { count: lead.addresses.count })}</li> : null}
        {lead.channel && <li>{t('leadDesk.delete.channel', { name: lead.channel.name })}</li>}
      </ul>
      {isPaired && <p>{t('leadDesk.delete.pairStays')}</p>}
      <p>{t('leadDesk.delete.forGood')}</p>
    </ConfirmDialog>
  )
}
