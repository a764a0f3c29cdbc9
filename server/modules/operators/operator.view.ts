import type { WireOperator } from '../../../contract/operators.ts'
import type { Operator } from './operator.store.ts'

export function operatorView({ operatorId, name, createdAt, connected }: Operator): WireOperator {
  return { operatorId, name, createdAt: createdAt.toISOString(), connected }
}
