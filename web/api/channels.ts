import type { TopologyContacts, WireChannel, WireChannelDetail } from '../../contract/channels.ts'
import type { WireLcCustomer } from '../../contract/lc-customers.ts'
import { call, callWithTag, type Tagged } from './call.ts'
import type { DeskLeadDetail } from './leads.ts'

export type { TopologyContacts, WireChannel, WireChannelDetail } from '../../contract/channels.ts'
export type { WireLcCustomer } from '../../contract/lc-customers.ts'

export type ChannelChange = {
  name?: string
  description?: string
  msTenantId?: string | null
  contacts?: Partial<TopologyContacts>
  logo?: string | null
  maxCustomers?: number
  operatorConnectEnabled?: boolean
}

const channels = '/api/v4/channels'
const customers = '/api/v4/lc-customers'

export async function listChannels(operatorId: number, signal: AbortSignal): Promise<WireChannel[]> {
  return (await call<{ data: WireChannel[] }>('GET', channels, { operatorId, signal })).data
}

/** With the tag that the next change names, so that nobody's change is lost. */
export function getChannel(
  operatorId: number,
  channelId: number,
  signal: AbortSignal,
): Promise<Tagged<WireChannelDetail>> {
  return callWithTag('GET', `${channels}/${channelId}`, { operatorId, signal })
}

export function createChannel(
  operatorId: number,
  channel: ChannelChange & { name: string },
): Promise<WireChannelDetail> {
  return call('POST', channels, { operatorId, body: channel })
}

export function updateChannel(
  operatorId: number,
  channelId: number,
  change: ChannelChange,
  ifMatch: string | null,
): Promise<WireChannelDetail> {
  return call('PATCH', `${channels}/${channelId}`, { operatorId, body: change, ifMatch })
}

export function deleteChannel(operatorId: number, channelId: number): Promise<void> {
  return call('DELETE', `${channels}/${channelId}`, { operatorId })
}

export async function listLcCustomers(
  operatorId: number,
  channelId: number,
  signal: AbortSignal,
): Promise<WireLcCustomer[]> {
  const query = { channelId }
  return (await call<{ data: WireLcCustomer[] }>('GET', customers, { operatorId, query, signal })).data
}

export function createLcCustomer(
  operatorId: number,
  customer: { name: string; channelId?: number },
): Promise<WireLcCustomer> {
  return call('POST', customers, { operatorId, body: customer })
}

export function deleteLcCustomer(operatorId: number, customerId: number): Promise<void> {
  return call('DELETE', `${customers}/${customerId}`, { operatorId })
}

const leadPath = (leadId: string) => `/api/v4/leads/${encodeURIComponent(leadId)}/channel`

/** With all leads of its tenant, as far as they may: a customer stays with one channel. */
export function setLeadChannel(operatorId: number, leadId: string, channelId: number): Promise<DeskLeadDetail> {
  return call('PUT', leadPath(leadId), { operatorId, body: { channelId, wholeTenant: true } })
}

export function removeLeadChannel(operatorId: number, leadId: string): Promise<DeskLeadDetail> {
  return call('DELETE', leadPath(leadId), { operatorId, query: { wholeTenant: true } })
}
