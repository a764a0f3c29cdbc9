import { setLeadDue, setLeadOwner } from '../../../../contract/lead-duty.ts'
import { listLeadOwners } from '../../../../contract/lead-owner.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { LeadService } from '../lead.service.ts'
import type { LeadOwnerService } from '../lead-owner.service.ts'
import { shownLead } from '../shown-lead.ts'

/** Who sees to a lead, and until when. */
export function leadOwnerRoutes(leads: LeadService, owners: LeadOwnerService): Route[] {
  return [
    route(listLeadOwners, async (_input, { principal }) => ({ json: await owners.list(principal) })),
    route(setLeadOwner, async ({ params, body }, { principal, headers }) => {
      await owners.setOwner(principal, params.leadId, body.ownerId, headers['if-match'])
      return shownLead(await leads.one(principal, params.leadId))
    }),
    route(setLeadDue, async ({ params, body }, { principal, headers }) => {
      await owners.setDue(principal, params.leadId, body.dueAt, headers['if-match'])
      return shownLead(await leads.one(principal, params.leadId))
    }),
  ]
}
