import { Button } from '@fluentui/react-components'
import { TaskListSquareLtrRegular } from '@fluentui/react-icons/svg/task-list-square-ltr'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, Outlet, useNavigate, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { isTaskOver, listTasks, type WireTask } from '../../api/tasks.ts'
import { paths } from '../../paths.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { TaskCounts, TaskProgress, TaskState } from '../../shell/task-view.tsx'
import { WorkTabs } from '../../shell/work-tabs.tsx'
import { Page, PlainTable } from '../../ui/page.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { EmptyState, LoadingRows } from '../../ui/states.tsx'
import styles from '../../ui/work.module.css'
import { TaskPanel } from './task-panel.tsx'

const GOING_POLL_MS = 1_000
const POLL_MS = 5_000

/** What people and clients have started: how far it is, what came of it. Source: portal.md 8; issue 5, 1. */
export function TasksPage() {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const { taskId } = useParams({ strict: false })
  const navigate = useNavigate()
  const tasks = useInfiniteQuery({
    queryKey: ['tasks', operatorId],
    queryFn: ({ pageParam, signal }) => listTasks(operatorId, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ data }) => data.some((task) => !isTaskOver(task))) ? GOING_POLL_MS : POLL_MS,
    staleTime: 0,
  })
  const listed = tasks.data?.pages.flatMap(({ data }) => data) ?? []
  return (
    <div className={styles.frame}>
      <Page title={t('tasks.title')} text={t('tasks.text')}>
        <WorkTabs current="tasks" />
        <ProblemNotice error={tasks.error} onRetry={() => void tasks.refetch()} />
        {tasks.isPending && <LoadingRows count={6} />}
        {tasks.data && listed.length === 0 && (
          <EmptyState icon={<TaskListSquareLtrRegular />} title={t('tasks.none')}>
            {t('tasks.noneText')}
          </EmptyState>
        )}
        {listed.length > 0 && <TaskTable tasks={listed} />}
        {tasks.hasNextPage && (
          <Button onClick={() => void tasks.fetchNextPage()} disabledFocusable={tasks.isFetchingNextPage}>
            {t('list.more')}
          </Button>
        )}
      </Page>
      {taskId && (
        <TaskPanel
          key={taskId}
          taskId={taskId}
          onClose={() => void navigate({ to: paths.tasks, params: { operatorId: String(operatorId) } })}
        />
      )}
      <Outlet />
    </div>
  )
}

function TaskTable({ tasks }: { tasks: WireTask[] }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  return (
    <PlainTable label={t('tasks.title')}>
      <thead>
        <tr>
          <th scope="col">{t('tasks.task')}</th>
          <th scope="col">{t('jobs.state')}</th>
          <th scope="col">{t('jobs.result')}</th>
          <th scope="col">{t('tasks.requestedBy')}</th>
          <th scope="col">{t('tasks.asked')}</th>
        </tr>
      </thead>
      <tbody>
        {tasks.map((task) => (
          <tr key={task.id}>
            <th scope="row">
              <Link to={paths.task} params={{ operatorId: String(operatorId), taskId: task.id }}>
                {task.title}
              </Link>
            </th>
            <td>
              {isTaskOver(task) || task.state === 'queued' ? <TaskState task={task} /> : <TaskProgress task={task} />}
            </td>
            <td>
              <TaskCounts task={task} />
            </td>
            <td>{task.requestedBy.name}</td>
            <td>
              <RelativeTime instant={task.createdAt} />
            </td>
          </tr>
        ))}
      </tbody>
    </PlainTable>
  )
}
