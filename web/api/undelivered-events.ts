import type { WireUndeliveredEvent } from '../../contract/undelivered-events.ts'
import { call } from './call.ts'

export type { WireUndeliveredEvent } from '../../contract/undelivered-events.ts'

export async function listUndeliveredEvents(operatorId: number, signal: AbortSignal): Promise<WireUndeliveredEvent[]> {
  const { data } = await call<{ data: WireUndeliveredEvent[] }>('GET', '/api/v4/undelivered-events', {
    operatorId,
    signal,
  })
  return data
}

export function retryUndeliveredEvent(operatorId: number, eventId: string, subscriber: string): Promise<void> {
  return call('POST', `/api/v4/undelivered-events/${encodeURIComponent(eventId)}/retry`, {
    operatorId,
    body: { subscriber },
  })
}
