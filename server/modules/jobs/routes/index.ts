import type { Route } from '../../../platform/http/index.ts'
import { getRunRoute } from './get-run.ts'
import type { JobRouteOptions } from './job-route-options.ts'
import { listJobRunsRoute } from './list-job-runs.ts'
import { listJobsRoute } from './list-jobs.ts'
import { startJobRunRoute } from './start-job-run.ts'

export function jobRoutes(options: JobRouteOptions): Route[] {
  return [listJobsRoute(options), listJobRunsRoute(options), startJobRunRoute(options), getRunRoute(options)]
}
