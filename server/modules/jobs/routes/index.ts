import type { Route } from '../../../platform/http/index.ts'
import { cancelRunRoute } from './cancel-run.ts'
import { getRunRoute } from './get-run.ts'
import type { JobRouteOptions } from './job-route-options.ts'
import { listJobRunsRoute } from './list-job-runs.ts'
import { listJobsRoute } from './list-jobs.ts'
import { listRunsRoute } from './list-runs.ts'
import { listUndeliveredEventsRoute } from './list-undelivered-events.ts'
import { retryUndeliveredEventRoute } from './retry-undelivered-event.ts'
import { startJobRunRoute } from './start-job-run.ts'

export function jobRoutes(options: JobRouteOptions): Route[] {
  return [
    listJobsRoute(options),
    listJobRunsRoute(options),
    startJobRunRoute(options),
    listRunsRoute(options),
    getRunRoute(options),
    cancelRunRoute(options),
    listUndeliveredEventsRoute(options),
    retryUndeliveredEventRoute(options),
  ]
}
