import { queryOptions } from '@tanstack/react-query'
import { getHome } from '../../api/home.ts'

/** While nothing changes this costs one 304. */
const LIVE_POLL_MS = 10_000

export function homeQuery(operatorId: number) {
  return queryOptions({
    queryKey: ['home', operatorId],
    queryFn: ({ signal }) => getHome(operatorId, signal),
    refetchInterval: LIVE_POLL_MS,
    staleTime: 0,
  })
}
