import { setLeadChannel } from '../../../../contract/lead-channel.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { LeadService } from '../lead.service.ts'
import type { LeadChannelService } from '../lead-channel.service.ts'
import { shownLead } from '../shown-lead.ts'

export function setLeadChannelRoute(leads: LeadService, leadChannels: LeadChannelService): Route {
  return route(setLeadChannel, async ({ params, body }, { principal, headers }) => {
    const { channelId, wholeTenant } = body
    await leadChannels.set(principal, params.leadId, channelId, { ifMatch: headers['if-match'], wholeTenant })
    return shownLead(await leads.one(principal, params.leadId))
  })
}
