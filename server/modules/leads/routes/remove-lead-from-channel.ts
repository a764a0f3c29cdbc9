import { removeLeadFromChannel } from '../../../../contract/lead-channel.ts'
import { extendedProblem, type Route, route } from '../../../platform/http/index.ts'
import type { LeadChannelService } from '../lead-channel.service.ts'

export function removeLeadFromChannelRoute(leadChannels: LeadChannelService): Route {
  return route(
    removeLeadFromChannel,
    async ({ query }, { principal }) => {
      const channelId = await leadChannels.remove(principal, query.msTenantId)
      return { json: { status: true, data: `Removed channel ${channelId}` } }
    },
    { presentError: extendedProblem },
  )
}
