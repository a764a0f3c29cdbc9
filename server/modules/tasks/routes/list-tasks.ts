import { listTasks } from '../../../../contract/tasks.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { toWireTask } from '../task.view.ts'
import type { TaskRouteOptions } from './task-route-options.ts'

export function listTasksRoute({ tasks, clock }: TaskRouteOptions): Route {
  return route(listTasks, async ({ query }, { principal }) => {
    const page = await tasks.list(principal, query)
    const now = clock.now()
    return { json: { data: page.tasks.map((task) => toWireTask(task, now)), nextCursor: page.nextCursor } }
  })
}
