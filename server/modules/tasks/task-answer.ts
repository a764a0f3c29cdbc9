import type { Answer } from '../../platform/http/index.ts'
import type { ShownTask } from './task.service.ts'
import { retryAfterSeconds, toWireTask } from './task.view.ts'

/** The answer of a request that started a task: 202, the task, where it is and when to look. */
export function taskAnswer(task: ShownTask, now: Date = new Date()): Answer {
  const headers = {
    Location: `/api/v4/tasks/${task.task.wireId}`,
    'Retry-After': String(retryAfterSeconds(task, now) ?? 1),
  }
  return { status: 202, json: toWireTask(task, now), headers }
}
