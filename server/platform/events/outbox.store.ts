import { connectionOf, type Tx } from '../db/transaction.ts'

export type NewEventRow = {
  event_id: string
  operator_id: number
  channel_id: number | null
  name: string
  key: string
  actor: string | null
  /** JSON text: unlike a value inside JSON it may hold an escaped U+0000. */
  payload: string
}

/** In the order given: positions grow with it. */
export async function insertEvents(tx: Tx, rows: NewEventRow[]): Promise<void> {
  await connectionOf(tx).query({
    name: 'outbox-insert',
    text: `
      insert into outbox_event (event_id, operator_id, channel_id, name, key, actor, payload)
      select event_id, operator_id, channel_id, name, key, actor, payload::json from json_to_recordset($1::json) as event (
        event_id uuid, operator_id integer, channel_id integer, name text, key text, actor text, payload text)`,
    values: [JSON.stringify(rows)],
  })
}

/** Delivered by PostgreSQL when the transaction commits; the payload is at most 8,000 bytes. */
export async function notifyAtCommit(tx: Tx, channel: string, payload: string): Promise<void> {
  await connectionOf(tx).query('select pg_notify($1, $2)', [channel, payload])
}
