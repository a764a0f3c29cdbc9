import type { Logger } from 'pino'
import { isGuid } from '../../kernel/ids.ts'
import type { Tx } from '../../platform/db/transaction.ts'
import { type IncomingLead, leadIntake } from '../leads/index.ts'
import { type Finding, listingStore } from './listing.store.ts'
import { identifyRecord, mapConsentToLead, type RawRecord } from './map-consent-to-lead.ts'

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
}

export type StorePageOptions = { baseline: boolean; counts: ListingCounts; log: Logger }

/**
 * Stores what changed on a page. A record that cannot be read is counted, kept raw and reported, and stops nothing.
 * Returns the ids the page lists, those of unreadable records too: they are not missing.
 */
export async function storePage(
  tx: Tx,
  records: unknown[],
  { baseline, counts, log }: StorePageOptions,
): Promise<string[]> {
  const raws = records.map(identifyRecord)
  const ids = [...new Set(raws.map((raw) => raw.id).filter((id): id is string => id !== null && isGuid(id)))]
  const fresh = await changedRecords(tx, raws, ids, counts)
  const leads: IncomingLead[] = []
  const findings: Finding[] = []
  for (const raw of fresh) {
    const mapped = mapConsentToLead(raw)
    if (!mapped.ok) {
      findings.push({ kind: 'malformed', key: mapped.key, detail: mapped.reason, raw: mapped.raw })
      continue
    }
    leads.push(mapped.lead)
    for (const warning of mapped.warnings) {
      findings.push({ kind: 'surprise', key: warning, detail: `First in lead ${mapped.lead.remote.id}`, raw: null })
    }
  }
  const done = await leadIntake.apply(tx, leads, { baseline, source: 'sync' })
  counts.new += done.new
  counts.changed += done.changed
  counts.unchanged += done.unchanged
  counts.returned += done.returned
  await report(tx, findings, counts, log)
  await listingStore(tx).clearMalformed(leads.map((lead) => lead.remote.id))
  return ids
}

/** Leaves out the records that are, to the letter, those we know. */
async function changedRecords(tx: Tx, raws: RawRecord[], ids: string[], counts: ListingCounts): Promise<RawRecord[]> {
  const known = await leadIntake.hashesOf(tx, ids)
  return raws.filter((raw) => {
    const one = raw.id === null ? undefined : known.get(raw.id)
    const same = one !== undefined && !one.missing && one.hash.equals(raw.hash)
    if (same) counts.unchanged++
    return !same
  })
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
