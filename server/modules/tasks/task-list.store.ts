import { connectionOf, type Tx } from '../../platform/db/transaction.ts'
import type { StoredProgress } from '../../platform/jobs/index.ts'
import { type StepRow, TASK_COLUMNS, type TaskRow, type TaskState } from '../../platform/tasks/index.ts'

/** What the present step tells of itself while a worker is at it. */
export type LiveProgress = { phase: string | null; progress: StoredProgress }
export type ListedTask = { task: TaskRow; live: LiveProgress | null; steps: StepRow[]; position: string }
export type TaskPosition = { at: string; taskId: string }
export type TaskFilter = {
  wireId?: string
  states?: TaskState[]
  kind?: string
  objectType?: string
  objectId?: string
  /** Kinds that the caller may not see. */
  hiddenKinds: string[]
}

type FlatRow = TaskRow & { phase: string | null; progress: StoredProgress | null; position: string }

/** Newest first, with their steps. */
export async function selectTasks(
  tx: Tx,
  filter: TaskFilter,
  after: TaskPosition | null,
  limit: number,
): Promise<ListedTask[]> {
  const client = connectionOf(tx)
  const { rows } = await client.query<FlatRow>(
    `select ${TASK_COLUMNS}, r.phase, r.progress,
       to_char(t.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as position
     from task t
     left join job_run r on r.subject = t.task_id::text and r.state = 'running' and t.state in ('running', 'undoing')
     where t.operator_id = $1 and ($2::text is null or t.wire_id = $2) and ($3::text[] is null or t.state = any($3))
       and ($4::text is null or t.kind = $4) and ($5::text is null or t.object_type = $5)
       and ($6::text is null or t.object_id = $6) and not t.kind = any($7::text[])
       and ($8::timestamptz is null or (t.created_at, t.task_id) < ($8::timestamptz, $9::uuid))
     order by t.created_at desc, t.task_id desc limit $10`,
    [
      tx.operatorId,
      filter.wireId ?? null,
      filter.states ?? null,
      filter.kind ?? null,
      filter.objectType ?? null,
      filter.objectId ?? null,
      filter.hiddenKinds,
      after?.at ?? null,
      after?.taskId ?? null,
      limit,
    ],
  )
  const steps = await stepsOf(
    tx,
    rows.map((row) => row.taskId),
  )
  return rows.map(({ phase, progress, position, ...task }) => ({
    task,
    live: progress === null ? null : { phase, progress },
    steps: steps.get(task.taskId) ?? [],
    position,
  }))
}

async function stepsOf(tx: Tx, taskIds: string[]): Promise<Map<string, StepRow[]>> {
  const { rows } = await connectionOf(tx).query<StepRow & { taskId: string }>(
    `select task_id as "taskId", position, name, title, state, attempts, failures, lost, started_at as "startedAt",
       finished_at as "finishedAt", undo_started_at as "undoStartedAt", undo_finished_at as "undoFinishedAt", error
     from task_step where task_id = any($1::uuid[]) order by task_id, position`,
    [taskIds],
  )
  const byTask = new Map<string, StepRow[]>()
  for (const row of rows) byTask.set(row.taskId, [...(byTask.get(row.taskId) ?? []), row])
  return byTask
}

/** Lines of CSV (taskCsvColumns), after an item. */
export async function selectCsvLines(
  tx: Tx,
  taskId: string,
  after: number,
  limit: number,
): Promise<{ last: number; lines: string } | null> {
  const cells = [
    'position::text',
    'object_id',
    'object_name',
    'state',
    `case when undone then 'yes' else 'no' end`,
    'code',
    'message',
    `to_char(finished_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`,
  ]
  const { rows } = await connectionOf(tx).query<{ last: number | null; lines: string | null }>(
    `select max(position) as last, string_agg(line || e'\\r\\n', '' order by position) as lines from (
       select position, ${cells.map((cell) => `csv_cell(${cell})`).join(` || ',' || `)} as line
       from task_item where task_id = $1 and position > $2 order by position limit $3
     ) item`,
    [taskId, after, limit],
  )
  const { last = null, lines = null } = rows[0] ?? {}
  return last === null || lines === null ? null : { last, lines }
}

/** Tasks that ended before `endedBefore`, with all that belongs to them; answers how many. */
export async function deleteOldTasks(tx: Tx, endedBefore: Date, limit: number): Promise<number> {
  const { rows } = await connectionOf(tx).query<{ count: number }>(
    `with gone as (
       delete from task where task_id = any (array(
         select task_id from task where operator_id = $1 and finished_at < $2
           and state not in ('queued', 'running', 'waiting', 'undoing')
         order by finished_at limit $3
       )) returning task_id
     ), leases as (
       delete from job_lease where operator_id = $1 and subject in (select task_id::text from gone)
     )
     select count(*)::int as count from gone`,
    [tx.operatorId, endedBefore, limit],
  )
  return rows[0]?.count ?? 0
}
