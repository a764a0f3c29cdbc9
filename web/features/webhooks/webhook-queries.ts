import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import {
  type DeliveryFilter,
  getDelivery,
  getWebhook,
  listDeliveries,
  listWebhookEvents,
  listWebhooks,
} from '../../api/webhooks.ts'

const LIST_POLL_MS = 5_000
const LOG_POLL_MS = 3_000
const GOING_POLL_MS = 1_500

/** All webhooks with how it goes with each. */
export function webhooksQuery(operatorId: number) {
  return queryOptions({
    queryKey: ['webhooks', operatorId],
    queryFn: ({ signal }) => listWebhooks(operatorId, signal),
    refetchInterval: LIST_POLL_MS,
  })
}

export function webhookQuery(operatorId: number, webhookId: string) {
  return queryOptions({
    queryKey: ['webhooks', operatorId, webhookId],
    queryFn: ({ signal }) => getWebhook(operatorId, webhookId, signal),
    refetchInterval: LIST_POLL_MS,
  })
}

export function deliveriesQuery(operatorId: number, webhookId: string, filter: DeliveryFilter) {
  return infiniteQueryOptions({
    queryKey: ['webhooks', operatorId, webhookId, 'deliveries', filter],
    queryFn: ({ pageParam, signal }) => listDeliveries(operatorId, webhookId, { ...filter, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    // A log that is loaded far down is not read anew by itself.
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) <= 1 ? LOG_POLL_MS : false),
    placeholderData: (before) => before,
  })
}

export function deliveryQuery(operatorId: number, webhookId: string, eventId: string) {
  return queryOptions({
    queryKey: ['webhooks', operatorId, webhookId, 'delivery', eventId],
    queryFn: ({ signal }) => getDelivery(operatorId, webhookId, eventId, signal),
    refetchInterval: ({ state }) => (state.data?.state === 'pending' ? GOING_POLL_MS : false),
    staleTime: 0,
  })
}

/** The catalogue changes with a release only. */
export function webhookEventsQuery(operatorId: number) {
  return queryOptions({
    queryKey: ['webhook-events', operatorId],
    queryFn: ({ signal }) => listWebhookEvents(operatorId, signal),
    staleTime: 3_600_000,
  })
}
