import { cancelRun } from '../../../../contract/jobs.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { toWireRun } from '../run.view.ts'
import type { JobRouteOptions } from './job-route-options.ts'

export function cancelRunRoute({ jobs, clock }: JobRouteOptions): Route {
  return route(cancelRun, async ({ params }, { principal }) => {
    const run = await jobs.cancelRun(principal, params.runId)
    return { status: run.state === 'cancelled' ? 200 : 202, json: toWireRun(run, clock.now()) }
  })
}
