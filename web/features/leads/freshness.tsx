import { Button, Link as FluentLink, Spinner, Tooltip } from '@fluentui/react-components'
import { ArrowSyncRegular } from '@fluentui/react-icons/svg/arrow-sync'
import { WarningRegular } from '@fluentui/react-icons/svg/warning'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { memo, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { SYNC_LEADS_JOB, startJobRun, type WireJob, type WireJobRun } from '../../api/jobs.ts'
import { jobsQuery } from '../../api/queries.ts'
import { paths } from '../../paths.ts'
import { useOperator } from '../../shell/operator.ts'
import { useFailureWords } from '../../shell/problem-notice.tsx'
import { connectionQuery } from '../../shell/sandbox.ts'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { useRunWords } from '../../ui/run-words.ts'
import { useToast } from '../../ui/toasts.tsx'
import styles from './leads.module.css'

/** When the leads were last fetched from Microsoft, how a sync is going, and Sync now. */
export const Freshness = memo(function Freshness() {
  const { t } = useTranslation()
  const operator = useOperator()
  const mayRead = operator.isWholeOperator && operator.can('jobs.read')
  const jobs = useQuery({ ...jobsQuery(operator.operatorId), enabled: mayRead })
  const sync = jobs.data?.find(({ name }) => name === SYNC_LEADS_JOB)
  const connection = useQuery(connectionQuery(operator)).data
  if (!mayRead || !sync) return null
  // A sync of nothing succeeds; saying so would hide what is to be done.
  if (connection?.configured === false) return <div className={styles.freshness}>{t('sync.notConnected')}</div>
  return (
    <div className={styles.freshness}>
      <SyncState job={sync} />
      <SyncNow job={sync} />
    </div>
  )
})

function SyncState({ job: { currentRun, lastRun } }: { job: WireJob }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const progress = useRunWords()
  const isShown = currentRun && (currentRun.state === 'running' || currentRun.trigger !== 'schedule')
  const hasFailed = lastRun?.state === 'failed' || (currentRun?.error ?? null) !== null
  return (
    <span role="status" style={{ display: 'inline-flex', alignItems: 'center', gap: 6 }}>
      {hasFailed ? (
        <>
          <WarningRegular aria-hidden="true" fontSize={16} />
          <FailedSync run={currentRun?.error ? currentRun : lastRun} operatorId={operatorId} />
        </>
      ) : isShown && (currentRun.durationSeconds ?? 0) >= 1 ? (
        <>
          <Spinner size="extra-tiny" aria-hidden="true" />
          {t('sync.running', { progress: progress(currentRun) })}
        </>
      ) : lastRun?.finishedAt ? (
        <>
          {t('sync.synced')} <RelativeTime instant={lastRun.finishedAt} />
        </>
      ) : (
        t('sync.never')
      )}
    </span>
  )
}

function FailedSync({ run, operatorId }: { run: WireJobRun | null; operatorId: number }) {
  const { t } = useTranslation()
  return (
    <Tooltip content={[run?.error?.message, run?.error?.remedy].filter(Boolean).join(' ')} relationship="description">
      <Link to={paths.job} params={{ operatorId: String(operatorId), jobName: SYNC_LEADS_JOB }}>
        <FluentLink as="span">{t('sync.failed')}</FluentLink>
      </Link>
    </Tooltip>
  )
}

function SyncNow({ job }: { job: WireJob }) {
  const { t } = useTranslation()
  const operator = useOperator()
  const client = useQueryClient()
  const toast = useToast()
  const words = useFailureWords()
  const started = useRef<string | null>(null)
  const start = useMutation({
    mutationFn: () => startJobRun(operator.operatorId, SYNC_LEADS_JOB),
    onSuccess: (run) => {
      started.current = run.id
      void client.invalidateQueries({ queryKey: ['jobs', operator.operatorId] })
    },
    onError: (error) => {
      const { title, detail } = words(error)
      toast('error', title, detail)
    },
  })
  const { lastRun, currentRun } = job
  useEffect(() => {
    if (!lastRun || lastRun.id !== started.current) return
    started.current = null
    if (lastRun.state !== 'succeeded') return
    const { new: added = 0, changed = 0, removed = 0 } = lastRun.counts
    toast('success', t('sync.done'), t('sync.counts', { added, changed, removed }))
  }, [lastRun, toast, t])
  const isGoing = start.isPending || started.current !== null || currentRun?.state === 'running'
  const mayRun = operator.can('jobs.run')
  const button = (
    <Button
      size="small"
      icon={isGoing ? <Spinner size="extra-tiny" /> : <ArrowSyncRegular fontSize={16} />}
      disabledFocusable={!mayRun || isGoing}
      onClick={() => start.mutate()}
    >
      {t('sync.now')}
    </Button>
  )
  if (mayRun) return button
  return (
    <Tooltip content={t('permission.missing', { permission: 'jobs.run' })} relationship="description">
      {button}
    </Tooltip>
  )
}
