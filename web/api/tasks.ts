import type { WireItemFilter, WireTask, WireTaskDetail, WireTaskItem } from '../../contract/tasks.ts'
import { Watched } from '../ui/watched.ts'
import { call, callStream, type Streamed } from './call.ts'

export type { WireItemFilter, WireTask, WireTaskDetail, WireTaskItem, WireTaskState } from '../../contract/tasks.ts'

export type TaskPage = { data: WireTask[]; nextCursor: string | null }
export type TaskItemPage = { data: WireTaskItem[]; nextCursor: string | null }

export function listTasks(operatorId: number, cursor: string | undefined, signal: AbortSignal): Promise<TaskPage> {
  return call('GET', '/api/v4/tasks', { operatorId, query: { cursor, pageSize: 50 }, signal })
}

export function getTask(operatorId: number, taskId: string, signal: AbortSignal): Promise<WireTaskDetail> {
  return call('GET', `/api/v4/tasks/${encodeURIComponent(taskId)}`, { operatorId, signal })
}

export function listTaskItems(
  operatorId: number,
  taskId: string,
  { state, cursor }: { state: WireItemFilter | undefined; cursor: string | undefined },
  signal: AbortSignal,
): Promise<TaskItemPage> {
  const query = { state, cursor, pageSize: 100 }
  return call('GET', `/api/v4/tasks/${encodeURIComponent(taskId)}/items`, { operatorId, query, signal })
}

export type TaskWish = 'cancel' | 'retry' | 'undo'

export function changeTask(operatorId: number, taskId: string, wish: TaskWish): Promise<WireTask> {
  return call('POST', `/api/v4/tasks/${encodeURIComponent(taskId)}/${wish}`, { operatorId })
}

/** The results of all items, a line each. */
export function fetchTaskResults(operatorId: number, taskId: string, signal: AbortSignal): Promise<Streamed> {
  const path = `/api/v4/tasks/${encodeURIComponent(taskId)}/results.csv`
  return callStream(path, { operatorId, signal, accept: 'text/csv' })
}

export type WatchedTask = { operatorId: number; taskId: string }

/** Tasks that somebody has started or changed in this window, and whose end is told wherever he is by then. */
export const watchedTasks = new Watched<readonly WatchedTask[]>([])

/** Call it with every task that is started: its end is then told by a toast. */
export function watchTask(task: WatchedTask): void {
  if (watchedTasks.get().some(({ taskId }) => taskId === task.taskId)) return
  watchedTasks.set([...watchedTasks.get(), task])
}

export function forgetTask(taskId: string): void {
  watchedTasks.set(watchedTasks.get().filter((task) => task.taskId !== taskId))
}

const OVER: ReadonlySet<string> = new Set(['succeeded', 'partial', 'failed', 'cancelled', 'stuck'])

export function isTaskOver({ state }: Pick<WireTask, 'state'>): boolean {
  return OVER.has(state)
}
