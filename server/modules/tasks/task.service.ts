import { Readable } from 'node:stream'
import {
  TASK_ITEMS_PAGE_SIZE_DEFAULT,
  TASKS_PAGE_SIZE_DEFAULT,
  taskCsvColumns,
  taskStates,
  type WireItemFilter,
} from '../../../contract/tasks.ts'
import { AppError, badRequest, notFound } from '../../kernel/errors.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { Transact, Tx } from '../../platform/db/transaction.ts'
import {
  type AnyTask,
  cancelTask,
  findTask,
  type ItemRow,
  type MessageRow,
  retryTask,
  type Standing,
  selectItems,
  selectMessages,
  standsStill,
  type TaskRegistry,
  type TaskState,
  undoTask,
} from '../../platform/tasks/index.ts'
import { journal } from '../audit/index.ts'
import { countFailedTasks } from './failed-tasks.store.ts'
import { decodeCursor, decodeItemCursor, encodeCursor } from './task-cursor.ts'
import { type ListedTask, selectCsvLines, selectTasks } from './task-list.store.ts'

const MESSAGES_MAX = 200
const CSV_LINES = 5_000
const BOM = '\ufeff'

/** A task with its definition; null for a kind this version does not know. */
export type ShownTask = ListedTask & {
  definition: AnyTask | null
  /** Whether anything is as the task left it; left out where nobody has looked. */
  stands?: Standing | undefined
}
export type TaskWish = 'cancel' | 'retry' | 'undo'

type ListQuery = {
  state?: string
  kind?: string
  objectType?: string
  objectId?: string
  cursor?: string
  pageSize?: number
}

export type TaskService = ReturnType<typeof createTaskService>

/** Tasks as callers see and steer them. Foreign ones, and those of kinds whose objects one may not see, do not exist: 404. */
export function createTaskService({ transact, registry }: { transact: Transact; registry: TaskRegistry }) {
  const shown = (task: ListedTask): ShownTask => ({ ...task, definition: registry.find(task.task.kind) })
  const hiddenKinds = (principal: OperatorPrincipal) =>
    registry.all.filter(({ permissions }) => !principal.permissions.has(permissions.see)).map(({ kind }) => kind)

  async function find(tx: Tx, principal: OperatorPrincipal, wireId: string): Promise<ShownTask> {
    const [task] = await selectTasks(tx, { wireId, hiddenKinds: hiddenKinds(principal) }, null, 1)
    if (!task) throw notFound('This task')
    return shown(task)
  }

  return {
    async list(
      principal: OperatorPrincipal,
      query: ListQuery,
    ): Promise<{ tasks: ShownTask[]; nextCursor: string | null }> {
      const { cursor, pageSize = TASKS_PAGE_SIZE_DEFAULT, state, ...rest } = query
      const states = state === undefined ? {} : { states: readStates(state) }
      const after = cursor === undefined ? null : decodeCursor(cursor)
      const filter = { ...rest, ...states, hiddenKinds: hiddenKinds(principal) }
      // One more than asked tells whether there is a next page.
      const found = await transact(principal, (tx) => selectTasks(tx, filter, after, pageSize + 1))
      const tasks = found.slice(0, pageSize).map(shown)
      const last = tasks.at(-1)
      const more = found.length > pageSize && last
      return { tasks, nextCursor: more ? encodeCursor({ at: last.position, taskId: last.task.taskId }) : null }
    },

    /** Those started since then that failed, in whole or in part, or are stuck. */
    countFailed: (principal: OperatorPrincipal, since: Date): Promise<number> =>
      transact(principal, (tx) => countFailedTasks(tx, since, hiddenKinds(principal))),

    async get(principal: OperatorPrincipal, wireId: string): Promise<ShownTask & { messages: MessageRow[] }> {
      return transact(principal, async (tx) => {
        const task = await find(tx, principal, wireId)
        const stands = await standsStill(tx, task.task, task.definition)
        return { ...task, stands, messages: await selectMessages(tx, task.task.taskId, MESSAGES_MAX) }
      })
    },

    async items(
      principal: OperatorPrincipal,
      wireId: string,
      query: { state?: WireItemFilter; cursor?: string; pageSize?: number },
    ): Promise<{ items: ItemRow[]; nextCursor: string | null }> {
      const { state = null, cursor, pageSize = TASK_ITEMS_PAGE_SIZE_DEFAULT } = query
      const after = cursor === undefined ? 0 : decodeItemCursor(cursor)
      return transact(principal, async (tx) => {
        const { task } = await find(tx, principal, wireId)
        const found = await selectItems(tx, task.taskId, { state, after, limit: pageSize + 1 })
        const items = found.slice(0, pageSize)
        return { items, nextCursor: found.length > pageSize ? String(items.at(-1)?.position) : null }
      })
    },

    /** All results as a CSV file, read in pieces as it is sent. */
    async csv(principal: OperatorPrincipal, wireId: string): Promise<Readable> {
      const { task } = await transact(principal, (tx) => find(tx, principal, wireId))
      async function* parts(): AsyncGenerator<string> {
        yield `${BOM}${taskCsvColumns.map((column) => `"${column}"`).join(',')}\r\n`
        let after = 0
        for (;;) {
          const piece = await transact(principal, (tx) => selectCsvLines(tx, task.taskId, after, CSV_LINES))
          if (!piece) return
          yield piece.lines
          after = piece.last
        }
      }
      return Readable.from(parts(), { objectMode: false })
    },

    /** Cancels, retries or undoes; asks for what starting it asks for. */
    async change(principal: OperatorPrincipal, wireId: string, wish: TaskWish): Promise<ShownTask> {
      return transact(principal, async (tx) => {
        const { definition, task } = await find(tx, principal, wireId)
        requireRun(principal, definition)
        await WISHES[wish].act(tx, wireId, registry.find)
        const object = { type: 'task', id: wireId, name: task.title }
        await journal(tx).append({ action: WISHES[wish].action, object, before: { state: task.state } })
        return find(tx, principal, wireId)
      })
    },

    /** The task that a service has just started, for its answer. */
    started: (principal: OperatorPrincipal, wireId: string): Promise<ShownTask> =>
      transact(principal, async (tx) => {
        const task = await findTask(tx, wireId)
        if (!task) throw notFound('This task')
        return find(tx, principal, wireId)
      }),
  }
}

const WISHES = {
  cancel: { act: cancelTask, action: 'task.cancel-requested' },
  retry: { act: retryTask, action: 'task.retry-requested' },
  undo: { act: undoTask, action: 'task.undo-requested' },
} as const

function requireRun(principal: OperatorPrincipal, definition: AnyTask | null): void {
  if (!definition || principal.permissions.has(definition.permissions.run)) return
  throw new AppError({
    code: 'permission-missing',
    status: 403,
    detail: `This needs the permission ${definition.permissions.run}, which ${principal.name} does not have. Ask an administrator for it.`,
  })
}

function readStates(text: string): TaskState[] {
  const states = text.split(',').map((part) => part.trim())
  const known: readonly string[] = taskStates
  if (states.every((state) => known.includes(state))) return states as TaskState[]
  const detail = `Must be one of, or several separated by commas: ${taskStates.join(', ')}.`
  throw badRequest([{ pointer: '/query/state', detail }])
}
