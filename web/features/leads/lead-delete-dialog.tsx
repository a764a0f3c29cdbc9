import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { deleteLead } from '../../api/direct-leads.ts'
import type { DeskLead } from '../../api/leads.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { useToast } from '../../ui/toasts.tsx'
import { useWatched, Watched } from '../../ui/watched.ts'
import desk from './lead-desk.module.css'
import { useLeadRefresh } from './lead-refresh.ts'
import { useLeadsOfTenant } from './lead-siblings.tsx'

/** Outside the menu that asks for it, which is gone by then. */
const askedFor = new Watched<DeskLead | null>(null)

export function askToDelete(lead: DeskLead): void {
  askedFor.set(lead)
}

/** "Delete (Consentless) Lead" of seed 000: says what is lost before; once in the page. */
export function LeadDeleteDialog({ onDeleted }: { onDeleted: (leadId: string) => void }) {
  const lead = useWatched(askedFor)
  return lead && <Confirmation key={lead.id} lead={lead} onDeleted={onDeleted} />
}

function Confirmation({ lead, onDeleted }: { lead: DeskLead; onDeleted: (leadId: string) => void }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const refresh = useLeadRefresh()
  const toast = useToast()
  const close = () => askedFor.set(null)
  const company = lead.companyName || lead.tenantId
  const isPaired = (useLeadsOfTenant(lead.tenantId).data ?? []).some(({ isDirectLead }) => !isDirectLead)
  const remove = useMutation({
    mutationFn: () => deleteLead(operatorId, lead.id),
    onSuccess: () => {
      toast('success', t('leadDesk.delete.done', { company }))
      close()
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
      onClose={close}
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
