import { Button, Tooltip } from '@fluentui/react-components'
import { AlertUrgentRegular } from '@fluentui/react-icons/svg/alert-urgent'
import { AppsRegular } from '@fluentui/react-icons/svg/apps'
import { ArrowExitRegular } from '@fluentui/react-icons/svg/arrow-exit'
import { ArrowSyncRegular } from '@fluentui/react-icons/svg/arrow-sync'
import { CheckmarkRegular } from '@fluentui/react-icons/svg/checkmark'
import { ClockRegular } from '@fluentui/react-icons/svg/clock'
import { CommentRegular } from '@fluentui/react-icons/svg/comment'
import { FlowRegular } from '@fluentui/react-icons/svg/flow'
import { GlobeRegular } from '@fluentui/react-icons/svg/globe'
import { KeyRegular } from '@fluentui/react-icons/svg/key'
import { MailDismissRegular } from '@fluentui/react-icons/svg/mail-dismiss'
import { MergeRegular } from '@fluentui/react-icons/svg/merge'
import { PauseRegular } from '@fluentui/react-icons/svg/pause'
import { PeopleTeamRegular } from '@fluentui/react-icons/svg/people-team'
import { PersonAddRegular } from '@fluentui/react-icons/svg/person-add'
import { PersonArrowRightRegular } from '@fluentui/react-icons/svg/person-arrow-right'
import { PersonDeleteRegular } from '@fluentui/react-icons/svg/person-delete'
import { TaskListSquareLtrRegular } from '@fluentui/react-icons/svg/task-list-square-ltr'
import { WarningRegular } from '@fluentui/react-icons/svg/warning'
import { Link } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import { useTranslation } from 'react-i18next'
import type { NoticeEvent, WireNotice } from '../../api/notices.ts'
import { paths } from '../../paths.ts'
import { useOperator } from '../../shell/operator.ts'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { noticePlace } from './notice-place.ts'
import { noticeWords } from './notice-words.ts'
import styles from './notices.module.css'

const icons: Record<NoticeEvent, ReactElement> = {
  'lead.created': <PersonAddRegular />,
  'lead.countries-changed': <GlobeRegular />,
  'lead.suspended': <PauseRegular />,
  'lead.removed': <PersonDeleteRegular />,
  'lead.merged': <MergeRegular />,
  'lead.commented': <CommentRegular />,
  'lead.wanted-by-channel': <AlertUrgentRegular />,
  'lead.channel-assigned': <PeopleTeamRegular />,
  'lead.channel-removed': <ArrowExitRegular />,
  'lead.owner-changed': <PersonArrowRightRegular />,
  'lead.overdue': <ClockRegular />,
  'lead.mail-failed': <MailDismissRegular />,
  'task.finished': <TaskListSquareLtrRegular />,
  'sync.failed': <WarningRegular />,
  'sync.recovered': <ArrowSyncRegular />,
  'sync.listing-shrank': <WarningRegular />,
  'connection.secret-expiring': <KeyRegular />,
  'webhook.paused': <FlowRegular />,
  'webhook.failing': <WarningRegular />,
  'webhook.recovered': <ArrowSyncRegular />,
  'webhook.event-dead': <WarningRegular />,
  'sbc.unreachable': <WarningRegular />,
  'sbc.recovered': <ArrowSyncRegular />,
  'sbc.changed-by-hand': <AlertUrgentRegular />,
  'service.created': <AppsRegular />,
  'service.deleted': <AppsRegular />,
  'service.needs-decision': <AlertUrgentRegular />,
  'license.threshold': <WarningRegular />,
}

type NoticeLineProps = { notice: WireNotice; onOpen: () => void; onRead: () => void }

/** One notice: what happened, to whom, when; it leads to its object, and a mark says that it is new. */
export function NoticeLine({ notice, onOpen, onRead }: NoticeLineProps) {
  const { t } = useTranslation()
  const operator = useOperator()
  const { text, detail } = noticeWords(t, notice, operator.isWholeOperator)
  const place = noticePlace(notice, operator)
  const words = (
    <span className={styles.text} dir="auto">
      {!notice.read && <span className="only-read-aloud">{t('notices.unreadMark')} </span>}
      {text}
    </span>
  )
  return (
    <li className={styles.line} data-unread={!notice.read || undefined}>
      <span className={styles.icon} aria-hidden="true">
        {icons[notice.event] ?? <AlertUrgentRegular />}
      </span>
      <div className={styles.words}>
        {place ? (
          <Link
            to={place.to}
            params={place.params as never}
            search={(place.search ?? {}) as never}
            className={`${styles.link}`}
            onClick={onOpen}
          >
            {words}
          </Link>
        ) : (
          words
        )}
        {detail && (
          <span className={styles.detail} dir="auto">
            {detail}
          </span>
        )}
        <NamedLeads notice={notice} onOpen={onOpen} />
        <span className={styles.time}>
          <RelativeTime instant={notice.at} />
        </span>
      </div>
      {!notice.read && (
        <Tooltip content={t('notices.markOne')} relationship="label">
          <Button
            appearance="subtle"
            size="small"
            className={`${styles.mark}`}
            icon={<CheckmarkRegular fontSize={16} />}
            onClick={onRead}
          />
        </Tooltip>
      )}
    </li>
  )
}

/** Where a notice gathers several, the last of them by name. */
function NamedLeads({ notice: { event, count, leads }, onOpen }: Pick<NoticeLineProps, 'notice' | 'onOpen'>) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const named = leads.filter(({ companyName }) => companyName !== null)
  if (count === 1 || named.length === 0) return null
  // Of other events a lead may stand for several of them.
  const more = event === 'lead.created' ? count - named.length : 0
  return (
    <span className={styles.detail} dir="auto">
      {named.map(({ id, companyName }, index) => (
        <span key={id}>
          {index > 0 && ', '}
          <Link to={paths.lead} params={{ operatorId: String(operatorId), leadId: id }} onClick={onOpen}>
            {companyName}
          </Link>
        </span>
      ))}
      {more > 0 && ` ${t('notices.more', { count: more, shown: more.toLocaleString() })}`}
    </span>
  )
}
