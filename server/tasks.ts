import { leadBulkTasks } from './modules/leads/index.ts'
import type { AnyTask } from './platform/tasks/index.ts'

/** Every kind of task there is. Its test is a snapshot. */
export function taskDefinitions(): AnyTask[] {
  return [...leadBulkTasks]
}
