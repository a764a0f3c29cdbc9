import { testConnection } from '../../../../contract/connections.ts'
import { type Route, route } from '../../../platform/http/route.ts'
import type { ConnectionService } from '../connection.service.ts'

export function testConnectionRoute(connections: ConnectionService): Route {
  return route(testConnection, async ({ params }, { principal, signal }) => ({
    json: await connections.test(principal, params.operatorId, signal),
  }))
}
