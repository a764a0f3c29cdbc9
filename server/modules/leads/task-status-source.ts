import type { LeadStatusItem } from '../../../contract/lead-status.ts'
import type { Tx } from '../../platform/db/transaction.ts'
import type { TaskRegistry } from '../../platform/tasks/index.ts'
import { type ObjectTask, selectObjectTasks, taskDurations } from '../tasks/index.ts'
import { measured, medianOf, statusItem } from './lead-status.rules.ts'
import type { LeadStatusSource } from './lead-status-source.ts'

/** Tasks that are looked at for how long they usually take. */
const MEASURED = 20
const MEASURED_LEAST = 3
const SOURCE = 'The task'

/** Tasks that have to do with a lead and are not simply done: of each kind the newest, for whoever may read tasks. */
export function taskStatusSource(registry: TaskRegistry): LeadStatusSource {
  return {
    async itemsOf(tx, lead) {
      const { permissions } = tx.principal
      if (!permissions.has('tasks.read')) return []
      const kinds = registry.all.filter((task) => permissions.has(task.permissions.see)).map(({ kind }) => kind)
      const tasks = await selectObjectTasks(tx, { type: 'lead', id: lead.id }, kinds)
      const items: LeadStatusItem[] = []
      for (const task of tasks) {
        const item = itemOf(task)
        if (item) items.push({ ...item, usual: await usualOf(tx, task) })
      }
      return items
    },
  }
}

function itemOf(task: ObjectTask): LeadStatusItem | null {
  const { kind, title, state, error, itemState, itemMessage, wireId } = task
  const item = { system: 'task', source: SOURCE, about: { type: 'task', id: wireId } }
  const code = (end: string) => `task-${kind.replace(/[^a-z0-9]+/gi, '-')}-${end}`
  if (itemState === 'failed') {
    const next = { by: 'operator' as const, text: 'Look at the task: what failed can be tried again there.' }
    const at = iso(task.itemAt ?? task.finishedAt)
    return statusItem({ ...item, code: code('failed'), state: 'failed', title, cause: itemMessage, at, next })
  }
  // What the task has done with this lead already is no reason to wait for the rest of it.
  if (itemState === 'succeeded' || itemState === 'skipped') return null
  const at = iso(task.startedAt ?? task.createdAt)
  switch (state) {
    case 'queued': {
      const next = { by: 'leadline' as const, text: 'It begins by itself.' }
      return statusItem({ ...item, code: code('queued'), state: 'waiting', title, at, next })
    }
    case 'running':
    case 'undoing':
      return statusItem({ ...item, code: code('running'), state: 'running', title, at })
    case 'waiting': {
      const next = { by: 'leadline' as const, text: 'It goes on by itself when what it waits for is there.' }
      return statusItem({ ...item, code: code('waiting'), state: 'waiting', title, at, next })
    }
    case 'stuck':
    case 'failed':
    case 'partial': {
      const next = { by: 'operator' as const, text: error?.remedy ?? 'Look at the task.' }
      const cause = error?.message ?? 'The task ended before it came to this lead.'
      const failed = { ...item, code: code('failed'), title, cause, at: iso(task.finishedAt ?? task.startedAt) }
      return statusItem({ ...failed, state: 'failed', next })
    }
    default:
      return null
  }
}

async function usualOf(tx: Tx, { kind }: ObjectTask): Promise<LeadStatusItem['usual']> {
  const seconds = await taskDurations(tx, kind, MEASURED)
  if (seconds.length < MEASURED_LEAST) return null
  return measured(medianOf(seconds), `the last ${seconds.length} such tasks, whatever their size`)
}

const iso = (date: Date | null) => date?.toISOString() ?? null
