import type { Answer } from '../../../platform/http/index.ts'

/** The documented answer of a call that has started a task: 200, the id in the form the call has, and where it is. */
export function documentedTask(taskId: string, json: unknown): Answer {
  return { status: 200, json, headers: { Location: `/api/v2/task/${taskId}`, 'Retry-After': '1' } }
}
