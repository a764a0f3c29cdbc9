import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { forgetTask, getTask, isTaskOver, type WatchedTask, watchedTasks } from '../api/tasks.ts'
import { useWatched } from '../ui/watched.ts'
import { countWords, stateWord } from './task-words.ts'
import { useTaskToast } from './use-task-toast.ts'

const POLL_MS = 1_000

/** Tells the end of each task that was started in this window, wherever one is by then; once in the page. */
export function TaskWatcher() {
  const tasks = useWatched(watchedTasks)
  return tasks.map((task) => <EndOfTask key={task.taskId} {...task} />)
}

function EndOfTask({ operatorId, taskId }: WatchedTask) {
  const { t } = useTranslation()
  const toast = useTaskToast()
  const client = useQueryClient()
  const task = useQuery({
    queryKey: ['task', operatorId, taskId],
    queryFn: ({ signal }) => getTask(operatorId, taskId, signal),
    refetchInterval: POLL_MS,
    staleTime: 0,
  })
  const { data, isError } = task
  useEffect(() => {
    // Gone, or not ours any more: nobody waits for it.
    if (isError) forgetTask(taskId)
    if (!data || !isTaskOver(data)) return
    forgetTask(taskId)
    const { state, items, error, title } = data
    toast(
      { operatorId, taskId },
      state === 'succeeded' ? 'success' : state === 'cancelled' ? 'info' : 'error',
      `${title}: ${t(`tasks.state.${stateWord(data)}`)}`,
      error?.message ?? (items ? countWords(t, items) : undefined),
    )
    void client.invalidateQueries({
      predicate: ({ queryKey }) => queryKey[0] !== 'task' && queryKey.includes(operatorId),
    })
  }, [data, isError, taskId, operatorId, client, toast, t])
  return null
}
