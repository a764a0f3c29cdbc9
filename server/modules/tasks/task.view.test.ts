import { expect, test } from 'vitest'
import type { TaskRow } from '../../platform/tasks/index.ts'
import type { ShownTask } from './task.service.ts'
import { toDocumentedTask, toWireTask } from './task.view.ts'

const now = new Date('2026-11-23T10:00:00Z')
const task: TaskRow = {
  ...{ operatorId: 868, channelId: null, taskId: 't', wireId: 'wst_t', kind: 'leads.owner', title: 'Give 5 leads' },
  ...{
    objectType: null,
    objectId: null,
    objectName: null,
    input: {},
    output: {},
    state: 'undoing',
    undoReason: 'asked',
  },
  ...{ waiting: null, signals: {}, wakes: 0, cancelRequestedAt: null, takenBackBy: null, error: null },
  ...{ itemsTotal: 6, itemsSucceeded: 5, itemsFailed: 1, itemsSkipped: 0, itemsUndone: 2, itemsNotUndone: 1 },
  ...{ actorKind: 'person', actorId: 'dana', actorName: 'Dana', sourceIp: null, requestId: 'r' },
  ...{ createdAt: now, startedAt: now, finishedAt: null },
}
const shown = (row: Partial<TaskRow>): ShownTask & { messages: [] } => ({
  ...{ task: { ...task, ...row }, live: null, steps: [], position: '', definition: null, messages: [] },
})

test('while a task is taken back, its progress is that of what is taken back', () => {
  expect(toWireTask(shown({}), now).progress).toMatchObject({ done: 3, total: 5 })
  expect(toDocumentedTask(shown({})).progress).toEqual({ done: 3, total: 5, percent: 60 })
  const over = toWireTask(shown({ state: 'cancelled', finishedAt: now }), now)
  expect(over.progress).toMatchObject({ done: 6, total: 6 })
  expect(over.items).toMatchObject({ succeeded: 5, failed: 1, undone: 2, notUndone: 1 })
})
