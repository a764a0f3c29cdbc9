import { archiveLead } from '../../../../contract/lead-bulk.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { LeadArchiveService } from '../lead-archive.service.ts'

export function archiveLeadRoute(archive: LeadArchiveService): Route {
  return route(archiveLead, async ({ params }, { principal }) => {
    await archive.set(principal, params.leadId, true)
    return {}
  })
}
