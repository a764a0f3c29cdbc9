import { connectionOf, type Tx } from '../../platform/db/transaction.ts'

export type NewEntryRow = {
  entry_id: string
  operator_id: number
  channel_id: number | null
  actor_kind: string
  actor_id: string
  actor_name: string
  source_ip: string | null
  request_id: string
  action: string
  object_type: string
  object_id: string
  object_name: string | null
  before: string | null
  after: string | null
  result: 'ok' | 'failed' | 'refused'
  detail: string | null
}

const COLUMNS =
  'entry_id, operator_id, channel_id, actor_kind, actor_id, actor_name, source_ip, request_id, action, ' +
  'object_type, object_id, object_name, before, after, result, detail'

/** One statement with one parameter, however many rows. */
export async function insertEntries(tx: Tx, rows: NewEntryRow[]): Promise<void> {
  await connectionOf(tx).query({
    name: 'journal-append',
    text: `
      insert into journal_entry (${COLUMNS})
      select ${COLUMNS} from json_to_recordset($1::json) as entry (
        entry_id uuid, operator_id integer, channel_id integer, actor_kind text, actor_id text, actor_name text,
        source_ip text, request_id text, action text, object_type text, object_id text, object_name text,
        before text, after text, result text, detail text)`,
    values: [JSON.stringify(rows)],
  })
}
