import { Button } from '@fluentui/react-components'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { listJobRuns, type WireJob, type WireJobRun } from '../../api/jobs.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { durationText } from '../../ui/dates.ts'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { PanelBody, SidePanel } from '../../ui/side-panel.tsx'
import { Fact, Facts, LoadingRows } from '../../ui/states.tsx'
import styles from '../../ui/work.module.css'
import { RunCounts, RunError, RunProgress, RunState } from './run-view.tsx'
import { StopRun } from './stop-run.tsx'

/** One job: what it does, how it is going, and the runs before. */
export function JobPanel({ name, job, onClose }: { name: string; job: WireJob | undefined; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <SidePanel title={name} onClose={onClose} takesFocus={true}>
      <PanelBody label={name}>
        {job ? (
          <>
            <Facts>
              <Fact name={t('jobs.what')}>{job.summary}</Fact>
              <Fact name={t('jobs.schedule')}>
                {job.everySeconds === null
                  ? t('jobs.onDemand')
                  : t('jobs.every', { time: durationText(job.everySeconds) })}
              </Fact>
              <Fact name={t('jobs.timeout')}>{durationText(job.timeoutSeconds)}</Fact>
              {job.nextRunAt && (
                <Fact name={t('jobs.nextRun')}>
                  <RelativeTime instant={job.nextRunAt} />
                </Fact>
              )}
            </Facts>
            <h3 className={styles.heading}>{t('jobs.history')}</h3>
            <RunHistory job={job} />
          </>
        ) : (
          <p>{t('jobs.unknown')}</p>
        )}
      </PanelBody>
    </SidePanel>
  )
}

function RunHistory({ job }: { job: WireJob }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const runs = useInfiniteQuery({
    // Anew with every run that begins or ends.
    queryKey: ['runs', operatorId, job.name, job.lastRun?.id, job.currentRun?.id],
    queryFn: ({ pageParam, signal }) => listJobRuns(operatorId, job.name, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: (before) => before,
  })
  if (runs.isPending) return <LoadingRows count={4} />
  if (runs.isError) return <ProblemNotice error={runs.error} onRetry={() => void runs.refetch()} />
  const going = job.currentRun
  const listed = runs.data.pages.flatMap(({ data }) => data).map((run) => (run.id === going?.id ? going : run))
  if (listed.length === 0) return <p>{t('jobs.never')}</p>
  return (
    <>
      {listed.map((run) => (
        <RunEntry key={run.id} job={job.name} run={run} />
      ))}
      {runs.hasNextPage && (
        <Button onClick={() => void runs.fetchNextPage()} disabledFocusable={runs.isFetchingNextPage}>
          {t('list.more')}
        </Button>
      )}
    </>
  )
}

function RunEntry({ job, run }: { job: string; run: WireJobRun }) {
  const { t } = useTranslation()
  return (
    <article className={styles.entry}>
      <div className={styles.entryHead}>
        <RunState run={run} />
        <RelativeTime instant={run.startedAt ?? run.queuedAt} />
      </div>
      {run.state === 'running' && <RunProgress run={run} />}
      {(run.state === 'running' || run.state === 'queued') && <StopRun job={job} run={run} />}
      <p>
        <RunCounts run={run} />
        {run.durationSeconds !== null && <span className={styles.quiet}> · {durationText(run.durationSeconds)}</span>}
      </p>
      <p className={styles.quiet}>
        {t(`run.trigger.${run.trigger}`, { who: run.requestedBy })}
        {run.attempts > 1 && ` · ${t('run.attempts', { count: run.attempts })}`}
      </p>
      <RunError run={run} />
    </article>
  )
}
