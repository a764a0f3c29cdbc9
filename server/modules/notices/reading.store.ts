import { connectionOf, type Tx } from '../../platform/db/transaction.ts'
import { NOTHING_READ, type Reading } from './reading.rules.ts'

const COLUMNS = 'read_up_to as "readUpTo", read_ahead as "readAhead"'
type Row = { readUpTo: number; readAhead: (string | number)[] }

/** How far one reader has read, as a member of a channel or of the operator. */
export function readingStore(tx: Tx, reader: string, channelId: number | null) {
  const db = connectionOf(tx)
  const key = [tx.operatorId, channelId ?? 0, reader]
  const WHERE = 'where operator_id = $1 and channel_id = $2 and reader = $3'
  return {
    async find(): Promise<Reading> {
      const { rows } = await db.query<Row>(`select ${COLUMNS} from notice_reading ${WHERE}`, key)
      return rows[0] ? readingOf(rows[0]) : NOTHING_READ
    },

    async lock(): Promise<Reading> {
      await db.query(
        'insert into notice_reading (operator_id, channel_id, reader) values ($1, $2, $3) on conflict do nothing',
        key,
      )
      const { rows } = await db.query<Row>(`select ${COLUMNS} from notice_reading ${WHERE} for update`, key)
      return rows[0] ? readingOf(rows[0]) : NOTHING_READ
    },

    async save({ readUpTo, readAhead }: Reading): Promise<void> {
      await db.query(`update notice_reading set read_up_to = $4, read_ahead = $5 ${WHERE}`, [
        ...key,
        readUpTo,
        readAhead,
      ])
    },
  }
}

function readingOf({ readUpTo, readAhead }: Row): Reading {
  return { readUpTo, readAhead: readAhead.map(Number) }
}
