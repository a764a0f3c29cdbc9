import { changeLeads } from '../../../../contract/lead-bulk.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { type TaskService, taskAnswer } from '../../tasks/index.ts'
import type { LeadBulkService } from '../lead-bulk.service.ts'

export function changeLeadsRoute(bulk: LeadBulkService, tasks: TaskService): Route {
  return route(changeLeads, async ({ body }, { principal }) => {
    const { taskId } = await bulk.start(principal, body)
    return taskAnswer(await tasks.started(principal, taskId))
  })
}
