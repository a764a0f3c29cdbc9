import type { WireOperator } from '../../contract/operators.ts'
import { call } from './call.ts'

export type { WireOperator } from '../../contract/operators.ts'

/** For administrators of the platform tier; they may work for it at once. `operatorId` left out: the next free number. */
export function createOperator(operator: { name: string; operatorId?: number }): Promise<WireOperator> {
  return call('POST', '/api/v4/operators', { body: operator })
}
