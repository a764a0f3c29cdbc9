import { assignLeadToChannel } from '../../../../contract/lead-channel.ts'
import { type Route, route, validationProblem } from '../../../platform/http/index.ts'
import type { LeadChannelService } from '../lead-channel.service.ts'

export function assignLeadToChannelRoute(leadChannels: LeadChannelService): Route {
  return route(
    assignLeadToChannel,
    async ({ body }, { principal }) => {
      await leadChannels.assign(principal, body)
      return { json: { status: 'success', succeeded: true, message: 'Lead successfully assigned to the channel' } }
    },
    { presentError: validationProblem },
  )
}
