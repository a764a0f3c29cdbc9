import { listTaskItems } from '../../../../contract/tasks.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { toWireItem } from '../task.view.ts'
import type { TaskRouteOptions } from './task-route-options.ts'

export function listTaskItemsRoute({ tasks }: TaskRouteOptions): Route {
  return route(listTaskItems, async ({ params, query }, { principal }) => {
    const { items, nextCursor } = await tasks.items(principal, params.taskId, query)
    return { json: { data: items.map(toWireItem), nextCursor } }
  })
}
