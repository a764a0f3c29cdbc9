import { keepPreviousData, queryOptions, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { mayPass } from '../../api/problem.ts'
import { getService, listServices, type ServiceFilter, type WireService } from '../../api/services.ts'
import type { FacetName } from './service-search.ts'

const FIRST_PAGE = 100
const NEXT_PAGES = 1_000
/** While nothing changes this costs one 304. */
const LIVE_POLL_MS = 4_000
const NO_SERVICES: WireService[] = []

/** The list, kept fresh; old rows stay until new ones are there. */
export function useServices(operatorId: number, filter: ServiceFilter) {
  const list = useInfiniteQuery({
    queryKey: ['services', operatorId, filter],
    queryFn: ({ pageParam, signal }) =>
      listServices(
        operatorId,
        filter,
        pageParam === null ? { pageSize: FIRST_PAGE } : { cursor: pageParam, pageSize: NEXT_PAGES },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    refetchInterval: LIVE_POLL_MS,
    staleTime: LIVE_POLL_MS,
  })
  const pages = list.data?.pages
  const rows = useMemo(() => {
    if (!pages) return NO_SERVICES
    // One that moved between two readings may be on two pages.
    const unique = new Map(pages.flatMap(({ data }) => data).map((service) => [service.id, service]))
    return [...unique.values()]
  }, [pages])
  return { ...list, rows, total: pages?.at(-1)?.total ?? 0 }
}

/** What each value of a facet would bring, under the other filters; undefined: not known yet. */
export function useFacet(operatorId: number, { sort: _sort, ...filter }: ServiceFilter, name: FacetName) {
  const { [name]: _own, ...others } = filter
  return useQuery({
    queryKey: ['service-counts', operatorId, others],
    queryFn: ({ signal }) => listServices(operatorId, others, { pageSize: 1, facets: true }, signal),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
    select: ({ facets, total }) => ({ values: facets?.[name] ?? [], all: total }),
  }).data
}

const WORK_POLL_MS = 2_000

export function serviceQuery(operatorId: number, serviceId: string) {
  return queryOptions({
    queryKey: ['service', operatorId, serviceId],
    queryFn: ({ signal }) => getService(operatorId, serviceId, signal),
    retry: (failures, error) => failures < 1 && mayPass(error),
    refetchInterval: ({ state }) => (state.data?.body.taskId ? WORK_POLL_MS : LIVE_POLL_MS),
    staleTime: 0,
  })
}
