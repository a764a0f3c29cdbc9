import { removeLeadChannel } from '../../../../contract/lead-channel.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { LeadService } from '../lead.service.ts'
import type { LeadChannelService } from '../lead-channel.service.ts'
import { shownLead } from '../shown-lead.ts'

export function removeLeadChannelRoute(leads: LeadService, leadChannels: LeadChannelService): Route {
  return route(removeLeadChannel, async ({ params, query }, { principal, headers }) => {
    await leadChannels.set(principal, params.leadId, null, { ifMatch: headers['if-match'], ...query })
    return shownLead(await leads.one(principal, params.leadId))
  })
}
