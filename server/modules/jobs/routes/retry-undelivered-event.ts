import { retryUndeliveredEvent } from '../../../../contract/undelivered-events.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { JobRouteOptions } from './job-route-options.ts'

export function retryUndeliveredEventRoute({ undelivered }: JobRouteOptions): Route {
  return route(retryUndeliveredEvent, async ({ params, body }, { principal }) => ({
    status: 202,
    json: { deliveries: await undelivered.retry(principal, params.eventId, body.subscriber ?? null) },
  }))
}
