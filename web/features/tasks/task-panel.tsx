import { Button } from '@fluentui/react-components'
import { ArrowDownloadRegular } from '@fluentui/react-icons/svg/arrow-download'
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { TFunction } from 'i18next'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  changeTask,
  fetchTaskResults,
  getTask,
  isTaskOver,
  listTaskItems,
  type TaskWish,
  type WireTaskDetail,
  type WireTaskItem,
  watchTask,
} from '../../api/tasks.ts'
import { startDownload } from '../../shell/downloads.ts'
import { useOperator } from '../../shell/operator.ts'
import { PermittedButton } from '../../shell/permitted.tsx'
import { ProblemNotice, useFailureWords } from '../../shell/problem-notice.tsx'
import { TaskCounts, TaskError, TaskProgress, TaskState, TaskSteps } from '../../shell/task-view.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { durationText } from '../../ui/dates.ts'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { PanelBody, SidePanel } from '../../ui/side-panel.tsx'
import { Fact, Facts, LoadingRows } from '../../ui/states.tsx'
import { useToast } from '../../ui/toasts.tsx'
import styles from '../../ui/work.module.css'

const POLL_MS = 1_000

/** One task: how far it is, its steps, what came of each item, and what may be done with it. */
export function TaskPanel({ taskId, onClose }: { taskId: string; onClose: () => void }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const task = useQuery({
    queryKey: ['task', operatorId, taskId],
    queryFn: ({ signal }) => getTask(operatorId, taskId, signal),
    refetchInterval: ({ state }) => (state.data && isTaskOver(state.data) ? false : POLL_MS),
    staleTime: 0,
  })
  const title = task.data?.title ?? t('tasks.task')
  return (
    <SidePanel title={title} onClose={onClose} takesFocus={true}>
      <PanelBody label={title}>
        <ProblemNotice error={task.error} onRetry={() => void task.refetch()} />
        {task.isPending && <LoadingRows count={4} />}
        {task.data && <TaskFacts task={task.data} />}
      </PanelBody>
    </SidePanel>
  )
}

function TaskFacts({ task }: { task: WireTaskDetail }) {
  const { t } = useTranslation()
  return (
    <>
      <TaskState task={task} />
      {!isTaskOver(task) && <TaskProgress task={task} />}
      <TaskError error={task.error} />
      <TaskActions task={task} />
      <Facts>
        <Fact name={t('tasks.requestedBy')}>{task.requestedBy.name}</Fact>
        <Fact name={t('tasks.asked')}>
          <RelativeTime instant={task.createdAt} />
        </Fact>
        {task.durationSeconds !== null && <Fact name={t('tasks.took')}>{durationText(task.durationSeconds)}</Fact>}
        {task.undone && <Fact name={t('tasks.undone')}>{t(`tasks.undoReason.${task.undone}`)}</Fact>}
        <Fact name={t('tasks.id')}>{task.id}</Fact>
      </Facts>
      <h3 className={styles.heading}>{t('tasks.steps')}</h3>
      <TaskSteps task={task} />
      {task.items && <TaskItems task={task} />}
      {task.messages.length > 0 && (
        <>
          <h3 className={styles.heading}>{t('tasks.messages')}</h3>
          {task.messages.map((message) => (
            <div key={`${message.at} ${message.message}`} className={styles.entry}>
              <RelativeTime instant={message.at} /> · {message.message}
            </div>
          ))}
        </>
      )}
    </>
  )
}

const WISHES: TaskWish[] = ['cancel', 'retry', 'undo']

function TaskActions({ task }: { task: WireTaskDetail }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const client = useQueryClient()
  const toast = useToast()
  const words = useFailureWords()
  const actions = useRef<HTMLDivElement>(null)
  const [isUndoAsked, setIsUndoAsked] = useState(false)
  const change = useMutation({
    mutationFn: (wish: TaskWish) => changeTask(operatorId, task.id, wish),
    onSuccess: (changed) => {
      // Else whoever waits for its end takes the one before for it.
      client.setQueryData<WireTaskDetail>(
        ['task', operatorId, task.id],
        (before) => before && { ...before, ...changed },
      )
      // The button goes with what it did: the panel takes the focus, and Escape still closes it.
      actions.current?.closest<HTMLElement>('[role="dialog"]')?.focus()
      watchTask({ operatorId, taskId: task.id })
      return Promise.all([
        client.invalidateQueries({ queryKey: ['task', operatorId, task.id] }),
        client.invalidateQueries({ queryKey: ['tasks', operatorId] }),
      ])
    },
    onSettled: () => setIsUndoAsked(false),
    onError: (error) => {
      const { title, detail } = words(error)
      toast('error', title, detail)
    },
  })
  // What makes no sense now is not offered; what is refused for a reason stays, and says it.
  const offered = WISHES.filter((wish) => task.actions[wish].allowed || (wish === 'cancel' && !isTaskOver(task)))
  if (offered.length === 0) return null
  return (
    <div ref={actions} className={styles.actions}>
      {offered.map((wish) => (
        <PermittedButton
          key={wish}
          verdict={task.actions[wish]}
          disabledFocusable={change.isPending}
          onClick={() => (wish === 'undo' ? setIsUndoAsked(true) : change.mutate(wish))}
        >
          {t(`tasks.wish.${wish}`)}
        </PermittedButton>
      ))}
      {isUndoAsked && (
        <ConfirmDialog
          title={t('tasks.undoAsk')}
          action={t('tasks.wish.undo')}
          isBusy={change.isPending}
          onConfirm={() => change.mutate('undo')}
          onClose={() => setIsUndoAsked(false)}
        >
          {t('tasks.undoText')}
        </ConfirmDialog>
      )}
    </div>
  )
}

/** What stays although it was taken back, or failed, is what one looks for; all of it is in the file. */
function soughtItems({ failed, notUndone }: NonNullable<WireTaskDetail['items']>): 'not-undone' | 'failed' | undefined {
  if (notUndone > 0) return 'not-undone'
  return failed > 0 ? 'failed' : undefined
}

function itemWord(t: TFunction, { undone, code, state }: WireTaskItem): string {
  if (undone) return t('tasks.item.undone')
  return code === 'not-undone' ? t('tasks.item.notUndone', { count: 1 }) : t(`tasks.item.${state}`)
}

function TaskItems({ task }: { task: WireTaskDetail }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const state = task.items ? soughtItems(task.items) : undefined
  const items = useInfiniteQuery({
    queryKey: ['task-items', operatorId, task.id, state, task.items?.pending, task.finishedAt],
    queryFn: ({ pageParam, signal }) => listTaskItems(operatorId, task.id, { state, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: (before) => before,
  })
  const save = () =>
    void startDownload({
      fileName: `${task.id}.csv`,
      unit: 'entries',
      help: null,
      begin: (signal) => fetchTaskResults(operatorId, task.id, signal),
    })
  const listed = items.data?.pages.flatMap(({ data }) => data) ?? []
  return (
    <>
      <h3 className={styles.heading}>{t('tasks.items')}</h3>
      <p>
        <TaskCounts task={task} />
      </p>
      <Button size="small" icon={<ArrowDownloadRegular />} onClick={save}>
        {t('tasks.results')}
      </Button>
      <ProblemNotice error={items.error} onRetry={() => void items.refetch()} />
      {listed.map((item) => (
        <div key={item.number} className={styles.entry}>
          <div className={styles.entryHead}>
            <span dir="auto">{item.objectName ?? item.objectId}</span>
            <span className={styles.quiet}>{itemWord(t, item)}</span>
          </div>
          {item.message && <p>{item.message}</p>}
        </div>
      ))}
      {items.hasNextPage && (
        <Button onClick={() => void items.fetchNextPage()} disabledFocusable={items.isFetchingNextPage}>
          {t('list.more')}
        </Button>
      )}
    </>
  )
}
