import { cancelTask } from '../../../../contract/tasks.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { toWireTask } from '../task.view.ts'
import type { TaskRouteOptions } from './task-route-options.ts'

export function cancelTaskRoute({ tasks, clock }: TaskRouteOptions): Route {
  return route(cancelTask, async ({ params }, { principal }) => {
    const task = await tasks.change(principal, params.taskId, 'cancel')
    return { status: 202, json: toWireTask(task, clock.now()) }
  })
}
