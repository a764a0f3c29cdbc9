import { newId } from '../../kernel/ids.ts'
import type { Tx } from '../db/transaction.ts'
import { insertEvents } from './outbox.store.ts'

/** Something that was decided, for whom it may concern. */
export type NewEvent = {
  /** `noun.past-tense`: `lead.changed`. */
  name: string
  /** Default: the operator of the transaction; 0 is the installation. Another operator only for the installation itself. */
  operatorId?: number
  channelId?: number | null
  /** Events with the same key reach each subscriber in the order in which they were emitted: `lead/868/<id>`. */
  key: string
  /** JSON: ids and facts, never a secret. */
  payload: unknown
}

/** Writes events in the transaction that decides them; subscribers are woken when it commits. */
export async function emit(tx: Tx, events: NewEvent | NewEvent[]): Promise<void> {
  const list = Array.isArray(events) ? events : [events]
  if (list.length === 0) return
  await insertEvents(
    tx,
    list.map((event) => ({
      event_id: newId(),
      operator_id: event.operatorId ?? tx.operatorId,
      channel_id: event.channelId ?? null,
      name: event.name,
      key: event.key,
      payload: JSON.stringify(event.payload ?? null),
    })),
  )
}
