import type { WireOperator, WireOperatorSettings } from '../../../contract/operators.ts'
import type { Operator, OperatorSettings } from './operator.store.ts'

export function operatorView({ operatorId, name, companyNameInUse, createdAt, connected }: Operator): WireOperator {
  return { operatorId, name, companyNameInUse, createdAt: createdAt.toISOString(), connected }
}

export function settingsView({ companyNameInUse }: OperatorSettings): WireOperatorSettings {
  return { companyNameInUse }
}
