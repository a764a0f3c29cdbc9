import { ArrowDownloadRegular } from '@fluentui/react-icons/svg/arrow-download'
import { HistoryRegular } from '@fluentui/react-icons/svg/history'
import { InfoRegular } from '@fluentui/react-icons/svg/info'
import type { ReactElement } from 'react'
import { useTranslation } from 'react-i18next'
import type { DeskLead } from '../../api/leads.ts'
import { useOperator } from '../../shell/operator.ts'
import type { Verdict } from '../../shell/permitted.tsx'
import { useLeadExport } from './lead-export.ts'
import type { Part } from './lead-search.ts'

/**
 * Actions on a lead in the words and order of seed 000 ("….Menu"). One is listed with the issue that makes it work; those of
 * which the server gives a verdict carry its name in `DeskLead.actions`.
 */
export type LeadActionName = 'exportCsv' | 'history' | 'detailedStatus'

export type LeadAction = { name: LeadActionName; words: string; icon: ReactElement; verdict: Verdict; run: () => void }

/** What can be done with a lead; what is not allowed now is there too, with the reason. */
export function useLeadActions(onOpen: (leadId: string, part: Part) => void): (lead: DeskLead) => LeadAction[] {
  const { t } = useTranslation()
  const { can } = useOperator()
  const { exportOne } = useLeadExport()
  const allowed: Verdict = { allowed: true }
  return (lead) => {
    const history: Verdict = can('journal.read')
      ? allowed
      : { allowed: false, reason: t('permission.missing', { permission: 'journal.read' }) }
    const own: LeadAction[] = [
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
        run: () => onOpen(lead.id, 'details'),
      },
    ]
    return own.map((action) => ({ ...action, verdict: lead.actions[action.name] ?? action.verdict }))
  }
}
