import { listRuns } from '../../../../contract/jobs.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { toWireRun } from '../run.view.ts'
import type { JobRouteOptions } from './job-route-options.ts'

export function listRunsRoute({ jobs, clock }: JobRouteOptions): Route {
  return route(listRuns, async ({ query }, { principal }) => {
    const { runs, nextCursor } = await jobs.listAllRuns(principal, query)
    return { json: { data: runs.map((run) => toWireRun(run, clock.now())), nextCursor } }
  })
}
