import { getOperator } from '../../../../contract/operators.ts'
import { type Route, route } from '../../../platform/http/route.ts'
import type { OperatorService } from '../operator.service.ts'
import { operatorView } from '../operator.view.ts'

export function getOperatorRoute(operators: OperatorService): Route {
  return route(getOperator, async ({ params }, { principal }) => ({
    json: operatorView(await operators.get(principal, params.operatorId)),
  }))
}
