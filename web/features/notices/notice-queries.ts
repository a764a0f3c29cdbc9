import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { listNotices, markNoticesRead } from '../../api/notices.ts'
import { useOperator } from '../../shell/operator.ts'

/** While nothing is new this costs one 304. */
const LIVE_POLL_MS = 5_000
const SHOWN_IN_PANEL = 20
const PAGE = 50

/** The last ones, and how many are unread. */
export function latestNoticesQuery(operatorId: number) {
  return queryOptions({
    queryKey: ['notices', operatorId, 'latest'],
    queryFn: ({ signal }) => listNotices(operatorId, { pageSize: SHOWN_IN_PANEL }, signal),
    refetchInterval: LIVE_POLL_MS,
    staleTime: 0,
  })
}

export function allNoticesQuery(operatorId: number, unread: boolean) {
  return infiniteQueryOptions({
    queryKey: ['notices', operatorId, unread ? 'unread' : 'all'],
    queryFn: ({ pageParam, signal }) => {
      const query = { pageSize: PAGE, ...(unread && { unread }), ...(pageParam && { cursor: pageParam }) }
      return listNotices(operatorId, query, signal)
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    // A list that is loaded far down is not read anew by itself.
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) <= 1 ? LIVE_POLL_MS : false),
    placeholderData: (before) => before,
  })
}

export function useMarkRead() {
  const { operatorId } = useOperator()
  const client = useQueryClient()
  return useMutation({
    mutationFn: (what: { upTo: number } | { noticeIds: string[] }) => markNoticesRead(operatorId, what),
    onSettled: () => client.invalidateQueries({ queryKey: ['notices', operatorId] }),
  })
}
