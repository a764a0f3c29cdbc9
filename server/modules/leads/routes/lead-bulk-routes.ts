import type { Route } from '../../../platform/http/index.ts'
import type { TaskService } from '../../tasks/index.ts'
import type { LeadArchiveService } from '../lead-archive.service.ts'
import type { LeadBulkService } from '../lead-bulk.service.ts'
import { archiveLeadRoute } from './archive-lead.ts'
import { changeLeadsRoute } from './change-leads.ts'
import { exportChosenLeadsRoute } from './export-chosen-leads.ts'
import { unarchiveLeadRoute } from './unarchive-lead.ts'

export type LeadBulkRouteOptions = { leadBulk: LeadBulkService; leadArchive: LeadArchiveService; tasks: TaskService }

export function leadBulkRoutes({ leadBulk, leadArchive, tasks }: LeadBulkRouteOptions): Route[] {
  return [
    changeLeadsRoute(leadBulk, tasks),
    exportChosenLeadsRoute(leadBulk),
    archiveLeadRoute(leadArchive),
    unarchiveLeadRoute(leadArchive),
  ]
}
