import { changeOperatorSettings } from '../../../../contract/operators.ts'
import { type Route, route } from '../../../platform/http/route.ts'
import type { OperatorService } from '../operator.service.ts'
import { settingsView } from '../operator.view.ts'

export function changeOperatorSettingsRoute(operators: OperatorService): Route {
  return route(changeOperatorSettings, async ({ params, body }, { principal }) => ({
    json: settingsView(await operators.changeSettings(principal, params.operatorId, body)),
  }))
}
