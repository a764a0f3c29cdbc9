import { setConnection } from '../../../../contract/connections.ts'
import { type Route, route } from '../../../platform/http/route.ts'
import type { ConnectionService } from '../connection.service.ts'
import { connectionView } from '../connection.view.ts'

export function setConnectionRoute(connections: ConnectionService): Route {
  return route(setConnection, async ({ params, body }, { principal }) => ({
    json: connectionView(await connections.set(principal, params.operatorId, body)),
  }))
}
