import { getConnection } from '../../../../contract/connections.ts'
import { type Route, route } from '../../../platform/http/route.ts'
import type { ConnectionService } from '../connection.service.ts'
import { connectionView } from '../connection.view.ts'

export function getConnectionRoute(connections: ConnectionService): Route {
  return route(getConnection, async ({ params }, { principal }) => ({
    json: connectionView(await connections.get(principal, params.operatorId)),
  }))
}
