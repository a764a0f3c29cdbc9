import type {
  ServiceSort,
  WireAdoptedRow,
  WireService,
  WireServiceDeletion,
  WireServiceDetail,
  WireServiceFacets,
  WireSipConnection,
} from '../../contract/services.ts'
import { call, callTagged, callWithTag, type Tagged } from './call.ts'
import type { WireAdvancedSettings } from './licenses.ts'
import type { WireTask } from './tasks.ts'

export type {
  ServiceSort,
  WireAdoptedRow,
  WireCheckResult,
  WireService,
  WireServiceDeletion,
  WireServiceDetail,
  WireServiceFacets,
  WireSipConnection,
  WireTestCall,
} from '../../contract/services.ts'

/** What narrows and orders the list, in the names of the API. */
export type ServiceFilter = {
  q?: string
  state?: string
  license?: string
  deployment?: string
  health?: string
  model?: string
  channelId?: number
  lcCustomerId?: number
  tenantId?: string
  leadId?: string
  sort?: ServiceSort
}

export type ServicePage = { data: WireService[]; total: number; nextCursor: string | null; facets?: WireServiceFacets }

const services = '/api/v4/services'
const one = (serviceId: string) => `${services}/${encodeURIComponent(serviceId)}`

export function listServices(
  operatorId: number,
  filter: ServiceFilter,
  page: { cursor?: string; pageSize: number; facets?: boolean },
  signal: AbortSignal,
): Promise<ServicePage> {
  return callTagged<ServicePage>(services, { operatorId, query: { ...filter, ...page }, signal })
}

/** With the tag that the next change names, so that nobody's change is lost. */
export function getService(
  operatorId: number,
  serviceId: string,
  signal: AbortSignal,
): Promise<Tagged<WireServiceDetail>> {
  return callWithTag('GET', one(serviceId), { operatorId, signal })
}

export function updateService(
  operatorId: number,
  serviceId: string,
  change: { fullName?: string; lcCustomerId?: number | null },
  ifMatch: string | null,
): Promise<WireServiceDetail> {
  return call('PATCH', one(serviceId), { operatorId, body: change, ifMatch })
}

export function checkService(operatorId: number, serviceId: string): Promise<WireTask> {
  return call('POST', `${one(serviceId)}/check`, { operatorId })
}

export function tickTestCall(
  operatorId: number,
  serviceId: string,
  code: string,
  done: boolean,
): Promise<WireServiceDetail> {
  return call('PUT', `${one(serviceId)}/test-calls/${encodeURIComponent(code)}`, { operatorId, body: { done } })
}

export function barService(operatorId: number, serviceId: string, reason: string): Promise<WireTask> {
  return call('POST', `${one(serviceId)}/bar`, { operatorId, body: { reason } })
}

export function unbarService(operatorId: number, serviceId: string): Promise<WireTask> {
  return call('POST', `${one(serviceId)}/unbar`, { operatorId })
}

export function previewDeletion(
  operatorId: number,
  serviceId: string,
  signal: AbortSignal,
): Promise<WireServiceDeletion> {
  return call('GET', `${one(serviceId)}/deletion`, { operatorId, signal })
}

export function deleteService(
  operatorId: number,
  serviceId: string,
  how: { shortName: string; terminateContract?: { reason: string } },
): Promise<WireTask> {
  return call('POST', `${one(serviceId)}/deletion`, { operatorId, body: how })
}

export function addSipConnection(
  operatorId: number,
  serviceId: string,
  settings: WireAdvancedSettings,
): Promise<WireTask> {
  return call('POST', `${one(serviceId)}/sip-connections`, { operatorId, body: settings })
}

export type SipConnectionChange = Partial<
  Pick<
    WireAdvancedSettings,
    | 'connectionName'
    | 'cacProfile'
    | 'proxySet'
    | 'carrierHostName'
    | 'carrierMainLine'
    | 'carrierUserName'
    | 'carrierPassword'
    | 'variables'
  >
>

export function changeSipConnection(
  operatorId: number,
  { id }: Pick<WireSipConnection, 'id'>,
  change: SipConnectionChange,
): Promise<WireTask> {
  return call('PATCH', `/api/v4/sip-connections/${encodeURIComponent(id)}`, { operatorId, body: change })
}

export function removeSipConnection(operatorId: number, { id }: Pick<WireSipConnection, 'id'>): Promise<WireTask> {
  return call('POST', `/api/v4/sip-connections/${encodeURIComponent(id)}/removal`, { operatorId })
}

export type Adoption = { dryRun: boolean; rows: WireAdoptedRow[]; adopted: number; refused: number }

export function adoptServices(operatorId: number, asked: { csv: string; dryRun: boolean }): Promise<Adoption> {
  return call('POST', `${services}/adoption`, { operatorId, body: asked, timeoutSeconds: 120 })
}
