import {
  infiniteQueryOptions,
  keepPreviousData,
  type QueryClient,
  queryOptions,
  skipToken,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState } from 'react'
import {
  countDeskLeads,
  type DeskLead,
  getDeskLead,
  type LeadFacets,
  type LeadFilter,
  type LeadPage,
  listDeskLeads,
} from '../../api/leads.ts'
import { mayPass } from '../../api/problem.ts'
import { serverNow, useDay } from '../../ui/clock.ts'
import { filterOf, type LeadSearch } from './lead-search.ts'

/** Small, so that the first rows are there at once; what follows is fetched in larger pieces. */
const FIRST_PAGE = 100
const NEXT_PAGES = 1_000
/** While nothing changes this costs one 304. */
const LIVE_POLL_MS = 3_000
/** A list that is loaded far down is not read anew at every change. */
const LONG_LIST_PAGES = 3
const LONG_LIST_REFRESH_MS = 15_000

const NO_LEADS: DeskLead[] = []

export function leadsQuery(operatorId: number, filter: LeadFilter) {
  return infiniteQueryOptions({
    queryKey: ['leads', operatorId, filter],
    queryFn: ({ pageParam, signal }) => {
      const page = pageParam === null ? { pageSize: FIRST_PAGE } : { cursor: pageParam, pageSize: NEXT_PAGES }
      return listDeskLeads(operatorId, filter, page, signal)
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page: LeadPage) => page.nextCursor,
    staleTime: 5_000,
  })
}

/** Fetches the first rows while the code of the page is still on its way. */
export async function firstLeadsQuery(
  client: QueryClient,
  operatorId: number,
  licensed: boolean,
  search: LeadSearch,
): Promise<void> {
  await client.prefetchInfiniteQuery(leadsQuery(operatorId, filterOf(search, licensed, serverNow())))
}

/** The filter of an address; of one identity while the address and the day stay the same. */
export function useLeadFilter(search: LeadSearch, licensed: boolean): LeadFilter {
  useDay()
  const text = JSON.stringify(filterOf(search, licensed, serverNow()))
  return useMemo(() => JSON.parse(text) as LeadFilter, [text])
}

/** The list, live: rows that come or change at Microsoft appear by themselves, and old rows stay until new ones are there. */
export function useLeads(operatorId: number, filter: LeadFilter) {
  const client = useQueryClient()
  const list = useInfiniteQuery({ ...leadsQuery(operatorId, filter), placeholderData: keepPreviousData })
  const pulse = useQuery({
    queryKey: ['leads-pulse', operatorId, filter],
    queryFn: ({ signal }) => listDeskLeads(operatorId, filter, { pageSize: FIRST_PAGE }, signal),
    refetchInterval: LIVE_POLL_MS,
    // What the list has just brought need not be asked for again at once.
    ...(list.data && !list.isPlaceholderData && { initialData: list.data.pages[0] }),
    initialDataUpdatedAt: list.dataUpdatedAt,
    staleTime: LIVE_POLL_MS,
    structuralSharing: false,
    // Rows of the search before stand there while those of the new one are asked for.
    enabled: list.isSuccess && !list.isPlaceholderData,
  }).data
  const seen = useRef<{ filter: LeadFilter; pulse: LeadPage } | null>(null)
  const pages = list.data?.pages.length ?? 0
  useEffect(() => {
    if (!pulse) return
    const before = seen.current
    seen.current = { filter, pulse }
    // The very same object: the server said that nothing changed.
    if (!before || before.filter !== filter || before.pulse === pulse) return
    const refresh = () => {
      void client.invalidateQueries({ queryKey: ['leads', operatorId] })
      void client.invalidateQueries({ queryKey: ['lead-counts', operatorId] })
      void client.invalidateQueries({ queryKey: ['lead', operatorId] })
    }
    if (pages <= LONG_LIST_PAGES) return refresh()
    const timer = setTimeout(refresh, LONG_LIST_REFRESH_MS)
    return () => clearTimeout(timer)
  }, [pulse, filter, pages, client, operatorId])

  const rows = useMemo(() => uniqueLeads(list.data?.pages), [list.data?.pages])
  return { ...list, rows, total: list.data?.pages.at(-1)?.total ?? 0 }
}

/** Counts can wait until the rows are there, and somebody has stopped typing. */
const COUNT_PAUSE_MS = 250

/** Null until then. */
export function useSettledFilter(filter: LeadFilter): LeadFilter | null {
  const [settled, setSettled] = useState<LeadFilter | null>(null)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(filter), COUNT_PAUSE_MS)
    return () => clearTimeout(timer)
  }, [filter])
  return settled
}

/** A lead that moved between two readings may be on two pages. */
function uniqueLeads(pages: readonly LeadPage[] | undefined): DeskLead[] {
  if (!pages) return NO_LEADS
  const leads = new Map<string, DeskLead>()
  for (const page of pages) for (const lead of page.data) if (!leads.has(lead.id)) leads.set(lead.id, lead)
  return [...leads.values()]
}

export type FacetName = 'status' | 'license' | 'processing'
/** How many each value would bring, and no choice at all; undefined: not known yet. */
export type FacetCounts = Record<FacetName, { values: LeadFacets[FacetName]; all: number } | undefined>

function countsQuery(operatorId: number, filter: LeadFilter | null, facets: boolean) {
  const { sort: _sort, ...narrowing } = filter ?? {}
  return queryOptions({
    queryKey: ['lead-counts', operatorId, narrowing, facets],
    queryFn: filter ? ({ signal }) => countDeskLeads(operatorId, filter, { facets }, signal) : skipToken,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  })
}

/**
 * Counts for the three facets. Each counts what the other filters let through, so that one sees what another choice in the
 * same facet would bring.
 */
export function useFacetCounts(operatorId: number, filter: LeadFilter | null): FacetCounts {
  const without = (name: FacetName): LeadFilter | null => {
    if (filter === null) return null
    const { [name]: _own, ...others } = filter
    return others
  }
  const status = useQuery(countsQuery(operatorId, without('status'), true)).data
  const license = useQuery(countsQuery(operatorId, without('license'), true)).data
  const processing = useQuery(countsQuery(operatorId, without('processing'), true)).data
  return {
    status: status && { values: status.facets.status, all: status.total },
    license: license && { values: license.facets.license, all: license.total },
    processing: processing && { values: processing.facets.processing, all: processing.total },
  }
}

/** How many the other tab has of what is searched for here. */
export function useTabTotal(operatorId: number, filter: LeadFilter | null, licensed: boolean): number | undefined {
  return useQuery(countsQuery(operatorId, filter && { ...filter, licensed }, false)).data?.total
}

export function useLead(operatorId: number, leadId: string) {
  return useQuery({
    queryKey: ['lead', operatorId, leadId],
    queryFn: ({ signal }) => getDeskLead(operatorId, leadId, signal),
    placeholderData: keepPreviousData,
    retry: (failures, error) => failures < 1 && mayPass(error),
  })
}
