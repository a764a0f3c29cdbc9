import { startJobRun } from '../../../../contract/jobs.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { toWireRun } from '../run.view.ts'
import type { JobRouteOptions } from './job-route-options.ts'

export function startJobRunRoute({ jobs, clock }: JobRouteOptions): Route {
  return route(startJobRun, async ({ params }, { principal }) => {
    const { run, created } = await jobs.startRun(principal, params.jobName)
    const headers = { location: `/api/v4/runs/${run.runId}` }
    return { status: created ? 202 : 200, headers, json: toWireRun(run, clock.now()) }
  })
}
