import type { ServiceFilter, ServiceSort, WireService } from '../../api/services.ts'

/** The state of the list as it stands in the address; what is not there has its default. */
export type ServiceSearch = {
  q?: string
  state?: string
  license?: string
  deployment?: string
  health?: string
  channel?: string
  customer?: string
  sort?: string
  /** What of the panel is shown. */
  part?: string
}

export const SEARCH_LENGTH_MAX = 200
export const DEFAULT_SORT: ServiceSort = '-arrival'
export const parts = ['details', 'connections', 'check'] as const
export type Part = (typeof parts)[number]

/** What each facet knows; `Barred` is asked for beside the states. */
export const facetValues = {
  state: ['Creating', 'Active', 'Deleting', 'Barred'] satisfies (WireService['state'] | 'Barred')[],
  license: ['OC Essential', 'OC Essentials Plus', 'OC Pro'] satisfies WireService['license'][],
  deployment: ['None', 'Pending', 'Waiting', 'Deployed', 'Failed', 'Removing'] satisfies WireService['deployment'][],
  health: ['ok', 'warning', 'error', 'unknown'] satisfies WireService['health'][],
}
const sorts: readonly string[] = [
  'arrival',
  '-arrival',
  'fullName',
  '-fullName',
  'shortName',
  '-shortName',
] satisfies ServiceSort[]
export type FacetName = keyof typeof facetValues
export const facetNames = Object.keys(facetValues) as FacetName[]

const isNumber = (text: string) => /^\d{1,10}$/.test(text)
const checks: Record<keyof ServiceSearch, (text: string) => boolean> = {
  q: () => true,
  state: (text) => areOf('state', text),
  license: (text) => areOf('license', text),
  deployment: (text) => areOf('deployment', text),
  health: (text) => areOf('health', text),
  channel: isNumber,
  customer: isNumber,
  sort: (text) => sorts.includes(text),
  part: (text) => (parts as readonly string[]).includes(text),
}

function areOf(facet: FacetName, text: string): boolean {
  return text.split(',').every((one) => (facetValues[facet] as readonly string[]).includes(one))
}

/** Reads the query of the address; what means nothing here is left out. */
export function readServiceSearch(raw: Record<string, unknown>): ServiceSearch {
  const known = Object.entries(raw).filter(
    ([name, value]) => typeof value === 'string' && value !== '' && checks[name as keyof ServiceSearch]?.(value),
  )
  return Object.fromEntries(known) as ServiceSearch
}

/** The search as the API takes it. */
export function serviceFilterOf(search: ServiceSearch): ServiceFilter {
  const { q, channel, customer, sort, part: _part, ...facets } = search
  const text = q?.trim().slice(0, SEARCH_LENGTH_MAX)
  return {
    ...facets,
    ...(text && { q: text }),
    ...(channel !== undefined && { channelId: Number(channel) }),
    ...(customer !== undefined && { lcCustomerId: Number(customer) }),
    sort: (sort ?? DEFAULT_SORT) as ServiceSort,
  }
}

/** Whether anything narrows the list. */
export function isNarrowed({ sort: _sort, part: _part, ...narrowing }: ServiceSearch): boolean {
  return Object.values(narrowing).some((value) => value?.trim())
}
