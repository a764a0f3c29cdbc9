import { createLead, deleteLead, findTenant, setLeadRelationship } from '../../../../contract/direct-leads.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { DirectLeadService } from '../direct-lead.service.ts'
import type { LeadService } from '../lead.service.ts'
import { shownLead } from '../shown-lead.ts'
import { createConsentlessLeadRoute } from './create-consentless-lead.ts'
import { deleteConsentlessLeadRoute } from './delete-consentless-lead.ts'

/** "New Lead", "Delete (Consentless) Lead", and the relationship with the customer. */
export function directLeadRoutes(leads: LeadService, directLeads: DirectLeadService): Route[] {
  return [
    createConsentlessLeadRoute(leads, directLeads),
    deleteConsentlessLeadRoute(directLeads),
    route(createLead, async ({ body }, { principal, keyHash, signal }) => {
      const leadId = await directLeads.create(principal, body, keyHash, signal)
      return { status: 201, ...shownLead(await leads.one(principal, leadId)) }
    }),
    route(deleteLead, async ({ params }, { principal, signal }) => {
      await directLeads.remove(principal, params.leadId, signal)
      return {}
    }),
    route(setLeadRelationship, async ({ params, body }, { principal, signal, headers }) => {
      await directLeads.setRelationship(principal, params.leadId, { ...body, ifMatch: headers['if-match'] }, signal)
      return shownLead(await leads.one(principal, params.leadId))
    }),
    route(findTenant, async ({ query }, { principal, signal }) => ({
      json: await directLeads.tenantOfDomain(principal, query.domain, signal),
    })),
  ]
}
