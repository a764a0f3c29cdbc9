import { setImmediate } from 'node:timers/promises'
import type { Logger } from 'pino'
import { isGuid } from '../../kernel/ids.ts'
import type { ListedRecord } from '../../microsoft/index.ts'
import type { Tx } from '../../platform/db/transaction.ts'
import { type IncomingLead, leadIntake, type Newcomers } from '../leads/index.ts'
import type { FirstSight } from './first-sight.ts'
import { type Finding, listingStore } from './listing.store.ts'
import { identifyListed, type MappedRecord, mapConsentToLead, type RawRecord } from './map-consent-to-lead.ts'

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

export type StorePageOptions = {
  baseline: boolean
  /** Of a first listing that was not cut off. */
  firstSight: FirstSight | null
  counts: ListingCounts
  log: Logger
}

/** A page made ready outside of any transaction: while the pages before it are being stored. */
export type PreparedPage = {
  /** Records that are not, to the letter, what the last listing held near this place. */
  differing: RawRecord[]
  /** Records whose id came before on the page, with another text. */
  doubles: RawRecord[]
  /** The ids the page lists, those of unreadable records too, each with the hash of its record; `''` where it was not read. */
  hashes: Map<string, string>
  /** Keys of records that could not be read, known once the page is stored. */
  malformed: string[]
  sameCount: number
  /** Of a baseline: records that were read, and the rows of those that can be stored. */
  mapped: Map<RawRecord, MappedRecord>
  newcomers: Newcomers | null
}

export type PrepareOptions = {
  /** In a baseline, where all are new, records are read and their rows made as well; else only what differs is read, later. */
  baseline: boolean
  operatorId: number
}

/** Records between two looks at what else is to be done: a page at once would hold up the storing of the one before it. */
const PREPARED_AT_ONCE = 10

/** Names every record of a page and picks those that differ. Lets other work go on in between, such as storing. */
export async function preparePage(records: ListedRecord[], options: PrepareOptions): Promise<PreparedPage> {
  const { baseline, operatorId } = options
  const page: PreparedPage = {
    differing: [],
    doubles: [],
    hashes: new Map(),
    malformed: [],
    sameCount: 0,
    mapped: new Map(),
    newcomers: null,
  }
  const rows: Buffer[] = []
  const leadIds: string[] = []
  for (let from = 0; from < records.length; from += PREPARED_AT_ONCE) {
    if (from > 0) await setImmediate()
    for (const record of records.slice(from, from + PREPARED_AT_ONCE)) {
      const raw = pickDiffering(page, record)
      if (raw === null || !baseline) continue
      const mapped = mapConsentToLead(raw)
      page.mapped.set(raw, mapped)
      if (!mapped.ok) continue
      rows.push(Buffer.from(leadIntake.newcomerRow(operatorId, leadIds.length, mapped.lead)))
      leadIds.push(mapped.lead.remote.id)
    }
  }
  if (baseline) page.newcomers = { leadIds, rows: Buffer.concat(rows) }
  return page
}

/** The record, where it is not to the letter one that is known; it is then on the page's list of those. */
function pickDiffering(page: PreparedPage, record: ListedRecord): RawRecord | null {
  const raw = identifyListed(record)
  if (raw.id !== null && isGuid(raw.id)) {
    const first = page.hashes.get(raw.id)
    // Microsoft may list a record twice on one page; the first is the one that counts, and another text is kept.
    if (first !== undefined) {
      if (first !== raw.hash) page.doubles.push(raw)
      return null
    }
    page.hashes.set(raw.id, raw.hash)
    if (record.knownId !== undefined) {
      page.sameCount++
      return null
    }
  }
  page.differing.push(raw)
  return raw
}

/**
 * Stores what changed on pages that follow each other. A record that cannot be read is counted, kept raw and reported, and
 * stops nothing; its hash on the page is emptied, so that it is looked at again.
 */
export async function storePages(tx: Tx, pages: PreparedPage[], options: StorePageOptions): Promise<void> {
  const { baseline, firstSight, counts, log } = options
  const ids = pages.flatMap(idsOfDiffering)
  const isFirstSight = firstSight !== null && (await firstSight.areNew(tx, ids))
  const known: Known = isFirstSight ? new Map() : await leadIntake.hashesOf(tx, ids)
  // Newcomers of a page are stored unseen: those who were deleted here must not be among them.
  const deleted = baseline && !isFirstSight ? await leadIntake.deletedOf(tx, ids) : new Set<string>()
  const findings: Finding[] = []
  let leads: IncomingLead[] = []
  const applyLeads = async () => {
    const done = await leadIntake.apply(tx, leads, { baseline, source: 'sync', known: new Set(known.keys()) })
    counts.new += done.new
    counts.changed += done.changed
    counts.unchanged += done.unchanged
    counts.returned += done.returned
    leads = []
  }

  for (const page of pages) {
    counts.unchanged += page.sameCount
    const areAllNew = !idsOfDiffering(page).some((id) => known.has(id) || deleted.has(id))
    const read = readDiffering(page, known, counts)
    findings.push(...read.findings, ...page.doubles.map(doubleFinding))
    if (page.newcomers && areAllNew) {
      await applyLeads()
      await leadIntake.applyNewcomers(tx, page.newcomers)
      counts.new += page.newcomers.leadIds.length
      firstSight?.stored(page.newcomers.leadIds.length)
      // A record that moved while the list was read comes again on a later page.
      for (const { remote, hash } of read.leads) known.set(remote.id, { hash, missing: false })
    } else leads.push(...read.leads)
  }
  await applyLeads()

  await report(tx, findings, counts, log)
  if (isFirstSight) return
  // Of known records too: one that could not be read for a while may be, to the letter, the one we know again.
  const unreadable = new Set(findings.map((finding) => finding.key))
  await listingStore(tx).clearMalformed(ids.filter((id) => !unreadable.has(id)))
}

function idsOfDiffering({ differing, hashes }: PreparedPage): string[] {
  return differing.map((raw) => raw.id).filter((id) => id !== null && hashes.has(id)) as string[]
}

type Known = Awaited<ReturnType<typeof leadIntake.hashesOf>>

function readDiffering(
  { differing, mapped: read, hashes, malformed }: PreparedPage,
  known: Known,
  counts: ListingCounts,
) {
  const leads: IncomingLead[] = []
  const findings: Finding[] = []
  for (const raw of differing) {
    if (isKnown(raw, known)) {
      counts.unchanged++
      continue
    }
    const mapped = read.get(raw) ?? mapConsentToLead(raw)
    if (!mapped.ok) {
      if (hashes.has(mapped.key)) hashes.set(mapped.key, '')
      malformed.push(mapped.key)
      findings.push({ kind: 'malformed', key: mapped.key, detail: mapped.reason, raw: mapped.raw })
      continue
    }
    leads.push(mapped.lead)
    for (const warning of mapped.warnings) {
      findings.push({ kind: 'surprise', key: warning, detail: `First in lead ${mapped.lead.remote.id}`, raw: null })
    }
  }
  return { leads, findings }
}

function doubleFinding({ id, text }: RawRecord): Finding {
  const detail = 'Microsoft lists it twice on one page with different contents: the first was stored, this is the other'
  return { kind: 'surprise', key: `${id} is listed twice`, detail, raw: text }
}

/** Whether a record is, to the letter, the one we know. */
function isKnown(raw: RawRecord, known: Known): boolean {
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
