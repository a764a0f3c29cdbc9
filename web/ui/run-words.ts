import { useTranslation } from 'react-i18next'
import { durationText } from './dates.ts'

/** How far work is: as the API tells it of a run. */
export type Progress = {
  state: string
  phase: string | null
  done: number | null
  total: number | null
  unit: string | null
  remainingSeconds: number | null
}

/** "listing 4,000 of 10,000 leads, 3 sec left". */
export function useRunWords(): (progress: Progress) => string {
  const { t } = useTranslation()
  return ({ state, phase, done, total, unit, remainingSeconds }) => {
    if (state === 'queued') return t('run.queued')
    const parts: string[] = []
    if (phase) parts.push(phase)
    if (done !== null && total !== null)
      parts.push(t('run.of', { done: done.toLocaleString(), total: total.toLocaleString(), unit: unit ?? '' }).trim())
    else if (done !== null) parts.push(`${done.toLocaleString()} ${unit ?? ''}`.trim())
    const far = parts.join(' ')
    return remainingSeconds === null ? far : t('run.left', { far, time: durationText(Math.max(1, remainingSeconds)) })
  }
}
