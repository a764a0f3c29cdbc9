import { createOperator } from '../../../../contract/operators.ts'
import { type Route, route } from '../../../platform/http/route.ts'
import type { OperatorService } from '../operator.service.ts'
import { operatorView } from '../operator.view.ts'

export function createOperatorRoute(operators: OperatorService): Route {
  return route(createOperator, async ({ body }, { principal, baseUrl }) => {
    const operator = await operators.create(principal, body)
    const location = `${baseUrl}/api/v4/operators/${operator.operatorId}`
    return { status: 201, headers: { location }, json: operatorView(operator) }
  })
}
