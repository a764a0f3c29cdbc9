import type { Route } from '../../../platform/http/route.ts'
import type { LeadService } from '../lead.service.ts'
import { exportLeadsRoute } from './export-leads.ts'
import { getDeskLeadRoute } from './get-desk-lead.ts'
import { listDeskLeadsRoute } from './list-desk-leads.ts'
import { listLeadsRoute } from './list-leads.ts'

export function leadRoutes(leads: LeadService): Route[] {
  return [listLeadsRoute(leads), listDeskLeadsRoute(leads), exportLeadsRoute(leads), getDeskLeadRoute(leads)]
}
