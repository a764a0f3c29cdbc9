import { listDeskLeads } from '../../../../contract/leads.ts'
import { type Route, route } from '../../../platform/http/route.ts'
import type { LeadService } from '../lead.service.ts'
import { decodeCursor, encodeCursor } from '../lead-cursor.ts'
import { deskLeadView } from '../lead-desk.view.ts'
import { readDeskQuery } from '../lead-query.rules.ts'

export function listDeskLeadsRoute(leads: LeadService): Route {
  return route(listDeskLeads, async (input, { principal }) => {
    const query = readDeskQuery(input.query)
    if (input.query.cursor !== undefined) query.after = decodeCursor(query, input.query.cursor)
    return {
      etag: await leads.deskTag(principal, query, input.query.facets ? 'facets' : 'list'),
      async produce() {
        const { rows, last, total } = await leads.desk(principal, query)
        const nextCursor = last && rows.length === query.limit ? encodeCursor(query, last) : null
        const facets = input.query.facets ? { facets: await leads.facets(principal, query) } : {}
        return { json: { data: rows.map(deskLeadView), total, nextCursor, ...facets } }
      },
    }
  })
}
