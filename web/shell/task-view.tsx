import { ProgressBar } from '@fluentui/react-components'
import { ArrowSyncRegular } from '@fluentui/react-icons/svg/arrow-sync'
import { ArrowUndoRegular } from '@fluentui/react-icons/svg/arrow-undo'
import { CheckmarkCircleRegular } from '@fluentui/react-icons/svg/checkmark-circle'
import { ErrorCircleRegular } from '@fluentui/react-icons/svg/error-circle'
import { HourglassRegular } from '@fluentui/react-icons/svg/hourglass'
import { SubtractCircleRegular } from '@fluentui/react-icons/svg/subtract-circle'
import { WarningRegular } from '@fluentui/react-icons/svg/warning'
import type { ReactElement } from 'react'
import { useTranslation } from 'react-i18next'
import { isTaskOver, type WireTask, type WireTaskDetail } from '../api/tasks.ts'
import { durationText } from '../ui/dates.ts'
import { RelativeTime } from '../ui/relative-time.tsx'
import { StatusPill, type Tone } from '../ui/status-pill.tsx'
import styles from '../ui/work.module.css'
import { countWords, stateWord } from './task-words.ts'

const looks: Record<WireTask['state'], { tone: Tone; icon: ReactElement }> = {
  queued: { tone: 'quiet', icon: <HourglassRegular /> },
  running: { tone: 'wait', icon: <ArrowSyncRegular /> },
  waiting: { tone: 'wait', icon: <HourglassRegular /> },
  undoing: { tone: 'warn', icon: <ArrowUndoRegular /> },
  succeeded: { tone: 'good', icon: <CheckmarkCircleRegular /> },
  partial: { tone: 'warn', icon: <WarningRegular /> },
  failed: { tone: 'bad', icon: <ErrorCircleRegular /> },
  cancelled: { tone: 'quiet', icon: <SubtractCircleRegular /> },
  stuck: { tone: 'bad', icon: <ErrorCircleRegular /> },
}

export function TaskState({ task }: { task: WireTask }) {
  const { t } = useTranslation()
  return <StatusPill {...looks[task.state]}>{t(`tasks.state.${stateWord(task)}`)}</StatusPill>
}

/** How far a task is, what it is at, and how long still; only for one that goes on. */
export function TaskProgress({ task }: { task: WireTask }) {
  const { t } = useTranslation()
  const { done, total, unit, remainingSeconds } = task.progress
  const parts = [
    task.step?.title,
    t('run.of', { done: done.toLocaleString(), total: total.toLocaleString(), unit }),
  ].filter(Boolean)
  const far = parts.join(' · ')
  return (
    <div className={styles.progress}>
      <ProgressBar
        aria-label={t('run.progress')}
        value={total === 0 ? 0 : Math.min(1, done / total)}
        thickness="large"
      />
      <span>
        {remainingSeconds === null ? far : t('run.left', { far, time: durationText(Math.max(1, remainingSeconds)) })}
      </span>
      {task.waiting && <TaskWaiting waiting={task.waiting} />}
    </div>
  )
}

function TaskWaiting({ waiting }: { waiting: NonNullable<WireTask['waiting']> }) {
  const { t } = useTranslation()
  return (
    <span className={styles.quiet}>
      {waiting.reason}
      {waiting.until && (
        <>
          {' · '}
          {t('tasks.looksAgain')} <RelativeTime instant={waiting.until} />
        </>
      )}
    </span>
  )
}

/** "1,232 done, 2 failed": what came of its items, without the zeros. */
export function TaskCounts({ task }: { task: WireTask }) {
  const { t } = useTranslation()
  const { items } = task
  if (!items) return <span className={styles.quiet}>–</span>
  return <>{countWords(t, items)}</>
}

/** What went wrong, and what to do. */
export function TaskError({ error }: { error: WireTask['error'] }) {
  if (!error) return null
  return (
    <div className={styles.error}>
      <strong>{error.message}</strong>
      <p>{error.remedy}</p>
      <p className={styles.quiet}>{error.code}</p>
    </div>
  )
}

const stepLooks: Record<WireTaskDetail['steps'][number]['state'], { tone: Tone; icon: ReactElement }> = {
  pending: { tone: 'quiet', icon: <HourglassRegular /> },
  running: looks.running,
  waiting: looks.waiting,
  succeeded: looks.succeeded,
  failed: looks.failed,
  undoing: looks.undoing,
  undone: { tone: 'quiet', icon: <ArrowUndoRegular /> },
  'undo-failed': looks.stuck,
}

/** Every step with its state, its time and what went wrong. */
export function TaskSteps({ task }: { task: WireTaskDetail }) {
  const { t } = useTranslation()
  return (
    <ol className={styles.steps}>
      {task.steps.map((step) => (
        <li key={step.name} className={styles.entry}>
          <div className={styles.entryHead}>
            <span>{step.title}</span>
            <StatusPill {...stepLooks[step.state]}>{t(`tasks.step.${step.state}`)}</StatusPill>
          </div>
          {(step.durationSeconds !== null || step.attempts > 1) && (
            <p className={styles.quiet}>
              {step.durationSeconds !== null && durationText(step.durationSeconds)}
              {step.attempts > 1 && ` · ${t('run.attempts', { count: step.attempts })}`}
            </p>
          )}
          {!isTaskOver(task) && <TaskError error={step.error} />}
        </li>
      ))}
    </ol>
  )
}
