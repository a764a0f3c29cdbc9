import { CheckmarkCircleRegular } from '@fluentui/react-icons/svg/checkmark-circle'
import { ClockRegular } from '@fluentui/react-icons/svg/clock'
import { DocumentTextRegular } from '@fluentui/react-icons/svg/document-text'
import { HourglassRegular } from '@fluentui/react-icons/svg/hourglass'
import { PeopleTeamRegular } from '@fluentui/react-icons/svg/people-team'
import { PersonRegular } from '@fluentui/react-icons/svg/person'
import { TaskListSquareLtrRegular } from '@fluentui/react-icons/svg/task-list-square-ltr'
import { Link } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import { useTranslation } from 'react-i18next'
import type { WaitingKind, WireHome } from '../../api/home.ts'
import { paths } from '../../paths.ts'
import { useOperator } from '../../shell/operator.ts'
import { Card } from '../../ui/charts/chart-card.tsx'
import styles from './home.module.css'

type Place = {
  icon: ReactElement
  to: typeof paths.leads | typeof paths.tasks | typeof paths.sbcs
  search?: Record<string, string>
}

/** Where each kind is worked off. */
const places: Record<WaitingKind, Place> = {
  'leads-without-channel': {
    ...{ icon: <PeopleTeamRegular />, to: paths.leads },
    search: { status: 'Active', channel: 'none', view: 'all' },
  },
  'leads-not-active': { icon: <HourglassRegular />, to: paths.leads, search: { status: 'NotActive', view: 'all' } },
  'leads-mine': { icon: <PersonRegular />, to: paths.leads, search: { owner: 'me', view: 'all' } },
  'leads-overdue': { icon: <ClockRegular />, to: paths.leads, search: { owner: 'me', overdue: 'true', view: 'all' } },
  'leads-overdue-unowned': {
    ...{ icon: <ClockRegular />, to: paths.leads },
    search: { owner: 'none', overdue: 'true', view: 'all' },
  },
  'leads-owner-left': { icon: <PersonRegular />, to: paths.leads, search: { owner: 'left', view: 'all' } },
  'scripts-open': { icon: <DocumentTextRegular />, to: paths.sbcs, search: { tab: 'orders' } },
  'tasks-failed': { icon: <TaskListSquareLtrRegular />, to: paths.tasks },
}

/** What waits for somebody, each with its number and the list where it is worked off. */
export function WaitingCard({ home: { waiting } }: { home: WireHome }) {
  const { t } = useTranslation()
  const params = { operatorId: String(useOperator().operatorId) }
  const open = waiting.filter(({ count }) => count > 0)
  return (
    <Card title={t('home.waits')}>
      {open.length === 0 ? (
        <p className={styles.fine}>
          <CheckmarkCircleRegular aria-hidden="true" fontSize={20} />
          {t('home.nothingWaits')}
        </p>
      ) : (
        <ul className={styles.items}>
          {open.map(({ kind, count }) => {
            const { icon, ...place } = places[kind]
            return (
              <li key={kind}>
                <Link {...place} params={params} className={`${styles.item}`}>
                  <span className={styles.icon} aria-hidden="true">
                    {icon}
                  </span>
                  <span className={styles.words}>{t(`home.waiting.${kind}`)}</span>
                  <span className={styles.count}>{count.toLocaleString()}</span>
                </Link>
              </li>
            )
          })}
        </ul>
      )}
    </Card>
  )
}
