import { listLeads } from '../../../../contract/leads.ts'
import { type Route, route } from '../../../platform/http/route.ts'
import type { LeadService } from '../lead.service.ts'
import { decodeCursor, encodeCursor } from '../lead-cursor.ts'
import { pageLinks } from '../lead-links.ts'
import { readListQuery } from '../lead-query.rules.ts'

export function listLeadsRoute(leads: LeadService): Route {
  return route(listLeads, async (input, { principal, signal, baseUrl }) => {
    const query = readListQuery(input.query)
    if (input.query.cursor !== undefined) query.after = decodeCursor(query, input.query.cursor)
    if (input.query.checkOnline) await leads.checkOnline(principal, query.tenantId, signal)
    const listing = await leads.list(principal, query, signal)
    return {
      etag: listing.etag,
      async produce() {
        const { body, total, ...page } = await listing.page()
        const more = page.last !== null && page.count === query.limit && query.sort !== 'tenant'
        const cursor = more && page.last ? encodeCursor(query, page.last) : null
        return {
          headers: {
            'X-Total-Count': String(total),
            ...(cursor === null ? {} : { 'X-Next-Cursor': cursor }),
            Link: pageLinks(`${baseUrl}${listLeads.path}`, input.query, query, total, cursor),
          },
          contentType: 'application/json; charset=utf-8',
          ...(Buffer.isBuffer(body) ? { text: body } : { stream: body }),
        }
      },
    }
  })
}
