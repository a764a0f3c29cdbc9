import type { Readable } from 'node:stream'
import { exportLeads } from '../../../../contract/leads.ts'
import { type Answer, type Route, route } from '../../../platform/http/index.ts'
import type { LeadService } from '../lead.service.ts'
import { readExportQuery } from '../lead-query.rules.ts'

export function exportLeadsRoute(leads: LeadService): Route {
  return route(exportLeads, async ({ query }, { principal }) =>
    leadsFile(await leads.csv(principal, readExportQuery(query, principal))),
  )
}

export function leadsFile({ total, file }: { total: number; file: Readable }): Answer {
  return {
    headers: { 'X-Total-Count': String(total), 'Content-Disposition': 'attachment; filename="leads.csv"' },
    contentType: 'text/csv; charset=utf-8',
    stream: file,
  }
}
