import { connectionOf, type Tx } from '../db/transaction.ts'
import type { MessageLevel, StepState, TaskError, TaskState, UndoReason, Values, Waiting } from './task.ts'

/** Who has asked for something; he acts in the scope of the task. */
export type Doer = Pick<TaskRow, 'actorKind' | 'actorId' | 'actorName' | 'sourceIp'>

export type TaskRow = {
  operatorId: number
  channelId: number | null
  taskId: string
  wireId: string
  kind: string
  title: string
  objectType: string | null
  objectId: string | null
  objectName: string | null
  input: Values
  output: Values
  state: TaskState
  undoReason: UndoReason | null
  waiting: Waiting | null
  signals: Values
  wakes: number
  cancelRequestedAt: Date | null
  /** Who has asked to cancel or undo it; null: nobody has. */
  takenBackBy: Doer | null
  error: TaskError | null
  itemsTotal: number
  itemsSucceeded: number
  itemsFailed: number
  itemsSkipped: number
  /** Of those that succeeded: taken back, and left as they are although the task was. */
  itemsUndone: number
  itemsNotUndone: number
  actorKind: 'client' | 'person' | 'job' | 'installation'
  actorId: string
  actorName: string
  sourceIp: string | null
  requestId: string
  createdAt: Date
  startedAt: Date | null
  finishedAt: Date | null
}

export type StepRow = {
  position: number
  name: string
  title: string
  state: StepState
  attempts: number
  failures: number
  lost: number
  startedAt: Date | null
  finishedAt: Date | null
  undoStartedAt: Date | null
  undoFinishedAt: Date | null
  memory: unknown
  error: TaskError | null
}

export const TASK_COLUMNS = `
  t.operator_id as "operatorId", t.channel_id as "channelId", t.task_id as "taskId", t.wire_id as "wireId", t.kind, t.title,
  t.object_type as "objectType", t.object_id as "objectId", t.object_name as "objectName", t.input, t.output, t.state,
  t.undo_reason as "undoReason", t.waiting, t.signals, t.wakes, t.cancel_requested_at as "cancelRequestedAt",
  t.taken_back_by as "takenBackBy", t.error,
  t.items_total as "itemsTotal", t.items_succeeded as "itemsSucceeded", t.items_failed as "itemsFailed",
  t.items_skipped as "itemsSkipped", t.items_undone as "itemsUndone", t.items_not_undone as "itemsNotUndone", t.actor_kind as "actorKind", t.actor_id as "actorId", t.actor_name as "actorName",
  t.source_ip as "sourceIp", t.request_id as "requestId", t.created_at as "createdAt", t.started_at as "startedAt",
  t.finished_at as "finishedAt"`

const STEP_COLUMNS = `
  position, name, title, state, attempts, failures, lost, started_at as "startedAt", finished_at as "finishedAt",
  undo_started_at as "undoStartedAt", undo_finished_at as "undoFinishedAt", memory, error`

export type NewTask = Pick<
  TaskRow,
  | 'operatorId'
  | 'channelId'
  | 'taskId'
  | 'wireId'
  | 'kind'
  | 'title'
  | 'objectType'
  | 'objectId'
  | 'objectName'
  | 'input'
  | 'actorKind'
  | 'actorId'
  | 'actorName'
  | 'sourceIp'
  | 'requestId'
> & { steps: readonly { name: string; title: string }[] }

/** The next number of a `tsk_<number>` id. */
export async function nextTaskNumber(tx: Tx): Promise<number> {
  const { rows } = await connectionOf(tx).query<{ number: number }>(`select nextval('task_number') as number`)
  return Number(rows[0]?.number)
}

export async function insertTask(tx: Tx, task: NewTask): Promise<void> {
  const client = connectionOf(tx)
  await client.query({
    name: 'task-insert',
    text: `
      insert into task (operator_id, channel_id, task_id, wire_id, kind, title, object_type, object_id, object_name, input,
        state, actor_kind, actor_id, actor_name, source_ip, request_id)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'queued', $11, $12, $13, $14, $15)`,
    values: [
      task.operatorId,
      task.channelId,
      task.taskId,
      task.wireId,
      task.kind,
      task.title,
      task.objectType,
      task.objectId,
      task.objectName,
      JSON.stringify(task.input),
      task.actorKind,
      task.actorId,
      task.actorName,
      task.sourceIp,
      task.requestId,
    ],
  })
  await client.query({
    name: 'task-insert-steps',
    text: `
      insert into task_step (operator_id, channel_id, task_id, position, name, title)
      select $1, $2, $3, position, name, title
      from unnest($4::text[], $5::text[]) with ordinality as step (name, title, position)`,
    values: [
      task.operatorId,
      task.channelId,
      task.taskId,
      task.steps.map((step) => step.name),
      task.steps.map((step) => step.title),
    ],
  })
}

export async function findTask(tx: Tx, wireId: string): Promise<TaskRow | null> {
  const { rows } = await connectionOf(tx).query<TaskRow>({
    name: 'task-find',
    text: `select ${TASK_COLUMNS} from task t where t.wire_id = $1 and t.operator_id = $2`,
    values: [wireId, tx.operatorId],
  })
  return rows[0] ?? null
}

/** The task with its steps, locked against others until the transaction ends. By its inner id. */
export async function lockTask(tx: Tx, taskId: string): Promise<{ task: TaskRow; steps: StepRow[] } | null> {
  const { rows } = await connectionOf(tx).query<TaskRow>({
    name: 'task-lock',
    text: `select ${TASK_COLUMNS} from task t where t.task_id = $1 and t.operator_id = $2 for update`,
    values: [taskId, tx.operatorId],
  })
  return rows[0] ? { task: rows[0], steps: await selectSteps(tx, taskId) } : null
}

export async function selectSteps(tx: Tx, taskId: string): Promise<StepRow[]> {
  const { rows } = await connectionOf(tx).query<StepRow>({
    name: 'task-steps',
    text: `select ${STEP_COLUMNS} from task_step where task_id = $1 order by position`,
    values: [taskId],
  })
  return rows
}

/** Writes what of a task changes while it goes; the counts of its items are kept by those who settle them. */
export async function saveTask(tx: Tx, task: TaskRow): Promise<void> {
  await connectionOf(tx).query({
    name: 'task-save',
    text: `
      update task set state = $2, undo_reason = $3, waiting = $4, error = $5, output = $6, wakes = $7, signals = $8,
        cancel_requested_at = $9, started_at = $10, finished_at = $11, taken_back_by = $12
      where task_id = $1`,
    values: [
      task.taskId,
      task.state,
      task.undoReason,
      json(task.waiting),
      json(task.error),
      JSON.stringify(task.output),
      task.wakes,
      JSON.stringify(task.signals),
      task.cancelRequestedAt,
      task.startedAt,
      task.finishedAt,
      json(task.takenBackBy),
    ],
  })
}

export async function saveStep(tx: Tx, taskId: string, step: StepRow): Promise<void> {
  await connectionOf(tx).query({
    name: 'task-save-step',
    text: `
      update task_step set state = $3, attempts = $4, failures = $5, lost = $6, started_at = $7, finished_at = $8,
        undo_started_at = $9, undo_finished_at = $10, error = $11
      where task_id = $1 and position = $2`,
    values: [
      taskId,
      step.position,
      step.state,
      step.attempts,
      step.failures,
      step.lost,
      step.startedAt,
      step.finishedAt,
      step.undoStartedAt,
      step.undoFinishedAt,
      json(step.error),
    ],
  })
}

export async function saveMemory(tx: Tx, taskId: string, position: number, memory: unknown): Promise<void> {
  await connectionOf(tx).query({
    name: 'task-save-memory',
    text: 'update task_step set memory = $3, lost = 0 where task_id = $1 and position = $2',
    values: [taskId, position, json(memory)],
  })
}

export type MessageRow = { at: Date; level: MessageLevel; step: string | null; message: string }

export async function insertMessage(
  tx: Tx,
  task: Pick<TaskRow, 'operatorId' | 'channelId' | 'taskId'>,
  message: Omit<MessageRow, 'at'>,
): Promise<void> {
  await connectionOf(tx).query({
    name: 'task-message',
    text: `insert into task_message (operator_id, channel_id, task_id, level, step, message) values ($1, $2, $3, $4, $5, $6)`,
    values: [task.operatorId, task.channelId, task.taskId, message.level, message.step, storable(message.message)],
  })
}

/** The newest ones, in the order of their time. */
export async function selectMessages(tx: Tx, taskId: string, limit: number): Promise<MessageRow[]> {
  const { rows } = await connectionOf(tx).query<MessageRow>(
    `select at, level, step, message from (
       select * from task_message where task_id = $1 order by position desc limit $2
     ) newest order by position`,
    [taskId, limit],
  )
  return rows
}

function json(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value)
}

/** PostgreSQL text holds neither U+0000 nor half a surrogate pair, and devices say anything. */
export function storable(text: string): string {
  return text.replaceAll('\u0000', '\ufffd').toWellFormed()
}
