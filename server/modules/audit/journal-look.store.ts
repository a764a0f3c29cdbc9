import { connectionOf, type Tx } from '../../platform/db/transaction.ts'
import { selectEntries } from './journal-list.store.ts'

/** An entry as other modules read it: what happened to an object, and when. */
export type PastEntry = {
  /** UTC, ISO 8601. */
  at: string
  action: string
  before: Record<string, unknown>
  after: Record<string, unknown>
}

/** The newest entries of one object, the newest first; of a channel, as it may read them. */
export async function journalOfObject(
  tx: Tx,
  { type, id }: { type: string; id: string },
  limit: number,
): Promise<PastEntry[]> {
  const rows = await selectEntries(tx, { objectType: type, objectId: id }, limit)
  return rows.map(({ at, action, before, after }) => ({ at, action, before: fieldsOf(before), after: fieldsOf(after) }))
}

/** Objects that went from one state to another, the newest first. `before` and `after` are patterns of LIKE on JSON text. */
export type ChangeWanted = { action: string; before: string; after: string }

/** Looks through the newest `scan` entries in the principal's own part of the journal and no further. */
export async function recentChanges(
  tx: Tx,
  { action, before, after }: ChangeWanted,
  { scan, limit }: { scan: number; limit: number },
): Promise<{ objectId: string; at: Date }[]> {
  const { channelId } = tx.principal
  const { rows } = await connectionOf(tx).query<{ objectId: string; at: Date }>(
    `select object_id as "objectId", at from (
       select object_id, at, action, before, after from journal_entry
       where operator_id = $1 ${channelId === null ? '' : 'and channel_id = $7'}
       order by at desc, entry_id desc limit $2
     ) newest
     where action = $3 and before like $4 and after like $5 order by at desc limit $6`,
    [tx.operatorId, scan, action, before, after, limit, ...(channelId === null ? [] : [channelId])],
  )
  return rows
}

function fieldsOf(text: string | null): Record<string, unknown> {
  if (text === null) return {}
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : {}
  } catch {
    // Somebody changed it past the journal; the verification tells so.
    return {}
  }
}
