import type { InvitableTier, Level } from '../../../contract/roles.ts'
import { badRequest } from '../../kernel/errors.ts'
import type { Principal } from '../../kernel/principal.ts'
import type { Role } from './person.rules.ts'

/** A role as it is asked for: the operator is the one the request works for. */
export type RoleAsked = { tier: InvitableTier; level: Level; channelId?: number | null }

/** The role that is meant. A channel goes with the channel tier and with no other; who is bound to one need not name it. */
export function roleOf(principal: Principal, { tier, level, channelId }: RoleAsked): Role {
  if (tier !== 'platform' && principal.operatorId === null) throw noOperator()
  if (tier !== 'channel') {
    if (channelId != null) throw wrongChannel('Goes with the channel tier only: leave it out.')
    return { tier, level, operatorId: tier === 'platform' ? null : principal.operatorId, channelId: null }
  }
  const channel = channelId ?? principal.channelId
  if (channel === null) throw wrongChannel('The channel tier needs one: say which.')
  return { tier, level, operatorId: principal.operatorId, channelId: channel }
}

function noOperator() {
  return badRequest([{ pointer: '/body/tier', detail: 'This tier belongs to an operator: say for which.' }])
}

function wrongChannel(detail: string) {
  return badRequest([{ pointer: '/body/channelId', detail }])
}
