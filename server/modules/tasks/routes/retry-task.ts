import { retryTask } from '../../../../contract/tasks.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { toWireTask } from '../task.view.ts'
import type { TaskRouteOptions } from './task-route-options.ts'

export function retryTaskRoute({ tasks, clock }: TaskRouteOptions): Route {
  return route(retryTask, async ({ params }, { principal }) => {
    const task = await tasks.change(principal, params.taskId, 'retry')
    return { status: 202, json: toWireTask(task, clock.now()) }
  })
}
