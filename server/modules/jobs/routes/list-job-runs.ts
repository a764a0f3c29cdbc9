import { listJobRuns } from '../../../../contract/jobs.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { toWireRun } from '../run.view.ts'
import type { JobRouteOptions } from './job-route-options.ts'

export function listJobRunsRoute({ jobs, clock }: JobRouteOptions): Route {
  return route(listJobRuns, async ({ params, query }, { principal }) => {
    const now = clock.now()
    const { runs, nextCursor } = await jobs.listRuns(principal, params.jobName, query)
    return { json: { data: runs.map((run) => toWireRun(run, now)), nextCursor } }
  })
}
