import { createConsentlessLead } from '../../../../contract/direct-leads.ts'
import { type Answer, type Problem, type Route, route, validationProblem } from '../../../platform/http/index.ts'
import type { DirectLeadService } from '../direct-lead.service.ts'
import type { LeadService } from '../lead.service.ts'

export function createConsentlessLeadRoute(leads: LeadService, directLeads: DirectLeadService): Route {
  return route(
    createConsentlessLead,
    async ({ body }, { principal, keyHash, signal }) => {
      const leadId = await directLeads.create(principal, body, keyHash, signal)
      return { text: (await leads.one(principal, leadId)).body }
    },
    { presentError: documented },
  )
}

/** Field by field, in the documented words and under the model's names. Source: rest-api.md L3, 1.6. */
const WORDS: Record<string, [string, string]> = {
  '/body/tenantId': ['/body/TenantId', 'This MsTenant already exists as an UMP lead!'],
  '/body/companyName': ['/body/CompanyName', 'Company name is already used for an UMP lead.'],
}

const IN_USE = ['lead-exists', 'company-name-in-use', 'company-name-refused']

function documented(problem: Problem): Answer {
  if (problem.code === 'tenant-refused') return { json: 'Invalild lead' }
  if (!IN_USE.includes(problem.code)) return validationProblem(problem)
  const errors = (problem.errors ?? []).map((flaw) => {
    const [pointer, detail] = WORDS[flaw.pointer] ?? [flaw.pointer, flaw.detail]
    return { pointer, detail }
  })
  return { status: 400, ...validationProblem({ ...problem, status: 400, errors }) }
}
