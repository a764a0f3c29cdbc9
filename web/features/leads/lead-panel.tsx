import { Tab, TabList } from '@fluentui/react-components'
import { QuestionCircleRegular } from '@fluentui/react-icons/svg/question-circle'
import { useTranslation } from 'react-i18next'
import type { DeskLead, DeskLeadDetail } from '../../api/leads.ts'
import { ApiProblem } from '../../api/problem.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { PanelBody, SidePanel } from '../../ui/side-panel.tsx'
import { EmptyState, LoadingRows } from '../../ui/states.tsx'
import { LeadAddresses } from './lead-addresses.tsx'
import { LeadComments } from './lead-comments.tsx'
import desk from './lead-desk.module.css'
import { LeadDetailedStatus } from './lead-detailed-status.tsx'
import { LeadDetails } from './lead-details.tsx'
import { LeadHistory } from './lead-history.tsx'
import { LeadMails } from './lead-mails.tsx'
import { LeadMenuButton } from './lead-menu.tsx'
import { useLead } from './lead-queries.ts'
import { type Part, parts } from './lead-search.ts'
import { License, MicrosoftStatus, Processing } from './lead-status.tsx'
import styles from './leads.module.css'

type LeadPanelProps = {
  leadId: string
  rows: readonly DeskLead[]
  part: string | undefined
  takesFocus: boolean
  onPart: (part: Part) => void
  /** Asked for by the menu. */
  onOpen: (leadId: string, part: Part) => void
  onGoTo: (leadId: string) => void
  onClose: () => void
}

/** One lead with all that is known of it, over the list and with an address of its own. */
export function LeadPanel({ leadId, rows, part: asked, takesFocus, onPart, onOpen, ...list }: LeadPanelProps) {
  const { onGoTo, onClose } = list
  const { t } = useTranslation()
  const operator = useOperator()
  const lead = useLead(operator.operatorId, leadId)
  const at = rows.findIndex(({ id }) => id === leadId)
  const row = at < 0 ? undefined : rows[at]
  const goTo = (index: number) => {
    const id = at < 0 ? undefined : rows[index]?.id
    return id === undefined ? undefined : () => onGoTo(id)
  }
  const detail = lead.data?.id === leadId ? lead.data : undefined
  const shown = detail ?? row
  const available = parts.filter((one) => one !== 'history' || operator.can('journal.read'))
  const part = available.find((one) => one === asked) ?? 'details'
  return (
    <SidePanel
      title={shown ? shown.companyName || t('lead.noCompany') : t('lead.one')}
      subtitle={shown && <Pills lead={shown} />}
      onClose={onClose}
      onPrevious={goTo(at - 1)}
      onNext={goTo(at + 1)}
      takesFocus={takesFocus}
      actions={shown && <LeadMenuButton lead={shown} onOpen={onOpen} />}
    >
      {!lead.isError && (
        <TabList
          selectedValue={part}
          size="small"
          className={`${desk.tabs}`}
          onTabSelect={(_, { value }) => onPart(value as Part)}
        >
          {available.map((one) => (
            <Tab key={one} value={one}>
              {t(`lead.part.${one}`)}
              <TabCount count={countOf(one, shown)} />
            </Tab>
          ))}
        </TabList>
      )}
      <PanelBody label={t(`lead.part.${part}`)}>
        {lead.isError && isNoLead(lead.error) ? (
          <EmptyState icon={<QuestionCircleRegular />} title={t('lead.notThere')}>
            {t('lead.notThereText')}
          </EmptyState>
        ) : lead.isError ? (
          <ProblemNotice error={lead.error} onRetry={() => void lead.refetch()} />
        ) : detail ? (
          <PartView part={part} lead={detail} />
        ) : (
          <LoadingRows count={8} />
        )}
      </PanelBody>
    </SidePanel>
  )
}

/** Not there, not yours, or not even an id: which of them is nobody's business. */
function isNoLead(error: Error): boolean {
  return error instanceof ApiProblem && (error.status === 404 || error.status === 400)
}

function PartView({ part, lead }: { part: Part; lead: DeskLeadDetail }) {
  switch (part) {
    case 'details':
      return <LeadDetails lead={lead} />
    case 'status':
      return <LeadDetailedStatus key={lead.id} lead={lead} />
    case 'comments':
      return <LeadComments key={lead.id} lead={lead} />
    case 'mails':
      return <LeadMails key={lead.id} lead={lead} />
    case 'addresses':
      return <LeadAddresses lead={lead} />
    case 'history':
      return <LeadHistory key={lead.id} lead={lead} />
  }
}

function countOf(part: Part, lead: DeskLead | undefined): number | null {
  if (part === 'comments') return lead?.commentCount ?? null
  return part === 'addresses' ? (lead?.addresses.count ?? null) : null
}

function TabCount({ count }: { count: number | null }) {
  return count ? <span className={styles.tabCount}>{count}</span> : null
}

function Pills({ lead }: { lead: DeskLead }) {
  return (
    <div className={styles.pills}>
      <MicrosoftStatus status={lead.status} />
      <License license={lead.license} />
      {lead.processing && lead.processing !== 'Success' && <Processing processing={lead.processing} />}
    </div>
  )
}
