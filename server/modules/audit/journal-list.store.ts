import { sql } from 'kysely'
import { openTables, type Tx } from '../../platform/db/transaction.ts'
import type { NewEntryRow } from './journal.store.ts'
import { COMPANY_MARK, maskFor } from './journal-mask.rules.ts'

export type EntryRow = NewEntryRow & {
  /** UTC, ISO 8601 with microseconds. */
  at: string
}

type JournalTables = { journal_entry: NewEntryRow & { at: Date } }

export type EntryPosition = { at: string; entryId: string }

export type JournalFilter = {
  objectType?: string
  objectId?: string
  action?: string
  actor?: string
  result?: 'ok' | 'failed' | 'refused'
  requestId?: string
  /** Inclusive. */
  from?: Date
  /** Exclusive. */
  to?: Date
  after?: EntryPosition
}

/** Newest first. Row security decides whose. */
export async function selectEntries(tx: Tx, filter: JournalFilter, limit: number): Promise<EntryRow[]> {
  let query = openTables<JournalTables>(tx)
    .selectFrom('journal_entry')
    .selectAll()
    .select(sql<string>`to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`.as('at'))
    // Row security says it too; said here, the index by operator serves.
    .where('operator_id', '=', tx.operatorId)
  const exact = {
    object_type: filter.objectType,
    object_id: filter.objectId,
    action: filter.action,
    result: filter.result,
    request_id: filter.requestId,
  }
  for (const [column, value] of Object.entries(exact)) {
    if (value !== undefined) query = query.where(column as 'action', '=', value)
  }
  const { actor, after } = filter
  if (actor !== undefined) query = query.where((e) => e.or([e('actor_id', '=', actor), e('actor_name', '=', actor)]))
  // A lead's own list shows its history from before it came to the channel too. All else, and whatever asks by name for who
  // did it, is what was written for the channel: so said, its index serves.
  const { channelId } = tx.principal
  const isOfOneLead = filter.objectType === 'lead' && filter.objectId !== undefined && actor === undefined
  if (channelId !== null && !isOfOneLead) query = query.where('channel_id', '=', channelId)
  if (channelId !== null && isOfOneLead) query = query.select(MADE_ELSEWHERE)
  // Nor does it find by a name what it may not read the name of.
  if (channelId !== null && actor !== undefined) {
    query = query.where(sql<boolean>`coalesce(after, before, '') not like ${`%${COMPANY_MARK}%`}`)
  }
  if (filter.from) query = query.where('at', '>=', filter.from)
  if (filter.to) query = query.where('at', '<', filter.to)
  if (after) query = query.where(sql<boolean>`(at, entry_id) < (${after.at}::timestamptz, ${after.entryId}::uuid)`)
  const rows = (await query
    .orderBy('journal_entry.at', 'desc')
    .orderBy('entry_id', 'desc')
    .limit(limit)
    .execute()) as unknown as (EntryRow & { made_elsewhere?: boolean })[]
  return rows.map(({ made_elsewhere = false, ...row }) => maskFor(channelId, row, made_elsewhere))
}

/**
 * Whether another channel has made the lead itself: earlier versions wrote its arrival for none, and gave it to the channel
 * in the same request. Rows of the journal are never written anew.
 */
const MADE_ELSEWHERE = sql<boolean>`
  case when action = 'lead.created' and channel_id is null and actor_kind in ('person', 'client')
    then lead_made_in_another_channel(object_id, request_id) else false end`.as('made_elsewhere')
