import { getOperatorSettings } from '../../../../contract/operators.ts'
import { type Route, route } from '../../../platform/http/route.ts'
import type { OperatorService } from '../operator.service.ts'
import { settingsView } from '../operator.view.ts'

export function getOperatorSettingsRoute(operators: OperatorService): Route {
  return route(getOperatorSettings, async ({ params }, { principal }) => ({
    json: settingsView(await operators.settings(principal, params.operatorId)),
  }))
}
