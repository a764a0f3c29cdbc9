import { listOperators } from '../../../../contract/operators.ts'
import { type Route, route } from '../../../platform/http/route.ts'
import type { OperatorService } from '../operator.service.ts'
import { operatorView } from '../operator.view.ts'

export function listOperatorsRoute(operators: OperatorService): Route {
  return route(listOperators, async (_input, { principal }) => ({
    json: { data: (await operators.list(principal)).map(operatorView) },
  }))
}
