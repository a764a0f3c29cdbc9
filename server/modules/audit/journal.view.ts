import {
  type JournalVerification,
  journalProblems,
  type WireJournalEntry,
  type WireJournalVerification,
} from '../../../contract/journal.ts'
import type { EntryRow } from './journal-list.store.ts'

/** A stored entry as the API shows it. */
export function toWireEntry(row: EntryRow): WireJournalEntry {
  return {
    id: row.entry_id,
    at: row.at,
    actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
    sourceIp: row.source_ip,
    requestId: row.request_id,
    action: row.action,
    object: { type: row.object_type, id: row.object_id, name: row.object_name },
    channelId: row.channel_id,
    before: parsed(row.before),
    after: parsed(row.after),
    result: row.result,
    detail: row.detail,
  }
}

/** A verdict with its problem in words. */
export function toWireVerification({ firstBad, ...rest }: JournalVerification): WireJournalVerification {
  if (!firstBad) return rest
  return { ...rest, firstBad: { ...firstBad, meaning: journalProblems[firstBad.problem] } }
}

// Text that somebody changed past the journal may be no JSON any more: shown as it is.
function parsed(text: string | null): unknown {
  if (text === null) return null
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
