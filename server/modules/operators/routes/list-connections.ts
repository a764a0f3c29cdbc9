import { listConnections } from '../../../../contract/connections.ts'
import { type Route, route } from '../../../platform/http/route.ts'
import type { ConnectionService } from '../connection.service.ts'
import { connectionView } from '../connection.view.ts'

export function listConnectionsRoute(connections: ConnectionService): Route {
  return route(listConnections, async (_input, { principal }) => ({
    json: { data: (await connections.list(principal)).map(connectionView) },
  }))
}
