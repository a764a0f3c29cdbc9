import type { WireUndeliveredEvent } from '../../../contract/undelivered-events.ts'
import type { DeadDelivery } from '../../platform/events/index.ts'

export function toWireUndelivered(dead: DeadDelivery): WireUndeliveredEvent {
  const { eventId, name, subscriber, key, channelId, payload, at, attempts, error, deadAt } = dead
  return {
    ...{ eventId, name, subscriber, key, channelId, payload, attempts, error },
    at: at.toISOString(),
    givenUpAt: deadAt.toISOString(),
  }
}
