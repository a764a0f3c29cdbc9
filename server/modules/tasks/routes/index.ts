import type { Route } from '../../../platform/http/index.ts'
import { cancelTaskRoute } from './cancel-task.ts'
import { exportTaskResultsRoute } from './export-task-results.ts'
import { getTaskRoute } from './get-task.ts'
import { getTaskDetailRoute } from './get-task-detail.ts'
import { listTaskItemsRoute } from './list-task-items.ts'
import { listTasksRoute } from './list-tasks.ts'
import { retryTaskRoute } from './retry-task.ts'
import type { TaskRouteOptions } from './task-route-options.ts'
import { undoTaskRoute } from './undo-task.ts'

export function taskRoutes(options: TaskRouteOptions): Route[] {
  return [
    getTaskRoute(options),
    listTasksRoute(options),
    getTaskDetailRoute(options),
    listTaskItemsRoute(options),
    exportTaskResultsRoute(options),
    cancelTaskRoute(options),
    retryTaskRoute(options),
    undoTaskRoute(options),
  ]
}
