import { getRun } from '../../../../contract/jobs.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { toWireRun } from '../run.view.ts'
import type { JobRouteOptions } from './job-route-options.ts'

export function getRunRoute({ jobs, clock }: JobRouteOptions): Route {
  return route(getRun, async ({ params }, { principal }) => {
    return { json: toWireRun(await jobs.getRun(principal, params.runId), clock.now()) }
  })
}
