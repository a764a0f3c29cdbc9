import { randomBytes } from 'node:crypto'
import type { Principal } from '../../kernel/principal.ts'
import type { Tx } from '../../platform/db/transaction.ts'
import { insertEntries, type NewEntryRow } from './journal.store.ts'

/** Who did something, from where and in which request. */
export type JournalActor = Pick<Principal, 'kind' | 'id' | 'name' | 'requestId' | 'sourceIp'>

/** One thing that was done, tried or refused. Who, from where and in which request come from the transaction. */
export type JournalEntry = {
  /** `noun.past-tense`: `lead.changed`, `client.created`, `token.refused`. */
  action: string
  object: { type: string; id: string; name?: string | null }
  /** The channel whose people may see the entry; default: the channel the principal is bound to, else none. */
  channelId?: number | null
  /** JSON values; only the fields that changed. Never a secret. */
  before?: unknown
  after?: unknown
  /** Default `ok`. */
  result?: 'ok' | 'failed' | 'refused'
  /** One sentence for people. */
  detail?: string
  /** Who did it, where this transaction only finds what was done before; default: the principal of the transaction. */
  by?: JournalActor
}

export type Journal = { append(entries: JournalEntry | JournalEntry[]): Promise<void> }

/**
 * The journal in an open transaction: what it says is true exactly when the transaction commits.
 * Appends in one statement however many entries there are; hashing happens later, in the sealer (design/decisions.md, Journal).
 */
export function journal(tx: Tx): Journal {
  return {
    async append(entries) {
      const list = Array.isArray(entries) ? entries : [entries]
      if (list.length === 0) return
      await insertEntries(
        tx,
        list.map((entry) => toRow(tx, entry)),
      )
    },
  }
}

function toRow(tx: Tx, entry: JournalEntry): NewEntryRow {
  const { principal } = tx
  const by: JournalActor = entry.by ?? principal
  return {
    entry_id: nextEntryId(),
    operator_id: tx.operatorId,
    channel_id: entry.channelId === undefined ? principal.channelId : entry.channelId,
    actor_kind: by.kind,
    actor_id: storable(by.id),
    actor_name: storable(by.name),
    source_ip: by.sourceIp,
    request_id: storable(by.requestId),
    action: entry.action,
    object_type: entry.object.type,
    object_id: storable(entry.object.id),
    object_name: entry.object.name == null ? null : storable(entry.object.name),
    before: jsonText(entry.before),
    after: jsonText(entry.after),
    result: entry.result ?? 'ok',
    detail: entry.detail === undefined ? null : storable(entry.detail),
  }
}

function jsonText(value: unknown): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value)
}

/** PostgreSQL text holds neither U+0000 nor half a surrogate pair, and callers send both. */
function storable(text: string): string {
  return text.replaceAll('\u0000', '\ufffd').toWellFormed()
}

let lastMilliseconds = 0
let lastStep = 0

/**
 * A UUIDv7 whose first 60 bits only ever grow in this process (RFC 9562, method 1): entries of one moment keep their order.
 * More than 4,096 entries in a millisecond borrow from the next one.
 */
function nextEntryId(): string {
  const milliseconds = Date.now()
  if (milliseconds > lastMilliseconds) {
    lastMilliseconds = milliseconds
    lastStep = 0
  } else if (++lastStep > 0xfff) {
    lastMilliseconds += 1
    lastStep = 0
  }
  const time = lastMilliseconds.toString(16).padStart(12, '0')
  const step = lastStep.toString(16).padStart(3, '0')
  const tail = randomBytes(8)
  tail[0] = 0x80 | ((tail[0] ?? 0) & 0x3f)
  const rest = tail.toString('hex')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${step}-${rest.slice(0, 4)}-${rest.slice(4)}`
}
