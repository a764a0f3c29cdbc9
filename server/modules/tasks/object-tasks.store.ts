import { connectionOf, type Tx } from '../../platform/db/transaction.ts'
import type { TaskError, TaskState } from '../../platform/tasks/index.ts'

/** A task that had to do with an object, and what became of the object in it. */
export type ObjectTask = {
  wireId: string
  kind: string
  title: string
  state: TaskState
  error: TaskError | null
  createdAt: Date
  startedAt: Date | null
  finishedAt: Date | null
  /** Null: the task is about the object itself, or has not come to it yet. */
  itemState: 'pending' | 'succeeded' | 'failed' | 'skipped' | null
  itemMessage: string | null
  itemAt: Date | null
}

/** The newest task of each kind that had to do with the object, the newest first. Row security decides whose tasks. */
export async function selectObjectTasks(
  tx: Tx,
  { type, id }: { type: string; id: string },
  kinds: readonly string[],
): Promise<ObjectTask[]> {
  const { rows } = await connectionOf(tx).query<ObjectTask>(
    `select * from (
       select distinct on (t.kind) t.wire_id as "wireId", t.kind, t.title, t.state, t.error, t.created_at as "createdAt",
         t.started_at as "startedAt", t.finished_at as "finishedAt", touching.state as "itemState",
         touching.message as "itemMessage", touching.finished_at as "itemAt"
       from (
         select task_id, state, message, finished_at from task_item where operator_id = $1 and object_id = $3
         union all
         select task_id, null, null, null from task where operator_id = $1 and object_type = $2 and object_id = $3
       ) touching
       join task t on t.task_id = touching.task_id and t.operator_id = $1
       where t.kind = any($4)
       order by t.kind, t.created_at desc, touching.state nulls last
     ) newest order by "createdAt" desc`,
    [tx.operatorId, type, id, kinds],
  )
  return rows
}

/** How long the last tasks of a kind took that worked out, in seconds; the newest first, at most `limit`. */
export async function taskDurations(tx: Tx, kind: string, limit: number): Promise<number[]> {
  const { rows } = await connectionOf(tx).query<{ seconds: number }>(
    `select extract(epoch from finished_at - started_at)::float8 as seconds from task
     where operator_id = $1 and kind = $2 and state = 'succeeded' and started_at is not null
     order by created_at desc limit $3`,
    [tx.operatorId, kind, limit],
  )
  return rows.map(({ seconds }) => seconds)
}
