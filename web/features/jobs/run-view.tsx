import { ProgressBar } from '@fluentui/react-components'
import { ArrowSyncRegular } from '@fluentui/react-icons/svg/arrow-sync'
import { CheckmarkCircleRegular } from '@fluentui/react-icons/svg/checkmark-circle'
import { ErrorCircleRegular } from '@fluentui/react-icons/svg/error-circle'
import { HourglassRegular } from '@fluentui/react-icons/svg/hourglass'
import { SubtractCircleRegular } from '@fluentui/react-icons/svg/subtract-circle'
import type { ReactElement } from 'react'
import { useTranslation } from 'react-i18next'
import type { WireJobRun } from '../../api/jobs.ts'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { useRunWords } from '../../ui/run-words.ts'
import { StatusPill, type Tone } from '../../ui/status-pill.tsx'
import styles from '../../ui/work.module.css'

const looks: Record<WireJobRun['state'], { tone: Tone; icon: ReactElement }> = {
  queued: { tone: 'quiet', icon: <HourglassRegular /> },
  running: { tone: 'wait', icon: <ArrowSyncRegular /> },
  succeeded: { tone: 'good', icon: <CheckmarkCircleRegular /> },
  failed: { tone: 'bad', icon: <ErrorCircleRegular /> },
  cancelled: { tone: 'quiet', icon: <SubtractCircleRegular /> },
}

export function RunState({ run }: { run: WireJobRun }) {
  const { t } = useTranslation()
  return <StatusPill {...looks[run.state]}>{t(`run.state.${run.state}`)}</StatusPill>
}

/** How far a run is; only for one that is going. */
export function RunProgress({ run }: { run: WireJobRun }) {
  const { t } = useTranslation()
  const words = useRunWords()
  const text = words(run)
  const share = run.done !== null && run.total ? Math.min(1, run.done / run.total) : undefined
  return (
    <div className={styles.progress}>
      <ProgressBar aria-label={t('run.progress')} {...(share !== undefined && { value: share })} thickness="large" />
      <span>{text}</span>
    </div>
  )
}

/** "250 listed, 3 changed": what came of it, without the zeros. */
export function RunCounts({ run }: { run: WireJobRun }) {
  const { t } = useTranslation()
  // Spans of time among them are for those who measure, in the API.
  const counts = Object.entries(run.counts).filter(([name, count]) => count !== 0 && !name.endsWith('Ms'))
  if (counts.length === 0)
    return <span className={styles.quiet}>{run.state === 'succeeded' ? t('run.nothing') : '–'}</span>
  return (
    <>
      {counts
        .map(([name, count]) => `${count.toLocaleString()} ${t(`run.count.${name as 'new'}`, { defaultValue: name })}`)
        .join(', ')}
    </>
  )
}

/** What went wrong, what to do, and when it is tried again. */
export function RunError({ run }: { run: WireJobRun }) {
  const { t } = useTranslation()
  if (!run.error) return null
  return (
    <div className={styles.error}>
      <strong>{run.error.message}</strong>
      <p>{run.error.remedy}</p>
      {run.error.retryAt && (
        <p>
          {t('run.retry')} <RelativeTime instant={run.error.retryAt} />
        </p>
      )}
      <p className={styles.quiet}>{run.error.code}</p>
    </div>
  )
}
