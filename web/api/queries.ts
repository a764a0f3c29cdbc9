import { QueryClient, queryOptions } from '@tanstack/react-query'
import { listChannels } from './channels.ts'
import { listJobs } from './jobs.ts'
import { mayPass } from './problem.ts'
import { getMe, getSignInOptions } from './sessions.ts'
import { viewedChannelOf } from './viewed-channel.ts'
import { listViews } from './views.ts'

/** Answers of the API as the pages share them. Nothing is kept longer than the page. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        // A tab that comes back shows what is, not what was.
        refetchOnWindowFocus: true,
        retry: (failures, error) => failures < 3 && mayPass(error),
        retryDelay: (attempt) => Math.min(500 * 2 ** attempt, 8_000),
        // We find out ourselves whether the server answers; the browser only knows about cables.
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  })
}

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => getMe(signal),
  staleTime: 60_000,
})

export const signInOptionsQuery = queryOptions({
  queryKey: ['sign-in-options'],
  queryFn: ({ signal }) => getSignInOptions(signal),
  staleTime: 5 * 60_000,
})

/** Every channel of the operator, by name. */
export function channelsQuery(operatorId: number) {
  return queryOptions({
    queryKey: ['channels', operatorId],
    queryFn: ({ signal }) => listChannels(operatorId, signal),
  })
}

/** One's own views and the shared ones, of the operator or of the channel one looks through the eyes of. */
export function viewsQuery(operatorId: number) {
  return queryOptions({
    queryKey: ['views', operatorId, viewedChannelOf(operatorId)],
    queryFn: ({ signal }) => listViews(operatorId, signal),
    staleTime: 60_000,
  })
}

const JOBS_POLL_MS = 4_000
const RUNNING_POLL_MS = 1_000

/** Every job of the operator; asked more often while one is running. */
export function jobsQuery(operatorId: number) {
  return queryOptions({
    queryKey: ['jobs', operatorId],
    queryFn: ({ signal }) => listJobs(operatorId, signal),
    refetchInterval: ({ state }) =>
      state.data?.some(({ currentRun }) => currentRun?.state === 'running') ? RUNNING_POLL_MS : JOBS_POLL_MS,
    staleTime: 0,
  })
}
