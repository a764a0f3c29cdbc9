import { AppsRegular } from '@fluentui/react-icons/svg/apps'
import { ArchiveRegular } from '@fluentui/react-icons/svg/archive'
import { ArchiveArrowBackRegular } from '@fluentui/react-icons/svg/archive-arrow-back'
import { ArrowDownloadRegular } from '@fluentui/react-icons/svg/arrow-download'
import { ArrowSwapRegular } from '@fluentui/react-icons/svg/arrow-swap'
import { CalendarClockRegular } from '@fluentui/react-icons/svg/calendar-clock'
import { CertificateRegular } from '@fluentui/react-icons/svg/certificate'
import { CommentAddRegular } from '@fluentui/react-icons/svg/comment-add'
import { DeleteRegular } from '@fluentui/react-icons/svg/delete'
import { HistoryRegular } from '@fluentui/react-icons/svg/history'
import { InfoRegular } from '@fluentui/react-icons/svg/info'
import { LinkDismissRegular } from '@fluentui/react-icons/svg/link-dismiss'
import { MailRegular } from '@fluentui/react-icons/svg/mail'
import { PersonAvailableRegular } from '@fluentui/react-icons/svg/person-available'
import { PersonSwapRegular } from '@fluentui/react-icons/svg/person-swap'
import { useNavigate } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import { useTranslation } from 'react-i18next'
import type { DeskLead } from '../../api/leads.ts'
import { paths } from '../../paths.ts'
import { useMe, useOperator } from '../../shell/operator.ts'
import type { Verdict } from '../../shell/permitted.tsx'
import { askForChannel, askForDue, askForLicense, askForOwner, askToDelete, askToMail } from './lead-asked.ts'
import { useLeadExport } from './lead-export.ts'
import type { Part } from './lead-search.ts'
import { useArchive } from './use-archive.ts'
import { useTakeLead } from './use-take-lead.ts'

/**
 * Actions on a lead in the words and order of seed 000 ("….Menu"). One is listed with the issue that makes it work; those of
 * which the server gives a verdict carry its name in `DeskLead.actions`.
 */
export type LeadActionName =
  | 'addComments'
  | 'changeStatus'
  | 'mailCustomer'
  | 'takeLead'
  | 'setOwner'
  | 'setDue'
  | 'changeChannelPartner'
  | 'removeAttachedChannel'
  | 'exportCsv'
  | 'history'
  | 'detailedStatus'
  | 'archiveLead'
  | 'unarchiveLead'
  | 'openService'
  | 'deleteCustomer'
  | 'deleteLead'

export type LeadAction = { name: LeadActionName; words: string; icon: ReactElement; verdict: Verdict; run: () => void }

/** What can be done with a lead; what is not allowed now is there too, with the reason. */
export function useLeadActions(onOpen: (leadId: string, part: Part) => void): (lead: DeskLead) => LeadAction[] {
  const { t } = useTranslation()
  const { can, isWholeOperator, operatorId } = useOperator()
  const navigate = useNavigate()
  const openService = (serviceId: string) =>
    void navigate({ to: paths.service, params: { operatorId: String(operatorId), serviceId } })
  const { exportOne } = useLeadExport()
  const archive = useArchive()
  const take = useTakeLead()
  const { personId } = useMe()
  const allowed: Verdict = { allowed: true }
  return (lead) => {
    const history: Verdict = can('journal.read')
      ? allowed
      : { allowed: false, reason: t('permission.missing', { permission: 'journal.read' }) }
    const mayMove: Verdict = !isWholeOperator
      ? { allowed: false, reason: t('leads.carrierOnly') }
      : can('channels.manage')
        ? allowed
        : { allowed: false, reason: t('permission.missing', { permission: 'channels.manage' }) }
    const mayWrite: Verdict = can('leads.write')
      ? allowed
      : { allowed: false, reason: t('permission.missing', { permission: 'leads.write' }) }
    const mayLicense: Verdict = can('services.write')
      ? allowed
      : { allowed: false, reason: t('permission.missing', { permission: 'services.write' }) }
    const mayRead: Verdict = can('services.read')
      ? allowed
      : { allowed: false, reason: t('permission.missing', { permission: 'services.read' }) }
    const mayMail: Verdict = can('mail.send')
      ? allowed
      : { allowed: false, reason: t('permission.missing', { permission: 'mail.send' }) }
    const own: LeadAction[] = [
      {
        name: 'addComments',
        words: t('leadDesk.comments.menu'),
        icon: <CommentAddRegular />,
        verdict: mayWrite,
        run: () => onOpen(lead.id, 'comments'),
      },
      // Source: seed 004: on New Leads only.
      ...(lead.umpCustomerGuid === null && lead.license === null
        ? [
            {
              name: 'changeStatus' as const,
              words: t('leads.changeStatus'),
              icon: <CertificateRegular />,
              verdict: mayLicense,
              run: () => askForLicense('apply', lead),
            },
          ]
        : []),
      {
        name: 'mailCustomer',
        words: t('leadDesk.mail.menu'),
        icon: <MailRegular />,
        verdict: mayMail,
        run: () => askToMail(lead),
      },
      ...(lead.owner?.personId === personId
        ? []
        : [
            {
              name: 'takeLead' as const,
              words: t('leadDuty.take'),
              icon: <PersonAvailableRegular />,
              verdict: mayWrite,
              run: () => take.mutate(lead),
            },
          ]),
      {
        name: 'setOwner',
        words: t('leadDuty.changeMenu'),
        icon: <PersonSwapRegular />,
        verdict: mayWrite,
        run: () => askForOwner(lead),
      },
      {
        name: 'setDue',
        words: t('leadDuty.changeDueMenu'),
        icon: <CalendarClockRegular />,
        verdict: mayWrite,
        run: () => askForDue(lead),
      },
      {
        name: 'changeChannelPartner',
        words: t('leads.changeChannelPartner'),
        icon: <ArrowSwapRegular />,
        verdict: mayMove,
        run: () => askForChannel('change', lead),
      },
      {
        name: 'removeAttachedChannel',
        words: t('leads.removeAttachedChannel'),
        icon: <LinkDismissRegular />,
        verdict: mayMove,
        run: () => askForChannel('remove', lead),
      },
      {
        name: 'exportCsv',
        words: t('leads.exportCsv'),
        icon: <ArrowDownloadRegular />,
        verdict: allowed,
        run: () => exportOne(lead),
      },
      {
        name: 'history',
        words: t('leads.history'),
        icon: <HistoryRegular />,
        verdict: history,
        run: () => onOpen(lead.id, 'history'),
      },
      {
        name: 'detailedStatus',
        words: t('leads.detailedStatus'),
        icon: <InfoRegular />,
        verdict: allowed,
        run: () => onOpen(lead.id, 'status'),
      },
      lead.archivedAt === null
        ? {
            name: 'archiveLead',
            words: t('leads.archiveOne'),
            icon: <ArchiveRegular />,
            verdict: mayWrite,
            run: () => archive(lead, true),
          }
        : {
            name: 'unarchiveLead',
            words: t('leads.unarchiveOne'),
            icon: <ArchiveArrowBackRegular />,
            verdict: mayWrite,
            run: () => archive(lead, false),
          },
      ...(lead.umpCustomerGuid === null
        ? []
        : [
            {
              name: 'openService' as const,
              words: t('leads.openService'),
              icon: <AppsRegular />,
              verdict: mayRead,
              run: () => openService(lead.umpCustomerGuid ?? ''),
            },
            {
              name: 'deleteCustomer' as const,
              words: t('leads.deleteCustomer'),
              icon: <DeleteRegular />,
              verdict: isWholeOperator ? mayLicense : { allowed: false, reason: t('leads.carrierOnlyDeletes') },
              run: () => askForLicense('delete', lead),
            },
          ]),
      {
        name: 'deleteLead',
        words: t('leadDesk.delete.menu'),
        icon: <DeleteRegular />,
        verdict: mayWrite,
        run: () => askToDelete(lead),
      },
    ]
    // What one may not do at all is said first.
    return own.map((action) =>
      action.verdict.allowed ? { ...action, verdict: lead.actions[action.name] ?? action.verdict } : action,
    )
  }
}
