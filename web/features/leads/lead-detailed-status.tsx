import { ArrowSyncRegular } from '@fluentui/react-icons/svg/arrow-sync'
import { CheckmarkCircleRegular } from '@fluentui/react-icons/svg/checkmark-circle'
import { CircleRegular } from '@fluentui/react-icons/svg/circle'
import { ClockRegular } from '@fluentui/react-icons/svg/clock'
import { ErrorCircleRegular } from '@fluentui/react-icons/svg/error-circle'
import { WarningRegular } from '@fluentui/react-icons/svg/warning'
import { Link } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import { useTranslation } from 'react-i18next'
import type { LeadStatus, LeadStatusItem, StatusState } from '../../api/lead-status.ts'
import type { DeskLeadDetail } from '../../api/leads.ts'
import { paths } from '../../paths.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { countryName } from '../../ui/countries.ts'
import { dayAndTimeText, instantOf } from '../../ui/dates.ts'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { LoadingRows } from '../../ui/states.tsx'
import { AffectedList } from './lead-affected.tsx'
import desk from './lead-desk.module.css'
import styles from './leads.module.css'
import { useLeadStatus } from './use-lead-status.ts'

const icons: Record<StatusState, ReactElement> = {
  done: <CheckmarkCircleRegular />,
  running: <ArrowSyncRegular />,
  waiting: <ClockRegular />,
  attention: <WarningRegular />,
  failed: <ErrorCircleRegular />,
  open: <CircleRegular />,
}

/** Why is it not there yet? One time line over all systems. Source: seed 000 (Detailed Status), ambition.md 2 (2). */
export function LeadDetailedStatus({ lead }: { lead: DeskLeadDetail }) {
  const { t } = useTranslation()
  const status = useLeadStatus(lead)
  if (status.isPending) return <LoadingRows count={6} />
  if (!status.data) return <ProblemNotice error={status.error} onRetry={() => void status.refetch()} />
  const { summary, items, affected, asOf } = status.data
  const countries = lead.countries.map(countryName).join(', ')
  return (
    <>
      <Summary summary={summary} />
      <AffectedList affected={affected} />
      <ol className={desk.timeLine} aria-label={t('lead.part.status')}>
        {items.map((item) => (
          <StatusStep
            key={`${item.code} ${item.about?.id ?? ''}`}
            item={item.code === 'countries' ? { ...item, title: t('leadDesk.status.countries', { countries }) } : item}
            isReason={item.code === summary.code}
          />
        ))}
      </ol>
      <p className={styles.note}>
        {t('leadDesk.status.asOf')} <RelativeTime instant={asOf} />
      </p>
    </>
  )
}

function Summary({ summary: { state, text } }: Pick<LeadStatus, 'summary'>) {
  const { t } = useTranslation()
  return (
    <div className={desk.statusSummary} data-state={state}>
      <span className={desk.statusIcon} data-state={state} aria-hidden="true">
        {icons[state]}
      </span>
      <p>
        <span className={desk.statusWord}>{t(`leadDesk.status.state.${state}`)}</span>
        {text}
      </p>
    </div>
  )
}

function StatusStep({ item, isReason }: { item: LeadStatusItem; isReason: boolean }) {
  const { t } = useTranslation()
  const { state, title, cause, at, source, usual, next } = item
  const instant = at === null ? null : instantOf(at)
  return (
    <li className={desk.moment} aria-current={isReason ? 'step' : undefined}>
      <span className={desk.statusIcon} data-state={state} title={t(`leadDesk.status.state.${state}`)}>
        <span className="only-read-aloud">{t(`leadDesk.status.state.${state}`)}: </span>
        <span aria-hidden="true">{icons[state]}</span>
      </span>
      <div className={desk.momentBody}>
        <p dir="auto" className={desk.statusTitle}>
          {title}
        </p>
        {cause && <p dir="auto">{cause}</p>}
        {next && (
          <p dir="auto">
            <span className={desk.statusNext}>
              {t('leadDesk.status.next', { who: t(`leadDesk.status.by.${next.by}`) })}
            </span>{' '}
            {next.text}
          </p>
        )}
        {usual && <p className={styles.quiet}>{t('leadDesk.status.usual', { text: usual.text })}</p>}
        <p className={styles.quiet}>
          {instant && (
            <>
              {dayAndTimeText(instant)} · <RelativeTime instant={at ?? ''} /> ·{' '}
            </>
          )}
          {t('leadDesk.status.source', { source })}
        </p>
        <AboutLink item={item} />
      </div>
    </li>
  )
}

/** To the task or job that is spoken of, for whoever may see it. */
function AboutLink({ item: { about } }: { item: LeadStatusItem }) {
  const { t } = useTranslation()
  const operator = useOperator()
  const operatorId = String(operator.operatorId)
  if (about?.type === 'task' && operator.can('tasks.read')) {
    return (
      <Link to={paths.task} params={{ operatorId, taskId: about.id }} className={`${desk.statusLink}`}>
        {t('leadDesk.status.openTask')}
      </Link>
    )
  }
  if (about?.type === 'job' && operator.isWholeOperator && operator.can('jobs.read')) {
    return (
      <Link to={paths.job} params={{ operatorId, jobName: about.id }} className={`${desk.statusLink}`}>
        {t('leadDesk.status.openJob')}
      </Link>
    )
  }
  return null
}
