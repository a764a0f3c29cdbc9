import { connectionOf, type Tx } from '../db/transaction.ts'
import { storable, type TaskRow } from './task.store.ts'
import type { ItemResult, ItemState, TaskItem } from './task.ts'

export type NewItem = { objectId: string; objectName?: string | null }

type Scope = Pick<TaskRow, 'operatorId' | 'channelId' | 'taskId'>

/** In the order given, one after the other from 1. */
export async function insertItems(tx: Tx, task: Scope, items: readonly NewItem[]): Promise<void> {
  const client = connectionOf(tx)
  await client.query({
    name: 'task-insert-items',
    text: `
      insert into task_item (operator_id, channel_id, task_id, position, object_id, object_name)
      select $1, $2, $3, position, object_id, object_name
      from unnest($4::text[], $5::text[]) with ordinality as item (object_id, object_name, position)`,
    values: [
      task.operatorId,
      task.channelId,
      task.taskId,
      items.map((item) => item.objectId),
      items.map((item) => item.objectName ?? null),
    ],
  })
  await client.query('update task set items_total = $2 where task_id = $1', [task.taskId, items.length])
}

const ITEM = `position, object_id as "objectId", object_name as "objectName", attempts + 1 as attempt, data`

/** The next items that have no result yet. */
export async function pendingItems(tx: Tx, taskId: string, limit: number): Promise<TaskItem[]> {
  const { rows } = await connectionOf(tx).query<TaskItem>({
    name: 'task-items-pending',
    text: `select ${ITEM} from task_item where task_id = $1 and state = 'pending' order by position limit $2`,
    values: [taskId, limit],
  })
  return rows
}

/** The code of an item that was to be taken back and is left as it is. */
const NOT_UNDONE = 'not-undone'

/** Items that have succeeded and are neither taken back nor left for good, the last first; those before a position. */
export async function undoableItems(
  tx: Tx,
  taskId: string,
  limit: number,
  before = 2_147_483_647,
): Promise<TaskItem[]> {
  const { rows } = await connectionOf(tx).query<TaskItem>({
    name: 'task-items-undoable',
    text: `select ${ITEM} from task_item
           where task_id = $1 and state = 'succeeded' and not undone and code is distinct from '${NOT_UNDONE}' and position < $3
           order by position desc limit $2`,
    values: [taskId, limit, before],
  })
  return rows
}

/** Items that stay as they are although the task is taken back, each with the reason. */
export async function leaveItems(tx: Tx, taskId: string, left: { position: number; message: string }[]): Promise<void> {
  await connectionOf(tx).query({
    name: 'task-items-left',
    text: `
      with left_so as (
        update task_item i set code = '${NOT_UNDONE}', message = l.message
        from unnest($2::integer[], $3::text[]) as l (position, message)
        where i.task_id = $1 and i.position = l.position returning 1
      )
      update task set items_not_undone = items_not_undone + (select count(*) from left_so) where task_id = $1`,
    values: [taskId, left.map(({ position }) => position), left.map(({ message }) => storable(message))],
  })
}

/** What must be known of an item when it is begun again. */
export async function noteItem(tx: Tx, taskId: string, { position }: TaskItem, data: unknown): Promise<void> {
  await connectionOf(tx).query({
    name: 'task-item-note',
    text: 'update task_item set data = $3 where task_id = $1 and position = $2',
    values: [taskId, position, JSON.stringify(data)],
  })
}

export async function markUndone(tx: Tx, taskId: string, positions: number[]): Promise<void> {
  await connectionOf(tx).query({
    name: 'task-items-undone',
    text: `
      with further as (
        update task_step set lost = 0 where task_id = $1 and lost > 0
      ), undone as (
        update task_item set undone = true where task_id = $1 and position = any($2::integer[]) returning 1
      )
      update task set items_undone = items_undone + (select count(*) from undone) where task_id = $1`,
    values: [taskId, positions],
  })
}

export type SettledItem = { position: number; result: ItemResult }

/**
 * Writes results and moves the counts of the task, in one statement each. Items that have a result already keep it. A step that
 * gets further is none under which every worker vanishes.
 */
export async function settleItems(tx: Tx, taskId: string, settled: SettledItem[]): Promise<void> {
  const rows = settled.map(({ position, result }) => ({
    position,
    state: result.state,
    code: 'code' in result ? (result.code ?? null) : null,
    message: result.message === undefined ? null : storable(result.message),
    object_name: result.objectName === undefined ? null : storable(result.objectName),
    data: 'data' in result && result.data !== undefined ? JSON.stringify(result.data) : null,
  }))
  await connectionOf(tx).query({
    name: 'task-items-settle',
    text: `
      with result as (
        select * from json_to_recordset($2::json) as r (
          position integer, state text, code text, message text, object_name text, data text)
      ), settled as (
        update task_item i set state = r.state, code = r.code, message = r.message, attempts = attempts + 1,
          object_name = coalesce(r.object_name, i.object_name), data = coalesce(r.data::json, i.data), finished_at = now()
        from result r where i.task_id = $1 and i.position = r.position and i.state = 'pending'
        returning i.state
      ), further as (
        update task_step set lost = 0 where task_id = $1 and lost > 0
      ), counts as (
        select count(*) filter (where state = 'succeeded') as succeeded, count(*) filter (where state = 'failed') as failed,
          count(*) filter (where state = 'skipped') as skipped from settled
      )
      update task set items_succeeded = items_succeeded + c.succeeded, items_failed = items_failed + c.failed,
        items_skipped = items_skipped + c.skipped from counts c where task_id = $1`,
    values: [taskId, JSON.stringify(rows)],
  })
}

/** An attempt that failed and will be repeated. */
export async function noteAttempt(tx: Tx, taskId: string, { position }: TaskItem): Promise<void> {
  await connectionOf(tx).query({
    name: 'task-item-attempt',
    text: 'update task_item set attempts = attempts + 1 where task_id = $1 and position = $2',
    values: [taskId, position],
  })
}

/** Failed items, and such as were taken back, become pending again; those that stayed are done as before. Answers how many. */
export async function resetItems(tx: Tx, taskId: string): Promise<number> {
  const { rows } = await connectionOf(tx).query<{ count: number }>(
    `with reset as (
       update task_item set state = 'pending', code = null, message = null, finished_at = null, undone = false
       where task_id = $1 and (state = 'failed' or undone) returning 1
     ), stayed as (
       update task_item set code = null, message = null
       where task_id = $1 and state = 'succeeded' and not undone and code = '${NOT_UNDONE}'
     ), counts as (
       update task t set
         items_failed = 0, items_undone = 0, items_not_undone = 0,
         items_succeeded = (select count(*) from task_item where task_id = $1 and state = 'succeeded' and not undone)
       where task_id = $1
     )
     select count(*)::int as count from reset`,
    [taskId],
  )
  return rows[0]?.count ?? 0
}

export type ItemRow = {
  position: number
  objectId: string
  objectName: string | null
  state: ItemState
  code: string | null
  message: string | null
  attempts: number
  undone: boolean
  finishedAt: Date | null
}

const ROW = `position, object_id as "objectId", object_name as "objectName", state, code, message, attempts, undone,
  finished_at as "finishedAt"`

/** In the order in which they were given, after a position; `state` null: all. Those `undone` or not have succeeded, too. */
export async function selectItems(
  tx: Tx,
  taskId: string,
  { state, after, limit }: { state: ItemState | 'undone' | 'not-undone' | null; after: number; limit: number },
): Promise<ItemRow[]> {
  const { rows } = await connectionOf(tx).query<ItemRow>(
    `select ${ROW} from task_item
     where task_id = $1 and position > $2 and case $3::text
       when 'undone' then undone
       when '${NOT_UNDONE}' then state = 'succeeded' and not undone and code = '${NOT_UNDONE}'
       else $3 is null or state = $3 end
     order by position limit $4`,
    [taskId, after, state, limit],
  )
  return rows
}

export type Counts = {
  total: number
  succeeded: number
  failed: number
  skipped: number
  /** Of those that succeeded: looked at when the task was taken back. */
  takenBack: number
  cancelRequested: boolean
}

/** How far the items are, and whether somebody has asked to cancel meanwhile. */
export async function countItems(tx: Tx, taskId: string): Promise<Counts> {
  const { rows } = await connectionOf(tx).query<Counts>({
    name: 'task-counts',
    text: `select items_total as total, items_succeeded as succeeded, items_failed as failed, items_skipped as skipped,
             items_undone + items_not_undone as "takenBack",
             cancel_requested_at is not null as "cancelRequested"
           from task where task_id = $1`,
    values: [taskId],
  })
  const counts = rows[0]
  if (!counts) throw new Error('The task is gone.')
  return counts
}
