import { exportChosenLeads } from '../../../../contract/lead-bulk.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { LeadBulkService } from '../lead-bulk.service.ts'
import { leadsFile } from './export-leads.ts'

export function exportChosenLeadsRoute(bulk: LeadBulkService): Route {
  return route(exportChosenLeads, async ({ body }, { principal }) => leadsFile(await bulk.export(principal, body)))
}
