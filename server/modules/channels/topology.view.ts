import type { WireTopologyChannel, WireTopologyCustomer } from '../../../contract/topology.ts'
import type { Channel } from './channel.rules.ts'
import type { LcCustomer } from './lc-customer.store.ts'

const UNMONITORED = 'UNMONITORED'
const quality = { vqControlStatus: UNMONITORED, vqMediaStatus: UNMONITORED, voiceQualityStatus: UNMONITORED }

/** A channel in the documented shape, in its order. Source: rest-api.md 2.4. */
export function topologyChannelView(channel: Channel, services: number): WireTopologyChannel {
  return {
    definedAt: stamp(channel.createdAt),
    adGroupName: null,
    dmSourceEmail: null,
    iamAccountId: channel.accountId,
    lastChanged: stamp(channel.changedAt),
    description: channel.description,
    maxCustomers: channel.maxCustomers,
    services: { OC: { enabled: channel.operatorConnectEnabled } },
    adGroupId: null,
    url: `/${channelUrl(channel.channelId)}`,
    msTenantId: channel.msTenantId,
    vocaProviderId: null,
    servicesNumber: services,
    appRegistrationSettings: null,
    name: channel.name,
    tenantId: channel.operatorId,
    id: channel.channelId,
    logoId: channel.hasLogo ? channel.channelId : 0,
    contacts: channel.contacts,
    status: UNMONITORED,
  }
}

/** A customer in the documented shape, in its order. Source: rest-api.md 2.5. */
export function topologyCustomerView(customer: LcCustomer): WireTopologyCustomer {
  return {
    definedAt: stamp(customer.createdAt),
    iamAccountId: customer.accountId,
    fullName: customer.fullName,
    description: customer.description,
    services: { OC: { meteringTag: '' } },
    applicationsStatus: {
      management: { managementStatus: UNMONITORED },
      voiceQuality: {
        teamsVoiceQualityJson: quality,
        voiceQualityStatus: UNMONITORED,
        alertRuleVoiceQualityStatus: UNMONITORED,
        sbcVoiceQualityJson: quality,
      },
    },
    adGroupId: null,
    url: `/${customerUrl(customer.customerId)}`,
    msTenantId: customer.msTenantId,
    attachedServices: [],
    name: customer.name,
    tenantId: customer.operatorId,
    id: customer.customerId,
    logoId: customer.hasLogo ? customer.customerId : 0,
    channelId: customer.channelId ?? 0,
    contacts: customer.contacts,
    status: UNMONITORED,
  }
}

export const channelUrl = (channelId: number) => `ovoc/v1/topology/channels/${channelId}`
export const customerUrl = (customerId: number) => `ovoc/v1/topology/lcCustomers/${customerId}`

/** `2025-08-12T07:02:10.822+0000`. Source: rest-api.md 1.5. */
function stamp(instant: Date): string {
  return instant.toISOString().replace('Z', '+0000')
}
