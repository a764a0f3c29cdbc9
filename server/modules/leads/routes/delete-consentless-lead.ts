import { deleteConsentlessLead } from '../../../../contract/direct-leads.ts'
import { type Answer, type Problem, type Route, route } from '../../../platform/http/index.ts'
import type { DirectLeadService } from '../direct-lead.service.ts'

export function deleteConsentlessLeadRoute(directLeads: DirectLeadService): Route {
  return route(
    deleteConsentlessLead,
    async ({ query }, { principal, signal }) => {
      const leadId = await directLeads.ofTenant(principal, query.msTenantID)
      await directLeads.remove(principal, leadId, signal)
      return { json: 1 }
    },
    { presentError: documented },
  )
}

/** Two bodies that are no problem details, one of them quoted. Source: rest-api.md L4, X42. */
function documented(problem: Problem): Answer {
  if (problem.code === 'lead-not-deletable')
    return { status: 400, text: 'Invalid lead', contentType: 'text/plain; charset=utf-8' }
  if (problem.code === 'not-found') return { json: 'Invalild lead' }
  return { json: problem, contentType: 'application/problem+json' }
}
