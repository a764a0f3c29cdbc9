import { Button } from '@fluentui/react-components'
import { ArchiveRegular } from '@fluentui/react-icons/svg/archive'
import { ArchiveArrowBackRegular } from '@fluentui/react-icons/svg/archive-arrow-back'
import { ArrowDownloadRegular } from '@fluentui/react-icons/svg/arrow-download'
import { ArrowSwapRegular } from '@fluentui/react-icons/svg/arrow-swap'
import { CalendarClockRegular } from '@fluentui/react-icons/svg/calendar-clock'
import { CommentAddRegular } from '@fluentui/react-icons/svg/comment-add'
import { DismissRegular } from '@fluentui/react-icons/svg/dismiss'
import { HandshakeRegular } from '@fluentui/react-icons/svg/handshake'
import { LinkDismissRegular } from '@fluentui/react-icons/svg/link-dismiss'
import { MailRegular } from '@fluentui/react-icons/svg/mail'
import { PersonSwapRegular } from '@fluentui/react-icons/svg/person-swap'
import { type ReactElement, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { LEAD_IDS_MAX, type LeadBulkAction, TASK_LEADS_MAX } from '../../api/lead-bulk.ts'
import { MAIL_LEADS_MAX } from '../../api/lead-mails.ts'
import { useOperator } from '../../shell/operator.ts'
import { PermittedButton, type Verdict } from '../../shell/permitted.tsx'
import { ALL_SELECTED, type GridSelection } from '../../ui/data-grid/grid-selection.ts'
import styles from './lead-bulk.module.css'
import { type ChosenLeads, choiceOf, countChosen } from './lead-bulk-choice.ts'
import { LeadBulkDialog } from './lead-bulk-dialog.tsx'
import { LeadBulkMailDialog } from './lead-bulk-mail-dialog.tsx'
import { useLeadExport } from './lead-export.ts'

const icons: Record<LeadBulkAction, ReactElement> = {
  'assign-channel': <ArrowSwapRegular />,
  'remove-channel': <LinkDismissRegular />,
  comment: <CommentAddRegular />,
  'set-relationship': <HandshakeRegular />,
  mail: <MailRegular />,
  'set-owner': <PersonSwapRegular />,
  'set-due': <CalendarClockRegular />,
  archive: <ArchiveRegular />,
  unarchive: <ArchiveArrowBackRegular />,
}

type BulkBarProps = {
  chosen: ChosenLeads
  onSelect: (selection: GridSelection) => void
  /** Gives the selection up, and the focus back to the list. */
  onClear: () => void
}

/** Floats over the end of the list while leads are chosen: how many, and what to do with them. Source: issue 5, 4. */
export function LeadBulkBar({ chosen, onSelect, onClear }: BulkBarProps) {
  const { t } = useTranslation()
  const [asked, setAsked] = useState<LeadBulkAction | null>(null)
  const { exportAll, exportChosen } = useLeadExport()
  const verdictOf = useVerdicts(chosen)
  const { selection, filter, total } = chosen
  const count = countChosen(chosen)
  const isAll = selection.kind === 'all' && selection.except.size === 0
  const shown = count.toLocaleString()
  const save = () => {
    if (isAll) exportAll(filter)
    else exportChosen(choiceOf(chosen), filter.licensed)
  }
  return (
    <section className={styles.bar} aria-label={t('leadBulk.bar')}>
      <div className={styles.count}>
        <span role="status">
          {isAll ? t('leadBulk.allSelected', { shown }) : t('leadBulk.selected', { count, shown })}
        </span>
        {!isAll && count < total && (
          <Button
            size="small"
            appearance="transparent"
            className={`${styles.all}`}
            onClick={() => onSelect(ALL_SELECTED)}
          >
            {t('leadBulk.selectAll', { count: total, shown: total.toLocaleString() })}
          </Button>
        )}
      </div>
      <div className={styles.actions}>
        {actionsFor(filter.archived).map((action) => (
          <PermittedButton
            key={action}
            size="small"
            appearance="subtle"
            className={`${styles.action}`}
            icon={icons[action]}
            verdict={verdictOf(action)}
            onClick={() => setAsked(action)}
          >
            <span className={styles.word}>{t(`leadBulk.action.${action}`)}</span>
          </PermittedButton>
        ))}
        <PermittedButton
          size="small"
          appearance="subtle"
          className={`${styles.action}`}
          icon={<ArrowDownloadRegular />}
          verdict={verdictOf('export')}
          onClick={save}
        >
          <span className={styles.word}>{t('leadBulk.action.export')}</span>
        </PermittedButton>
      </div>
      <Button
        size="small"
        appearance="subtle"
        className={`${styles.clear}`}
        icon={<DismissRegular />}
        aria-label={t('leadBulk.clear')}
        title={t('leadBulk.clear')}
        onClick={onClear}
      />
      {asked === 'mail' && <LeadBulkMailDialog chosen={chosen} onClose={() => setAsked(null)} onStarted={onClear} />}
      {asked && asked !== 'mail' && (
        <LeadBulkDialog action={asked} chosen={chosen} onClose={() => setAsked(null)} onStarted={onClear} />
      )}
    </section>
  )
}

/** Where no archived lead is shown, none can be brought back; where all are, none can be put away. */
function actionsFor(archived: string | undefined): LeadBulkAction[] {
  const always: LeadBulkAction[] = [
    ...(['assign-channel', 'remove-channel', 'set-owner', 'set-due', 'comment', 'mail', 'set-relationship'] as const),
  ]
  if (archived === 'only') return [...always, 'unarchive']
  return archived === 'include' ? [...always, 'archive', 'unarchive'] : [...always, 'archive']
}

/** What keeps one from an action with so many leads, before anything is asked. */
function useVerdicts(chosen: ChosenLeads): (action: LeadBulkAction | 'export') => Verdict {
  const { t } = useTranslation()
  const { can, isWholeOperator } = useOperator()
  const count = countChosen(chosen)
  return (action) => {
    const refuse = (reason: string): Verdict => ({ allowed: false, reason })
    const isOfChannels = action === 'assign-channel' || action === 'remove-channel'
    if (isOfChannels && !isWholeOperator) return refuse(t('leads.carrierOnly'))
    const permission = isOfChannels ? 'channels.manage' : action === 'mail' ? 'mail.send' : 'leads.write'
    if (action !== 'export' && !can('leads.write'))
      return refuse(t('permission.missing', { permission: 'leads.write' }))
    if (action !== 'export' && !can(permission)) return refuse(t('permission.missing', { permission }))
    if (action === 'mail' && count > MAIL_LEADS_MAX) {
      return refuse(t('leadBulk.tooManyToMail', { max: MAIL_LEADS_MAX.toLocaleString() }))
    }
    if (chosen.selection.kind === 'some' && count > LEAD_IDS_MAX) {
      return refuse(t('leadBulk.tooManyNamed', { max: LEAD_IDS_MAX.toLocaleString() }))
    }
    if (action !== 'export' && count > TASK_LEADS_MAX) {
      return refuse(t('leadBulk.tooMany', { max: TASK_LEADS_MAX.toLocaleString() }))
    }
    return { allowed: true }
  }
}
