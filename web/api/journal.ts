import type { WireJournalEntry, WireJournalVerification } from '../../contract/journal.ts'
import { call, type QueryValues } from './call.ts'

export type { WireJournalEntry, WireJournalVerification } from '../../contract/journal.ts'

export type JournalFilter = {
  objectType?: string
  objectId?: string
  action?: string
  actor?: string
  result?: string
  requestId?: string
  from?: string
  to?: string
}

export type JournalPage = { data: WireJournalEntry[]; nextCursor: string | null }

export function listJournalEntries(
  operatorId: number,
  filter: JournalFilter,
  { cursor, pageSize = 100 }: { cursor?: string | undefined; pageSize?: number },
  signal: AbortSignal,
): Promise<JournalPage> {
  const query: QueryValues = { ...filter, cursor, pageSize }
  return call('GET', '/api/v4/journal', { operatorId, query, signal })
}

/** Reads the whole chain: a million entries take up to a minute. */
export function verifyJournal(operatorId: number, signal: AbortSignal): Promise<WireJournalVerification> {
  return call('GET', '/api/v4/journal/verification', { operatorId, signal, timeoutSeconds: 120 })
}
