import { getTask } from '../../../../contract/tasks.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { retryAfterSeconds, toDocumentedTask } from '../task.view.ts'
import type { TaskRouteOptions } from './task-route-options.ts'

export function getTaskRoute({ tasks, clock }: TaskRouteOptions): Route {
  return route(getTask, async ({ params }, { principal }) => {
    const task = await tasks.get(principal, params.taskId)
    const wait = retryAfterSeconds(task, clock.now())
    const headers = {
      Location: `/api/v4/tasks/${task.task.wireId}`,
      ...(wait !== null && { 'Retry-After': String(wait) }),
    }
    return { json: toDocumentedTask(task), headers }
  })
}
