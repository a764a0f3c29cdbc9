import { listJobs } from '../../../../contract/jobs.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { toWireJob } from '../run.view.ts'
import type { JobRouteOptions } from './job-route-options.ts'

export function listJobsRoute({ jobs, clock }: JobRouteOptions): Route {
  return route(listJobs, async (_input, { principal }) => {
    const now = clock.now()
    const overview = await jobs.overview(principal)
    return { json: { data: overview.map(({ job, ...runs }) => toWireJob(job, runs, now)) } }
  })
}
