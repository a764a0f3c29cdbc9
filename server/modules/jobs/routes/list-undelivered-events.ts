import { listUndeliveredEvents } from '../../../../contract/undelivered-events.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { toWireUndelivered } from '../undelivered.view.ts'
import type { JobRouteOptions } from './job-route-options.ts'

export function listUndeliveredEventsRoute({ undelivered }: JobRouteOptions): Route {
  return route(listUndeliveredEvents, async (_input, { principal }) => ({
    json: { data: (await undelivered.list(principal)).map(toWireUndelivered) },
  }))
}
