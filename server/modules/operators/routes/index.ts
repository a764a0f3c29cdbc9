import type { Route } from '../../../platform/http/route.ts'
import type { ConnectionService } from '../connection.service.ts'
import type { OperatorService } from '../operator.service.ts'
import { changeOperatorSettingsRoute } from './change-operator-settings.ts'
import { createOperatorRoute } from './create-operator.ts'
import { getConnectionRoute } from './get-connection.ts'
import { getOperatorRoute } from './get-operator.ts'
import { getOperatorSettingsRoute } from './get-operator-settings.ts'
import { listConnectionsRoute } from './list-connections.ts'
import { listOperatorsRoute } from './list-operators.ts'
import { renameOperatorRoute } from './rename-operator.ts'
import { setConnectionRoute } from './set-connection.ts'
import { testConnectionRoute } from './test-connection.ts'

export function operatorRoutes({
  operators,
  connections,
}: {
  operators: OperatorService
  connections: ConnectionService
}): Route[] {
  return [
    listOperatorsRoute(operators),
    createOperatorRoute(operators),
    getOperatorRoute(operators),
    renameOperatorRoute(operators),
    getOperatorSettingsRoute(operators),
    changeOperatorSettingsRoute(operators),
    listConnectionsRoute(connections),
    getConnectionRoute(connections),
    setConnectionRoute(connections),
    testConnectionRoute(connections),
  ]
}
