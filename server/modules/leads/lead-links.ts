import type { LeadQuery } from './lead-query.rules.ts'

/**
 * RFC 8288 links of a page of the documented list: first, prev, next and last by page number. `given` is the caller's own
 * query, so that filters stay; a page reached by cursor has only first and next.
 */
export function pageLinks(
  address: string,
  given: Record<string, unknown>,
  query: LeadQuery,
  total: number,
  nextCursor: string | null,
): string {
  const link = (rel: string, change: Record<string, string | number>) => {
    const { PageNumber: _page, cursor: _cursor, ...rest } = given
    const entries = Object.entries({ ...rest, ...change }).map(([name, value]): [string, string] => [
      name,
      String(value),
    ])
    return `<${address}?${new URLSearchParams(entries)}>; rel="${rel}"`
  }
  const pages = Math.max(1, Math.ceil(total / query.limit))
  const size = { PageSize: query.limit }
  if (query.after) {
    const next = nextCursor === null ? [] : [link('next', { ...size, cursor: nextCursor })]
    return [link('first', { ...size, PageNumber: 1 }), ...next].join(', ')
  }
  const page = Math.floor(query.offset / query.limit) + 1
  const links = [link('first', { ...size, PageNumber: 1 })]
  if (page > 1) links.push(link('prev', { ...size, PageNumber: Math.min(page - 1, pages) }))
  if (page < pages) links.push(link('next', { ...size, PageNumber: page + 1 }))
  links.push(link('last', { ...size, PageNumber: pages }))
  return links.join(', ')
}
