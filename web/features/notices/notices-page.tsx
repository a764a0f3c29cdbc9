import { Button, Switch } from '@fluentui/react-components'
import { AlertRegular } from '@fluentui/react-icons/svg/alert'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { NOTICES_KEPT_DAYS } from '../../api/notices.ts'
import { paths } from '../../paths.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { Page } from '../../ui/page.tsx'
import { EmptyState, LoadingRows } from '../../ui/states.tsx'
import '../../words/en-notices.ts'
import { NoticeLine } from './notice-line.tsx'
import { allNoticesQuery, useMarkRead } from './notice-queries.ts'
import styles from './notices.module.css'

/** Every notice that is kept. What people here did themselves is in Activity. */
export function NoticesPage() {
  const { t } = useTranslation()
  const { operatorId, can } = useOperator()
  const params = { operatorId: String(operatorId) }
  const [onlyUnread, setOnlyUnread] = useState(false)
  const notices = useInfiniteQuery(allNoticesQuery(operatorId, onlyUnread))
  const read = useMarkRead()
  const listed = notices.data?.pages.flatMap(({ data }) => data) ?? []
  const unread = notices.data?.pages[0]?.unread ?? 0
  return (
    <Page
      narrow
      title={t('notices.title')}
      text={
        <>
          {t('notices.text', { count: NOTICES_KEPT_DAYS })}{' '}
          {can('journal.read') && (
            <Link to={paths.activity} params={params} className={`${styles.more}`}>
              {t('notices.activity')}
            </Link>
          )}
        </>
      }
      actions={
        <>
          <Switch
            label={t('notices.onlyUnread')}
            checked={onlyUnread}
            onChange={(_, { checked }) => setOnlyUnread(checked)}
          />
          <Button
            disabledFocusable={unread === 0 || read.isPending}
            onClick={() => read.mutate({ upTo: listed[0]?.position ?? 0 })}
          >
            {t('notices.markAll')}
          </Button>
        </>
      }
    >
      <ProblemNotice error={read.error ?? notices.error} onRetry={() => void notices.refetch()} />
      {notices.isPending && <LoadingRows count={8} />}
      {notices.data && listed.length === 0 && (
        <EmptyState icon={<AlertRegular />} title={t(onlyUnread ? 'notices.allRead' : 'notices.none')}>
          {t(onlyUnread ? 'notices.allReadText' : 'notices.noneText')}
        </EmptyState>
      )}
      {listed.length > 0 && (
        <ul className={`${styles.list} ${styles.paged}`} aria-label={t('notices.title')}>
          {listed.map((notice) => {
            const markRead = () => read.mutate({ noticeIds: [notice.id] })
            const open = notice.read ? () => {} : markRead
            return <NoticeLine key={notice.id} notice={notice} onOpen={open} onRead={markRead} />
          })}
        </ul>
      )}
      {notices.hasNextPage && (
        <Button onClick={() => void notices.fetchNextPage()} disabledFocusable={notices.isFetchingNextPage}>
          {t('list.more')}
        </Button>
      )}
    </Page>
  )
}
