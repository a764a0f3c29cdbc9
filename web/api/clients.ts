import type { WireClient, WireClientWithSecret } from '../../contract/clients.ts'
import { call } from './call.ts'

export type { WireClient, WireClientWithSecret } from '../../contract/clients.ts'

export type ClientChange = { name: string; permissions: string[]; channelId: number | null }

const path = '/api/v4/clients'
const pathOf = (clientId: string) => `${path}/${encodeURIComponent(clientId)}`

export async function listClients(operatorId: number, signal: AbortSignal): Promise<WireClient[]> {
  return (await call<{ data: WireClient[] }>('GET', path, { operatorId, signal })).data
}

export function createClient(operatorId: number, client: ClientChange): Promise<WireClientWithSecret> {
  return call('POST', path, { operatorId, body: client })
}

export function updateClient(operatorId: number, clientId: string, change: Partial<ClientChange>): Promise<WireClient> {
  return call('PATCH', pathOf(clientId), { operatorId, body: change })
}

export function rotateClientSecret(
  operatorId: number,
  clientId: string,
  overlapHours: number,
): Promise<WireClientWithSecret> {
  return call('POST', `${pathOf(clientId)}/rotate-secret`, { operatorId, body: { overlapHours } })
}

export function revokeClient(operatorId: number, clientId: string): Promise<WireClient> {
  return call('DELETE', pathOf(clientId), { operatorId })
}
