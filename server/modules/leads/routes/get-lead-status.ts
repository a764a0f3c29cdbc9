import { getLeadStatus } from '../../../../contract/lead-status.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { LeadStatusService } from '../lead-status.service.ts'

/** Detailed Status. */
export function getLeadStatusRoute(leadStatus: LeadStatusService): Route {
  return route(getLeadStatus, async ({ params }, { principal }) => ({
    json: await leadStatus.get(principal, params.leadId),
  }))
}
