import type { WireOperator, WireOperatorSettings } from '../../contract/operators.ts'
import { call } from './call.ts'

export type { WireOperator, WireOperatorSettings } from '../../contract/operators.ts'

/** For administrators of the platform tier; they may work for it at once. `operatorId` left out: the next free number. */
export function createOperator(operator: { name: string; operatorId?: number }): Promise<WireOperator> {
  return call('POST', '/api/v4/operators', { body: operator })
}

const settingsOf = (operatorId: number) => `/api/v4/operators/${operatorId}/settings`

export function getOperatorSettings(operatorId: number, signal: AbortSignal): Promise<WireOperatorSettings> {
  return call('GET', settingsOf(operatorId), { operatorId, signal })
}

export function changeOperatorSettings(
  operatorId: number,
  change: Partial<WireOperatorSettings>,
): Promise<WireOperatorSettings> {
  return call('PATCH', settingsOf(operatorId), { operatorId, body: change })
}
