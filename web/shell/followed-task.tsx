import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { getTask, isTaskOver } from '../api/tasks.ts'
import { paths } from '../paths.ts'
import { LoadingRows } from '../ui/states.tsx'
import { useOperator } from './operator.ts'
import { ProblemNotice } from './problem-notice.tsx'
import styles from './service-dialog.module.css'
import { TaskError, TaskProgress, TaskState, TaskSteps } from './task-view.tsx'
import '../words/en-services.ts'

const POLL_MS = 1_000

/** A task as it goes on, for whoever has just started it: its steps, and where it is found again. */
export function FollowedTask({ taskId, onLeave }: { taskId: string; onLeave: () => void }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const task = useQuery({
    queryKey: ['task', operatorId, taskId],
    queryFn: ({ signal }) => getTask(operatorId, taskId, signal),
    refetchInterval: ({ state }) => (state.data && isTaskOver(state.data) ? false : POLL_MS),
    staleTime: 0,
  })
  return (
    <div aria-live="polite" className={styles.task}>
      <ProblemNotice error={task.error} onRetry={() => void task.refetch()} />
      {task.isPending && <LoadingRows count={4} />}
      {task.data && (
        <>
          <TaskState task={task.data} />
          {!isTaskOver(task.data) && <TaskProgress task={task.data} />}
          <TaskError error={task.data.error} />
          <TaskSteps task={task.data} />
          <p>
            {!isTaskOver(task.data) && `${t('license.task.goesOn')} `}
            <Link to={paths.task} params={{ operatorId: String(operatorId), taskId }} onClick={onLeave}>
              {t('tasks.open')}
            </Link>
          </p>
        </>
      )}
    </div>
  )
}
