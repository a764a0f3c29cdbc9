import { search } from '../../../../contract/search.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { SearchService } from '../search.service.ts'

export function searchRoute(searches: SearchService): Route {
  return route(search, async ({ query }, { principal, signal }) => ({
    json: await searches.find(principal, query, signal),
  }))
}
