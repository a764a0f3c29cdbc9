import { getDeskLead } from '../../../../contract/leads.ts'
import { type Route, route } from '../../../platform/http/route.ts'
import type { LeadService } from '../lead.service.ts'
import { deskLeadDetailView } from '../lead-desk.view.ts'

export function getDeskLeadRoute(leads: LeadService): Route {
  return route(getDeskLead, async ({ params }, { principal }) => ({
    json: deskLeadDetailView(await leads.one(principal, params.leadId)),
  }))
}
