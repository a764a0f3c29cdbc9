import { renameOperator } from '../../../../contract/operators.ts'
import { type Route, route } from '../../../platform/http/route.ts'
import type { OperatorService } from '../operator.service.ts'
import { operatorView } from '../operator.view.ts'

export function renameOperatorRoute(operators: OperatorService): Route {
  return route(renameOperator, async ({ params, body }, { principal }) => ({
    json: operatorView(await operators.change(principal, params.operatorId, body)),
  }))
}
