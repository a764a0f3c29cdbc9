import type { Route } from '../../../platform/http/route.ts'
import type { ConnectionService } from '../connection.service.ts'
import { getConnectionRoute } from './get-connection.ts'
import { listConnectionsRoute } from './list-connections.ts'
import { setConnectionRoute } from './set-connection.ts'
import { testConnectionRoute } from './test-connection.ts'

export function operatorRoutes(connections: ConnectionService): Route[] {
  return [
    listConnectionsRoute(connections),
    getConnectionRoute(connections),
    setConnectionRoute(connections),
    testConnectionRoute(connections),
  ]
}
