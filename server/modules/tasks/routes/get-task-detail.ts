import { getTaskDetail } from '../../../../contract/tasks.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { retryAfterSeconds, toWireTaskDetail } from '../task.view.ts'
import type { TaskRouteOptions } from './task-route-options.ts'

export function getTaskDetailRoute({ tasks, clock }: TaskRouteOptions): Route {
  return route(getTaskDetail, async ({ params }, { principal }) => {
    const task = await tasks.get(principal, params.taskId)
    const wait = retryAfterSeconds(task, clock.now())
    return {
      json: toWireTaskDetail(task, clock.now()),
      ...(wait !== null && { headers: { 'Retry-After': String(wait) } }),
    }
  })
}
