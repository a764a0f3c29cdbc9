import type { Static } from 'typebox'
import type { Connection, ConnectionChange, connectionCheck } from '../../contract/connections.ts'
import { call } from './call.ts'

export type { Connection, ConnectionChange } from '../../contract/connections.ts'
export type ConnectionCheck = Static<typeof connectionCheck>

const pathOf = (operatorId: number) => `/api/v4/connections/${operatorId}`

export function getConnection(operatorId: number, signal: AbortSignal): Promise<Connection> {
  return call('GET', pathOf(operatorId), { operatorId, signal })
}

export function setConnection(operatorId: number, change: ConnectionChange): Promise<Connection> {
  return call('PUT', pathOf(operatorId), { operatorId, body: change })
}

/** Asks Microsoft, stage by stage; takes at most 30 seconds there. */
export function testConnection(operatorId: number): Promise<ConnectionCheck> {
  return call('POST', `${pathOf(operatorId)}/test`, { operatorId, timeoutSeconds: 60 })
}
