import type { WireChannel, WireChannelDetail } from '../../../contract/channels.ts'
import type { WireLcCustomer, WireLcCustomerDetail } from '../../../contract/lc-customers.ts'
import type { Principal } from '../../kernel/principal.ts'
import { mayDelete, mayTakeLeads, type Verdict } from './channel.rules.ts'
import type { SeenChannel, SeenChannelDetail } from './channel.service.ts'
import type { SeenCustomer } from './lc-customer.service.ts'
import type { LcCustomer } from './lc-customer.store.ts'

const NOT_YOURS: Verdict = {
  ok: false,
  code: 'operator-only',
  reason: 'This belongs to the whole operator: credentials bound to a channel cannot use it.',
}

/** A channel with what may be done with it. */
export function viewChannel({ channel, holds }: SeenChannel, principal: Principal): WireChannel {
  const own = (verdict: Verdict) => permitted(principal.channelId === null ? verdict : NOT_YOURS)
  return {
    id: channel.channelId,
    name: channel.name,
    description: channel.description,
    msTenantId: channel.msTenantId,
    contacts: channel.contacts,
    hasLogo: channel.hasLogo,
    maxCustomers: channel.maxCustomers,
    operatorConnectEnabled: channel.operatorConnectEnabled,
    createdAt: channel.createdAt.toISOString(),
    changedAt: channel.changedAt.toISOString(),
    holds,
    actions: {
      updateChannel: own({ ok: true }),
      deleteChannel: own(mayDelete(channel, holds)),
      assignLeads: own(mayTakeLeads(channel)),
    },
  }
}

export function viewChannelDetail(seen: SeenChannelDetail, principal: Principal): WireChannelDetail {
  return { ...viewChannel(seen, principal), logo: seen.logo }
}

export function viewCustomer(customer: LcCustomer, principal: Principal): WireLcCustomer {
  return {
    id: customer.customerId,
    name: customer.name,
    fullName: customer.fullName,
    description: customer.description,
    msTenantId: customer.msTenantId,
    contacts: customer.contacts,
    hasLogo: customer.hasLogo,
    channel: customer.channelId === null ? null : { id: customer.channelId, name: customer.channelName ?? '' },
    createdAt: customer.createdAt.toISOString(),
    changedAt: customer.changedAt.toISOString(),
    actions: { moveToChannel: permitted(principal.channelId === null ? { ok: true } : NOT_YOURS) },
  }
}

export function viewCustomerDetail({ customer, logo }: SeenCustomer, principal: Principal): WireLcCustomerDetail {
  return { ...viewCustomer(customer, principal), logo }
}

function permitted(verdict: Verdict): { allowed: boolean; reason?: string } {
  return verdict.ok ? { allowed: true } : { allowed: false, reason: verdict.reason }
}
