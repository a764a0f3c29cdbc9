import { listDeskLeads } from '../../../../contract/leads.ts'
import { type Route, route } from '../../../platform/http/route.ts'
import type { LeadService } from '../lead.service.ts'
import { decodeCursor, encodeCursor } from '../lead-cursor.ts'
import { deskLeadView } from '../lead-desk.view.ts'
import { readDeskQuery } from '../lead-query.rules.ts'

export function listDeskLeadsRoute(leads: LeadService): Route {
  return route(listDeskLeads, async (input, { principal }) => {
    const query = readDeskQuery(input.query, principal)
    if (input.query.cursor !== undefined) query.after = decodeCursor(query, input.query.cursor)
    const { etag, page, facets } = await leads.desk(principal, query)
    return {
      etag: `${etag}.${input.query.facets ? 'facets' : 'list'}`,
      async produce() {
        const [{ rows, last, total }, counted] = await Promise.all([page(), input.query.facets ? facets() : undefined])
        const nextCursor = last && rows.length === query.limit ? encodeCursor(query, last) : null
        return { json: { data: rows.map(deskLeadView), total, nextCursor, ...(counted && { facets: counted }) } }
      },
    }
  })
}
