import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { WireJournalEntry } from '../../api/journal.ts'
import { paths } from '../../paths.ts'
import { JournalChanges } from '../../shell/journal-entry.tsx'
import { useOperator } from '../../shell/operator.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { dayAndTimeText, instantOf } from '../../ui/dates.ts'
import { PanelBody, SidePanel } from '../../ui/side-panel.tsx'
import { Fact, Facts } from '../../ui/states.tsx'
import styles from './activity.module.css'
import { ResultPill } from './result-pill.tsx'

type EntryPanelProps = {
  entry: WireJournalEntry
  takesFocus: boolean
  onPrevious?: (() => void) | undefined
  onNext?: (() => void) | undefined
  onClose: () => void
}

/** One entry of the journal with all that is known of it. */
export function EntryPanel({ entry, ...panel }: EntryPanelProps) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const { actor, object } = entry
  const at = instantOf(entry.at)
  const title = t(`journal.action.${entry.action as 'lead.changed'}`, { defaultValue: entry.action })
  return (
    <SidePanel title={title} subtitle={<ResultPill result={entry.result} />} {...panel}>
      <PanelBody label={title}>
        <Facts>
          <Fact name={t('journal.when')}>{at ? dayAndTimeText(at) : entry.at}</Fact>
          <Fact name={t('journal.who')}>
            {t(`journal.by.${actor.kind as 'person'}`, { name: actor.name, defaultValue: actor.name })}
          </Fact>
          {entry.sourceIp && <Fact name={t('journal.from')}>{entry.sourceIp}</Fact>}
          <Fact name={t('journal.object')}>
            {object.type === 'lead' ? (
              <Link to={paths.lead} params={{ operatorId: String(operatorId), leadId: object.id }}>
                {object.name ?? object.id}
              </Link>
            ) : (
              (object.name ?? object.id)
            )}
            <span>({object.type})</span>
          </Fact>
          <Fact name={t('journal.code')}>{entry.action}</Fact>
          {entry.detail && <Fact name={t('journal.detail')}>{entry.detail}</Fact>}
          <Fact name={t('journal.request')}>
            {entry.requestId}
            <CopyButton text={entry.requestId} what={t('journal.request')} />
          </Fact>
        </Facts>
        <div className={styles.changes}>
          <JournalChanges before={entry.before} after={entry.after} />
        </div>
      </PanelBody>
    </SidePanel>
  )
}
