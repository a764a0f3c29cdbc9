import type { ViewList, WireView } from '../../api/views.ts'
import { readSearch, writeSearch } from '../../shell/search-text.ts'
import { DEFAULT_SORT, type LeadSearch, NO_VIEW, sortedOut } from './lead-search.ts'

export function listOf(isTenants: boolean): ViewList {
  return isTenants ? 'tenants' : 'leads'
}

/** The id in an address, if it names a view. */
export function viewIdOf({ view }: LeadSearch): string | undefined {
  return view === NO_VIEW ? undefined : view
}

/** What a view sets in the address, and the names of its filters that mean nothing any more. */
export function readView({ id, query }: Pick<WireView, 'id' | 'query'>): { search: LeadSearch; gone: string[] } {
  const { known, ignored } = sortedOut(readSearch(query))
  return { search: { ...withoutPlace(known), view: id }, gone: ignored }
}

/** An address as a view keeps it. */
export function queryOf(search: LeadSearch): string {
  return writeSearch(withoutPlace(search)).slice(1)
}

/** The same with those filters of the view that mean nothing here: whoever saves does not lose them unasked. */
export function queryWithGone(search: LeadSearch, view: Pick<WireView, 'id' | 'query'>): string {
  const { gone } = readView(view)
  const kept = Object.entries(readSearch(view.query)).filter(([name]) => gone.includes(name) && !(name in search))
  return writeSearch({ ...withoutPlace(search), ...Object.fromEntries(kept) }).slice(1)
}

/** Whether the address shows something else than the view that it names. */
export function isChanged(search: LeadSearch, view: Pick<WireView, 'id' | 'query'>): boolean {
  return textOf(search) !== textOf(readView(view).search)
}

function textOf(search: LeadSearch): string {
  const { sort = DEFAULT_SORT, q, ...others } = withoutPlace(search)
  const entries = Object.entries({ ...others, sort, ...(q?.trim() && { q: q.trim() }) })
  return JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Without what says which view or lead is open. */
function withoutPlace({ view: _view, part: _part, ...search }: LeadSearch): LeadSearch {
  return search
}
