import { unarchiveLead } from '../../../../contract/lead-bulk.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { LeadArchiveService } from '../lead-archive.service.ts'

export function unarchiveLeadRoute(archive: LeadArchiveService): Route {
  return route(unarchiveLead, async ({ params }, { principal }) => {
    await archive.set(principal, params.leadId, false)
    return {}
  })
}
