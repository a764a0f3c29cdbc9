import { useRouter } from '@tanstack/react-router'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { type WatchedTask, type WireTask, watchTask } from '../api/tasks.ts'
import { paths } from '../paths.ts'
import { type ToastIntent, useToast } from '../ui/toasts.tsx'

/** Says something about a task, and leads to it. What is said later takes the place of what was said before. */
export function useTaskToast(): (task: WatchedTask, intent: ToastIntent, title: string, detail?: string) => void {
  const { t } = useTranslation()
  const toast = useToast()
  const router = useRouter()
  return useCallback(
    ({ operatorId, taskId }, intent, title, detail) => {
      const place = { to: paths.task, params: { operatorId: String(operatorId), taskId } } as const
      const link = {
        words: t('tasks.open'),
        href: router.buildLocation(place).href,
        open: () => void router.navigate(place),
      }
      toast(intent, title, detail, { about: taskId, link })
    },
    [t, toast, router],
  )
}

/** Says that a task has been started. Its end is told wherever one is by then. */
export function useTaskStarted(): (operatorId: number, task: WireTask) => void {
  const { t } = useTranslation()
  const toast = useTaskToast()
  return useCallback(
    (operatorId, { id, title }) => {
      const watched = { operatorId, taskId: id }
      watchTask(watched)
      toast(watched, 'info', t('tasks.started', { title }), t('tasks.startedText'))
    },
    [t, toast],
  )
}
