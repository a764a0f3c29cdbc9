import type { LeadBulkActions } from './modules/leads/index.ts'
import type { AnyTask } from './platform/tasks/index.ts'

/** Every kind of task there is. */
export function taskDefinitions(leadActions: LeadBulkActions, licensing: readonly AnyTask[]): AnyTask[] {
  return [...Object.values(leadActions).map(({ task }) => task), ...licensing]
}
