import { Spinner } from '@fluentui/react-components'
import { PlayRegular } from '@fluentui/react-icons/svg/play'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, Outlet, useNavigate, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { startJobRun, type WireJob } from '../../api/jobs.ts'
import { jobsQuery } from '../../api/queries.ts'
import { paths } from '../../paths.ts'
import { useOperator } from '../../shell/operator.ts'
import { PermittedButton } from '../../shell/permitted.tsx'
import { ProblemNotice, useFailureWords } from '../../shell/problem-notice.tsx'
import { WorkTabs } from '../../shell/work-tabs.tsx'
import { durationText } from '../../ui/dates.ts'
import { Page, PlainTable } from '../../ui/page.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { LoadingRows } from '../../ui/states.tsx'
import { useToast } from '../../ui/toasts.tsx'
import styles from '../../ui/work.module.css'
import { JobPanel } from './job-panel.tsx'
import { RunCounts, RunProgress, RunState } from './run-view.tsx'
import { StopRun } from './stop-run.tsx'
import { UndeliveredEvents } from './undelivered-events.tsx'

/** Every job by name: schedule, how it is going, what came of it, and Run now. Source: seed 000, Synchronization. */
export function JobsPage() {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const { jobName } = useParams({ strict: false })
  const navigate = useNavigate()
  const jobs = useQuery(jobsQuery(operatorId))
  const open = jobs.data?.find(({ name }) => name === jobName)
  return (
    <div className={styles.frame}>
      <Page title={t('navigation.jobs')} text={t('jobs.text')}>
        <WorkTabs current="jobs" />
        <ProblemNotice error={jobs.error} onRetry={() => void jobs.refetch()} />
        {jobs.isPending && <LoadingRows count={4} />}
        {jobs.data && <UndeliveredEvents />}
        {jobs.data && (
          <PlainTable label={t('navigation.jobs')}>
            <thead>
              <tr>
                <th scope="col">{t('jobs.name')}</th>
                <th scope="col">{t('jobs.schedule')}</th>
                <th scope="col">{t('jobs.state')}</th>
                <th scope="col">{t('jobs.result')}</th>
                <th scope="col">{t('jobs.lastRun')}</th>
                <th scope="col">{t('jobs.nextRun')}</th>
                <th scope="col">
                  <span className="only-read-aloud">{t('jobs.actions')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {jobs.data.map((job) => (
                <JobRow key={job.name} job={job} />
              ))}
            </tbody>
          </PlainTable>
        )}
      </Page>
      {jobName && jobs.data && (
        <JobPanel
          name={jobName}
          job={open}
          onClose={() => void navigate({ to: paths.jobs, params: { operatorId: String(operatorId) } })}
        />
      )}
      <Outlet />
    </div>
  )
}

function JobRow({ job }: { job: WireJob }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const run = job.currentRun ?? job.lastRun
  return (
    <tr>
      <th scope="row">
        <Link to={paths.job} params={{ operatorId: String(operatorId), jobName: job.name }}>
          {job.name}
        </Link>
        <small>{job.summary}</small>
      </th>
      <td>
        {job.everySeconds === null ? t('jobs.onDemand') : t('jobs.every', { time: durationText(job.everySeconds) })}
      </td>
      <td>{run?.state === 'running' ? <RunProgress run={run} /> : run ? <RunState run={run} /> : t('jobs.never')}</td>
      <td>{run ? <RunCounts run={run} /> : '–'}</td>
      <td>{job.lastRun?.finishedAt ? <RelativeTime instant={job.lastRun.finishedAt} /> : '–'}</td>
      <td>{job.nextRunAt ? <RelativeTime instant={job.nextRunAt} /> : '–'}</td>
      <td>
        {job.currentRun?.state === 'running' ? <StopRun job={job.name} run={job.currentRun} /> : <RunNow job={job} />}
      </td>
    </tr>
  )
}

export function RunNow({ job }: { job: WireJob }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const client = useQueryClient()
  const toast = useToast()
  const words = useFailureWords()
  const start = useMutation({
    mutationFn: () => startJobRun(operatorId, job.name),
    onSuccess: () => client.invalidateQueries({ queryKey: ['jobs', operatorId] }),
    onError: (error) => {
      const { title, detail } = words(error)
      toast('error', title, detail)
    },
  })
  const isGoing = start.isPending || job.currentRun?.state === 'running'
  return (
    <PermittedButton
      size="small"
      permission="jobs.run"
      icon={isGoing ? <Spinner size="extra-tiny" /> : <PlayRegular />}
      disabledFocusable={isGoing}
      aria-label={t('jobs.runJob', { name: job.name })}
      onClick={() => start.mutate()}
    >
      {t('jobs.runNow')}
    </PermittedButton>
  )
}
