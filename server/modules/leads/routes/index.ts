import type { Route } from '../../../platform/http/route.ts'
import type { LeadService } from '../lead.service.ts'
import type { LeadChannelService } from '../lead-channel.service.ts'
import { assignLeadToChannelRoute } from './assign-lead-to-channel.ts'
import { exportLeadsRoute } from './export-leads.ts'
import { getDeskLeadRoute } from './get-desk-lead.ts'
import { listDeskLeadsRoute } from './list-desk-leads.ts'
import { listLeadsRoute } from './list-leads.ts'
import { removeLeadChannelRoute } from './remove-lead-channel.ts'
import { removeLeadFromChannelRoute } from './remove-lead-from-channel.ts'
import { setLeadChannelRoute } from './set-lead-channel.ts'

export function leadRoutes(leads: LeadService): Route[] {
  return [listLeadsRoute(leads), listDeskLeadsRoute(leads), exportLeadsRoute(leads), getDeskLeadRoute(leads)]
}

/** "Change Channel Partner" and "Remove Attached Channel". */
export function leadChannelRoutes(leads: LeadService, leadChannels: LeadChannelService): Route[] {
  return [
    assignLeadToChannelRoute(leadChannels),
    removeLeadFromChannelRoute(leadChannels),
    setLeadChannelRoute(leads, leadChannels),
    removeLeadChannelRoute(leads, leadChannels),
  ]
}
