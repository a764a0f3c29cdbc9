import { setImmediate } from 'node:timers/promises'
import type { Logger } from 'pino'
import { isGuid } from '../../kernel/ids.ts'
import type { Tx } from '../../platform/db/transaction.ts'
import { type IncomingLead, leadIntake } from '../leads/index.ts'
import { type Finding, listingStore } from './listing.store.ts'
import { identifyRecord, type MappedRecord, mapConsentToLead, type RawRecord } from './map-consent-to-lead.ts'

/** What a sync did, as people see it. `malformed` records are kept raw; `surprises` are values nobody expected. */
export type ListingCounts = {
  listed: number
  new: number
  changed: number
  unchanged: number
  returned: number
  malformed: number
  surprises: number
  /** Leads that the listing lacks; removed only when Microsoft confirms it. */
  missing: number
  removed: number
  /** Milliseconds during which nothing could be done but wait for Microsoft's next page. */
  waitedForMicrosoftMs: number
}

export type StorePageOptions = { baseline: boolean; counts: ListingCounts; log: Logger }

/** A page made ready outside of any transaction: while the page before it is being stored. */
export type PreparedPage = { raws: RawRecord[]; ids: string[]; mapped: Map<RawRecord, MappedRecord> }

/** Records between two looks at what else is to be done: a page at once would hold up the storing of the one before it. */
const PREPARED_AT_ONCE = 10

/**
 * Names every record of a page. `readAll` (a baseline, where all are new) reads them too; else only changed ones are read.
 * Lets other work go on in between, such as the storing of the page before.
 */
export async function preparePage(records: unknown[], readAll: boolean): Promise<PreparedPage> {
  const page: PreparedPage = { raws: [], ids: [], mapped: new Map() }
  const ids = new Set<string>()
  for (const [index, record] of records.entries()) {
    if (index % PREPARED_AT_ONCE === PREPARED_AT_ONCE - 1) await setImmediate()
    const raw = identifyRecord(record)
    page.raws.push(raw)
    if (raw.id !== null && isGuid(raw.id)) ids.add(raw.id)
    if (readAll) page.mapped.set(raw, mapConsentToLead(raw))
  }
  page.ids.push(...ids)
  return page
}

/**
 * Stores what changed on a page. A record that cannot be read is counted, kept raw and reported, and stops nothing.
 * The ids the page lists, those of unreadable records too, are not missing.
 */
export async function storePage(
  tx: Tx,
  { raws, ids, mapped: read }: PreparedPage,
  { baseline, counts, log }: StorePageOptions,
): Promise<void> {
  const known = await leadIntake.hashesOf(tx, ids)
  const leads: IncomingLead[] = []
  const findings: Finding[] = []
  for (const raw of raws) {
    if (isKnown(raw, known)) {
      counts.unchanged++
      continue
    }
    const mapped = read.get(raw) ?? mapConsentToLead(raw)
    if (!mapped.ok) {
      findings.push({ kind: 'malformed', key: mapped.key, detail: mapped.reason, raw: mapped.raw })
      continue
    }
    leads.push(mapped.lead)
    for (const warning of mapped.warnings) {
      findings.push({ kind: 'surprise', key: warning, detail: `First in lead ${mapped.lead.remote.id}`, raw: null })
    }
  }
  const done = await leadIntake.apply(tx, leads, { baseline, source: 'sync', known: new Set(known.keys()) })
  counts.new += done.new
  counts.changed += done.changed
  counts.unchanged += done.unchanged
  counts.returned += done.returned
  await report(tx, findings, counts, log)
  // Of known records too: one that could not be read for a while may be, to the letter, the one we know again.
  const unreadable = new Set(findings.map((finding) => finding.key))
  await listingStore(tx).clearMalformed(ids.filter((id) => !unreadable.has(id)))
}

/** Whether a record is, to the letter, the one we know. */
function isKnown(raw: RawRecord, known: Awaited<ReturnType<typeof leadIntake.hashesOf>>): boolean {
  const one = raw.id === null ? undefined : known.get(raw.id)
  return one !== undefined && !one.missing && one.hash === raw.hash
}

async function report(tx: Tx, findings: Finding[], counts: ListingCounts, log: Logger): Promise<void> {
  // One line for each kind of surprise, however many leads show it.
  const distinct = new Map(findings.map((finding) => [`${finding.kind}/${finding.key}`, finding]))
  for (const finding of distinct.values()) {
    if (finding.kind === 'malformed') counts.malformed++
    else counts.surprises++
    log.warn({ kind: finding.kind, key: finding.key }, `Microsoft sent something odd: ${finding.detail}`)
  }
  await listingStore(tx).saveFindings([...distinct.values()])
}
