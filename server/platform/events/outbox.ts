import type { EventName, EventPayload } from '../../../contract/events.ts'
import { newId } from '../../kernel/ids.ts'
import type { Tx } from '../db/transaction.ts'
import { insertEvents } from './outbox.store.ts'

/** Something that was decided, for whom it may concern. */
export type AnyEvent = {
  /** `noun.past-tense`: `lead.changed`. */
  name: string
  /** Default: the operator of the transaction; 0 is the installation. Another operator only for the installation itself. */
  operatorId?: number
  channelId?: number | null
  /** Events with the same key reach each subscriber in the order in which they were emitted: `lead/868/<id>`. */
  key: string
  /** Whose doing it is, `person/<id>`; left out: whoever the transaction belongs to, if that is a person or a client. */
  actor?: string
  /** JSON: ids and facts, never a secret. */
  payload: unknown
}

/** An event of the catalogue with the payload that the catalogue says. */
export type NewEvent = {
  [N in EventName]: Omit<AnyEvent, 'name' | 'payload'> & { name: N; payload: EventPayload<N> }
}[EventName]

/** Writes events in the transaction that decides them; subscribers are woken when it commits. */
export function emit(tx: Tx, events: NewEvent | NewEvent[]): Promise<void> {
  return writeEvents(tx, Array.isArray(events) ? events : [events])
}

/** As `emit`, for events that no catalogue knows: the dispatcher does not care what it carries. */
export async function writeEvents(tx: Tx, events: AnyEvent[]): Promise<void> {
  if (events.length === 0) return
  await insertEvents(
    tx,
    events.map((event) => ({
      event_id: newId(),
      operator_id: event.operatorId ?? tx.operatorId,
      channel_id: event.channelId ?? null,
      name: event.name,
      key: event.key,
      actor: event.actor ?? actorOf(tx),
      payload: JSON.stringify(event.payload ?? null),
    })),
  )
}

function actorOf({ principal: { kind, id } }: Tx): string | null {
  return kind === 'person' || kind === 'client' ? `${kind}/${id}` : null
}
