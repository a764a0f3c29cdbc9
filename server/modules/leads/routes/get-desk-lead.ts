import { getDeskLead } from '../../../../contract/leads.ts'
import { type Route, route } from '../../../platform/http/route.ts'
import type { LeadService } from '../lead.service.ts'
import { shownLead } from '../shown-lead.ts'

export function getDeskLeadRoute(leads: LeadService): Route {
  return route(getDeskLead, async ({ params }, { principal }) => shownLead(await leads.one(principal, params.leadId)))
}
