import type { InvitableTier, Level } from '../../../contract/roles.ts'
import { badRequest } from '../../kernel/errors.ts'
import { isGuid } from '../../kernel/ids.ts'
import type { Principal } from '../../kernel/principal.ts'
import type { Role } from './person.rules.ts'

/** A role as it is asked for: the operator is the one the request works for. */
export type RoleAsked = { tier: InvitableTier; level: Level; channelId?: number | null; tenantId?: string | null }

/**
 * The role that is meant. A channel goes with the channel tier and a customer's tenant with the customer tier, and with no
 * other; who is bound to one need not name it.
 */
export function roleOf(principal: Principal, { tier, level, channelId, tenantId }: RoleAsked): Role {
  if (tier !== 'platform' && principal.operatorId === null) throw noOperator()
  if (tier !== 'channel' && channelId != null)
    throw wrong('channelId', 'Goes with the channel tier only: leave it out.')
  if (tier !== 'customer' && tenantId != null)
    throw wrong('tenantId', 'Goes with the customer tier only: leave it out.')
  const role: Role = { tier, level, operatorId: principal.operatorId, channelId: null, tenantId: null }
  switch (tier) {
    case 'platform':
      return { ...role, operatorId: null }
    case 'operator':
      return role
    case 'channel': {
      const channel = channelId ?? principal.channelId
      if (channel === null) throw wrong('channelId', 'The channel tier needs one: say which.')
      return { ...role, channelId: channel }
    }
    case 'customer': {
      const tenant = tenantId?.toLowerCase() ?? principal.customerTenantId
      if (tenant === undefined || !isGuid(tenant))
        throw wrong('tenantId', "The customer tier needs the customer's Microsoft tenant id.")
      return { ...role, tenantId: tenant }
    }
  }
}

function noOperator() {
  return badRequest([{ pointer: '/body/tier', detail: 'This tier belongs to an operator: say for which.' }])
}

function wrong(field: 'channelId' | 'tenantId', detail: string) {
  return badRequest([{ pointer: `/body/${field}`, detail }])
}
