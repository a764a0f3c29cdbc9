import { undoTask } from '../../../../contract/tasks.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { toWireTask } from '../task.view.ts'
import type { TaskRouteOptions } from './task-route-options.ts'

export function undoTaskRoute({ tasks, clock }: TaskRouteOptions): Route {
  return route(undoTask, async ({ params }, { principal }) => {
    const task = await tasks.change(principal, params.taskId, 'undo')
    return { status: 202, json: toWireTask(task, clock.now()) }
  })
}
