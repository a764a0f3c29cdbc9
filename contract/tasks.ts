import Type from 'typebox'
import { defineEndpoint } from './endpoint.ts'
import { problem } from './problem.ts'

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const instant = (description: string) => Type.String({ format: 'date-time', description })

export const taskStates = [
  'queued',
  'running',
  'waiting',
  'undoing',
  'succeeded',
  'partial',
  'failed',
  'cancelled',
  'stuck',
] as const
export type WireTaskState = (typeof taskStates)[number]

export const itemStates = ['pending', 'succeeded', 'failed', 'skipped'] as const
/** What the items of a task can be looked through for: their states, and what became of those that were done. */
export const itemFilters = [...itemStates, 'undone', 'not-undone'] as const
export type WireItemFilter = (typeof itemFilters)[number]

/** Words of the documented object; "InProgress" and "CompletedSuccess" as its clients wait for. Source: rest-api.md 1.7, 2.7. */
export const documentedTaskStatuses = [
  'InProgress',
  'CompletedSuccess',
  'CompletedWithErrors',
  'Failed',
  'Cancelled',
] as const

/** The documented task, with real times, and with progress beyond it. Source: rest-api.md 2.7. */
export const documentedTask = Type.Object(
  {
    id: Type.String({ description: 'wst_<uuid>, tsk_<number> or tsk_msjob_<uuid>: opaque, at most 100 characters' }),
    status: Type.Enum([...documentedTaskStatuses]),
    details: Type.Array(nullable(Type.String())),
    executionMessages: Type.Array(
      Type.Object({ level: Type.Enum(['Information', 'Warning', 'Error']), message: Type.String() }),
    ),
    outputData: Type.Record(Type.String(), Type.Unknown(), { description: 'What the steps found or made' }),
    createTime: instant('When it was asked for'),
    completeTime: nullable(instant('When it ended; null while it is in progress')),
    cancellationRequested: Type.Boolean(),
    totalNumbersCount: Type.Optional(Type.Integer({ description: 'Number tasks: numbers added or removed' })),
    progress: Type.Object(
      { done: Type.Integer(), total: Type.Integer(), percent: Type.Integer() },
      { description: 'Of its items, or of its steps where it has none' },
    ),
  },
  { $id: 'DocumentedTask' },
)
export type WireDocumentedTask = Type.Static<typeof documentedTask>

const taskError = Type.Object({
  code: Type.String(),
  message: Type.String(),
  remedy: Type.String({ description: 'What to do' }),
  retryAt: nullable(instant('When it is tried again by itself; null: it is not')),
})

const permitted = Type.Object({
  allowed: Type.Boolean(),
  reason: Type.Optional(Type.String({ description: 'Why not, in the words a refusal would use' })),
})

export const task = Type.Object(
  {
    id: Type.String(),
    kind: Type.String({ description: 'For example leads.archive' }),
    title: Type.String({ description: 'What it does, in words' }),
    state: Type.Enum([...taskStates], {
      description:
        'waiting: see waiting · undoing: its steps are being taken back · partial: done, some items failed · ' +
        'failed: taken back, or stopped (see undone) · stuck: a step could not be taken back, retry when its cause is gone',
    }),
    about: nullable(
      Type.Object(
        { type: Type.String(), id: Type.String(), name: nullable(Type.String()) },
        { description: 'The one object it is about' },
      ),
    ),
    channelId: nullable(Type.Integer({ description: 'The channel it was started in' })),
    requestedBy: Type.Object({ kind: Type.String(), id: Type.String(), name: Type.String() }),
    requestId: Type.String({ description: 'Of the request that started it; entries of the journal carry the task id' }),
    createdAt: instant('When it was asked for'),
    startedAt: nullable(instant('When a worker first took it up')),
    finishedAt: nullable(instant('When it ended')),
    durationSeconds: nullable(Type.Number({ description: 'From startedAt to finishedAt, or to now' })),
    step: nullable(
      Type.Object(
        { name: Type.String(), title: Type.String(), number: Type.Integer(), of: Type.Integer() },
        { description: 'Where it is; null when it is over' },
      ),
    ),
    waiting: nullable(
      Type.Object({
        reason: Type.String({ description: 'What it waits for' }),
        until: nullable(instant('When it looks again by itself')),
      }),
    ),
    progress: Type.Object(
      {
        done: Type.Integer(),
        total: Type.Integer(),
        unit: Type.String({ description: 'leads, steps, …' }),
        ratePerSecond: nullable(Type.Number()),
        remainingSeconds: nullable(Type.Number({ description: 'At this rate; null while unknown' })),
      },
      {
        description:
          'Of what the present step counts; else of its items (of those that are taken back, while it is undone), or of its steps. ' +
          'About a second old at most.',
      },
    ),
    items: nullable(
      Type.Object(
        {
          total: Type.Integer(),
          pending: Type.Integer(),
          succeeded: Type.Integer(),
          failed: Type.Integer(),
          skipped: Type.Integer({ description: 'Nothing had to be done' }),
          undone: Type.Integer({ description: 'Of those that succeeded: taken back' }),
          notUndone: Type.Integer({
            description: 'Of those that succeeded: left as they are when the task was taken back',
          }),
        },
        { description: 'null: it has none' },
      ),
    ),
    cancelRequested: Type.Boolean(),
    undone: nullable(
      Type.Enum(['failure', 'cancel', 'asked'], { description: 'Why its steps were, or are being, taken back' }),
    ),
    error: nullable(taskError),
    actions: Type.Object(
      { cancel: permitted, retry: permitted, undo: permitted },
      { description: 'What may be done now; of a list, undo is looked at closely only with the task itself' },
    ),
  },
  { $id: 'Task' },
)
export type WireTask = Type.Static<typeof task>

export const taskDetail = Type.Object(
  {
    ...task.properties,
    output: Type.Record(Type.String(), Type.Unknown(), { description: 'What its steps have handed on' }),
    steps: Type.Array(
      Type.Object({
        name: Type.String(),
        title: Type.String(),
        state: Type.Enum(['pending', 'running', 'waiting', 'succeeded', 'failed', 'undoing', 'undone', 'undo-failed']),
        attempts: Type.Integer(),
        startedAt: nullable(instant('When it was first begun')),
        finishedAt: nullable(instant('When it succeeded or failed for good')),
        durationSeconds: nullable(Type.Number()),
        undoneAt: nullable(instant('When it had been taken back')),
        error: nullable(taskError),
      }),
    ),
    messages: Type.Array(
      Type.Object({
        at: instant('When'),
        level: Type.Enum(['Information', 'Warning', 'Error']),
        step: nullable(Type.String()),
        message: Type.String(),
      }),
      { description: 'The newest 200, in the order of their time' },
    ),
  },
  { $id: 'TaskDetail' },
)
export type WireTaskDetail = Type.Static<typeof taskDetail>

export const taskItem = Type.Object(
  {
    number: Type.Integer({ description: 'In the order in which they were given, from 1' }),
    objectId: Type.String(),
    objectName: nullable(Type.String()),
    state: Type.Enum([...itemStates]),
    undone: Type.Boolean({ description: 'It had succeeded and was taken back' }),
    code: nullable(Type.String({ description: 'Stable code of why it failed, was skipped, or was not taken back' })),
    message: nullable(Type.String()),
    attempts: Type.Integer(),
    finishedAt: nullable(instant('When it got its result')),
  },
  { $id: 'TaskItem' },
)
export type WireTaskItem = Type.Static<typeof taskItem>

export const TASKS_PAGE_SIZE_DEFAULT = 50
export const TASKS_PAGE_SIZE_MAX = 500
export const TASK_ITEMS_PAGE_SIZE_DEFAULT = 100
export const TASK_ITEMS_PAGE_SIZE_MAX = 1_000

const taskId = 'wst_019f2c6a-7a90-7d11-8b0c-5d1f0a9e4477'
const params = Type.Object({ taskId: Type.String({ maxLength: 100, description: `For example ${taskId}` }) })
const noSuchTask = { 404: { description: 'There is no such task, or it is not yours', schema: problem } }
const refused = { 409: { description: 'Not in this state; the detail says why', schema: problem } }

const exampleTask = {
  id: taskId,
  kind: 'leads.archive',
  title: 'Archive 1,234 leads',
  state: 'running',
  about: null,
  channelId: null,
  requestedBy: { kind: 'person', id: '019f2c6a-0000-7d11-8b0c-5d1f0a9e4477', name: 'Dana Wills' },
  requestId: '019f2c6a-7a8f-7c02-9d55-1f0a9e44771b',
  createdAt: '2026-11-22T04:03:00.000Z',
  startedAt: '2026-11-22T04:03:00.200Z',
  finishedAt: null,
  durationSeconds: 1.2,
  step: { name: 'archive', title: 'Archive the leads', number: 1, of: 1 },
  waiting: null,
  progress: { done: 500, total: 1_234, unit: 'leads', ratePerSecond: 480, remainingSeconds: 1.5 },
  items: { total: 1_234, pending: 734, succeeded: 498, failed: 2, skipped: 0, undone: 0, notUndone: 0 },
  cancelRequested: false,
  undone: null,
  error: null,
  actions: {
    cancel: { allowed: true },
    retry: { allowed: false, reason: 'It is still at work.' },
    undo: { allowed: false, reason: 'It is still at work: cancel it instead.' },
  },
}
const exampleDetail = {
  ...exampleTask,
  output: {},
  steps: [
    {
      name: 'archive',
      title: 'Archive the leads',
      state: 'running',
      attempts: 1,
      startedAt: '2026-11-22T04:03:00.200Z',
      finishedAt: null,
      durationSeconds: null,
      undoneAt: null,
      error: null,
    },
  ],
  messages: [],
}

export const getTask = defineEndpoint({
  operationId: 'getTask',
  method: 'GET',
  path: '/api/v2/task/{taskId}',
  tag: 'Tasks',
  summary: 'One task, as documented, with real times and progress',
  description:
    'Ask again after `Retry-After` seconds until `status` is no longer `InProgress`. `Location` names the task with its steps, ' +
    'items and what may be done with it. Tasks are kept for 180 days after their end.',
  source: 'rest-api.md K1, 2.7',
  permission: 'tasks.read',
  documented: true,
  params,
  responses: {
    200: {
      description: 'The task',
      schema: documentedTask,
      headers: { 'Retry-After': 'Seconds; only while in progress', Location: 'The task in our own form' },
      example: {
        id: taskId,
        status: 'InProgress',
        details: ['Archive 1,234 leads'],
        executionMessages: [],
        outputData: {},
        createTime: '2026-11-22T04:03:00.000Z',
        completeTime: null,
        cancellationRequested: false,
        progress: { done: 500, total: 1_234, percent: 40 },
      },
    },
    ...noSuchTask,
  },
})

export const listTasks = defineEndpoint({
  operationId: 'listTasks',
  method: 'GET',
  path: '/api/v4/tasks',
  tag: 'Tasks',
  summary: 'Tasks, newest first',
  description:
    'Those that the caller may see: in his scope (an operator all of its own, a channel those started in it), of kinds whose ' +
    'objects he may see.',
  source: 'own',
  permission: 'tasks.read',
  query: Type.Object({
    state: Type.Optional(Type.String({ maxLength: 100, description: `Comma-separated: ${taskStates.join(', ')}` })),
    kind: Type.Optional(Type.String({ maxLength: 100, description: 'For example leads.archive' })),
    objectType: Type.Optional(Type.String({ maxLength: 50, description: 'With objectId: tasks about this object' })),
    objectId: Type.Optional(Type.String({ maxLength: 100 })),
    cursor: Type.Optional(Type.String({ maxLength: 400, description: 'Opaque: nextCursor of the page before' })),
    pageSize: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: TASKS_PAGE_SIZE_MAX,
        description: `Tasks per page, ${TASKS_PAGE_SIZE_DEFAULT} by default`,
      }),
    ),
  }),
  responses: {
    200: {
      description: 'One page',
      schema: Type.Object({
        data: Type.Array(task),
        nextCursor: nullable(Type.String({ description: 'null on the last page' })),
      }),
      example: { data: [exampleTask], nextCursor: null },
    },
  },
})

export const getTaskDetail = defineEndpoint({
  operationId: 'getTaskDetail',
  method: 'GET',
  path: '/api/v4/tasks/{taskId}',
  tag: 'Tasks',
  summary: 'One task with its steps, messages and what may be done with it',
  description: 'Its items have an address of their own.',
  source: 'own',
  permission: 'tasks.read',
  params,
  responses: {
    200: {
      description: 'The task',
      schema: taskDetail,
      headers: { 'Retry-After': 'Seconds; only while it is not over' },
      example: exampleDetail,
    },
    ...noSuchTask,
  },
})

export const listTaskItems = defineEndpoint({
  operationId: 'listTaskItems',
  method: 'GET',
  path: '/api/v4/tasks/{taskId}/items',
  tag: 'Tasks',
  summary: 'The items of a task with their results',
  description:
    'In the order in which they were given. `undone` and `not-undone` are those that had succeeded, when the task was taken back.',
  source: 'own',
  permission: 'tasks.read',
  params,
  query: Type.Object({
    state: Type.Optional(Type.Enum([...itemFilters])),
    cursor: Type.Optional(Type.String({ maxLength: 20, description: 'nextCursor of the page before' })),
    pageSize: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: TASK_ITEMS_PAGE_SIZE_MAX,
        description: `Items per page, ${TASK_ITEMS_PAGE_SIZE_DEFAULT} by default`,
      }),
    ),
  }),
  responses: {
    200: {
      description: 'One page',
      schema: Type.Object({
        data: Type.Array(taskItem),
        nextCursor: nullable(Type.String({ description: 'null on the last page' })),
      }),
    },
    ...noSuchTask,
  },
})

export const taskCsvColumns = ['Number', 'Object', 'Name', 'Result', 'Taken back', 'Code', 'Message', 'At'] as const

export const exportTaskResults = defineEndpoint({
  operationId: 'exportTaskResults',
  method: 'GET',
  path: '/api/v4/tasks/{taskId}/results.csv',
  tag: 'Tasks',
  summary: 'The results of all items as CSV',
  description: `UTF-8 with BOM, comma, CRLF. Columns: ${taskCsvColumns.join(', ')}.`,
  source: 'own',
  permission: 'tasks.read',
  params,
  responses: {
    200: {
      description: 'The file',
      schema: Type.String(),
      contentType: 'text/csv',
      headers: { 'Content-Disposition': 'attachment with a file name' },
    },
    ...noSuchTask,
  },
})

const changed = { 202: { description: 'The task as it is now', schema: task, example: exampleTask } }
const needsRun = 'Asks for the permission that starting a task of its kind asks for, too.'

export const cancelTask = defineEndpoint({
  operationId: 'cancelTask',
  method: 'POST',
  path: '/api/v4/tasks/{taskId}/cancel',
  tag: 'Tasks',
  summary: 'Cancel a task',
  description: `It stops at the next place where its step allows it, and takes back what can be taken back. ${needsRun}`,
  source: 'own',
  permission: 'tasks.read',
  params,
  responses: { ...changed, ...noSuchTask, ...refused },
})

export const retryTask = defineEndpoint({
  operationId: 'retryTask',
  method: 'POST',
  path: '/api/v4/tasks/{taskId}/retry',
  tag: 'Tasks',
  summary: 'Try again what failed',
  description:
    'The items that failed, the step it stopped at, the whole of it after it was taken back, or an undoing that got stuck. ' +
    needsRun,
  source: 'own',
  permission: 'tasks.read',
  params,
  responses: { ...changed, ...noSuchTask, ...refused },
})

export const undoTask = defineEndpoint({
  operationId: 'undoTask',
  method: 'POST',
  path: '/api/v4/tasks/{taskId}/undo',
  tag: 'Tasks',
  summary: 'Take back a task that stopped at a failure, or one that is done',
  description:
    'Its steps are undone in reverse order. One that is done can be taken back where its kind can (leads that were moved between ' +
    `channels), as long as something of it is as it left it; what has changed since stays, and its item says so. ${needsRun}`,
  source: 'own',
  permission: 'tasks.read',
  params,
  responses: { ...changed, ...noSuchTask, ...refused },
})
