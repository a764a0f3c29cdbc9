import { exportTaskResults } from '../../../../contract/tasks.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { TaskRouteOptions } from './task-route-options.ts'

export function exportTaskResultsRoute({ tasks }: TaskRouteOptions): Route {
  return route(exportTaskResults, async ({ params }, { principal }) => ({
    stream: await tasks.csv(principal, params.taskId),
    contentType: 'text/csv; charset=utf-8',
    headers: { 'Content-Disposition': 'attachment; filename="results.csv"' },
  }))
}
