import { Button } from '@fluentui/react-components'
import { AlertRegular } from '@fluentui/react-icons/svg/alert'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { paths } from '../../paths.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { EmptyState, LoadingRows } from '../../ui/states.tsx'
import '../../words/en-notices.ts'
import { NoticeLine } from './notice-line.tsx'
import { latestNoticesQuery, useMarkRead } from './notice-queries.ts'
import styles from './notices.module.css'

/** The last notices, below the bell. */
export function NoticePanel({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const notices = useQuery(latestNoticesQuery(operatorId))
  const read = useMarkRead()
  const { data = [], unread = 0 } = notices.data ?? {}
  const newest = data[0]?.position ?? 0
  return (
    <div className={styles.panel}>
      <header className={styles.head}>
        <h2>{t('notices.title')}</h2>
        <Button
          size="small"
          appearance="subtle"
          disabledFocusable={unread === 0 || read.isPending}
          onClick={() => read.mutate({ upTo: newest })}
        >
          {t('notices.markAll')}
        </Button>
      </header>
      <ProblemNotice error={read.error ?? notices.error} onRetry={() => void notices.refetch()} />
      {notices.isPending && <LoadingRows count={4} />}
      {notices.data && data.length === 0 && (
        <EmptyState icon={<AlertRegular />} title={t('notices.none')}>
          {t('notices.noneText')}
        </EmptyState>
      )}
      {data.length > 0 && (
        <ul className={styles.list} aria-label={t('notices.title')}>
          {data.map((notice) => {
            const markRead = () => read.mutate({ noticeIds: [notice.id] })
            const open = () => {
              if (!notice.read) markRead()
              onClose()
            }
            return <NoticeLine key={notice.id} notice={notice} onOpen={open} onRead={markRead} />
          })}
        </ul>
      )}
      <footer className={styles.foot}>
        <Link to={paths.notices} params={{ operatorId: String(operatorId) }} onClick={onClose}>
          {t('notices.showAll')}
        </Link>
      </footer>
    </div>
  )
}
