import {
  type ConsentPosition,
  iterateConsents,
  type ListedPage,
  MAX_PAGE_SIZE,
  type OperatorConnectClient,
} from '../../../microsoft/index.ts'
import type { Tx } from '../../../platform/db/transaction.ts'
import { emit } from '../../../platform/events/index.ts'
import { defineJob, type JobDefinition, type RunContext } from '../../../platform/jobs/index.ts'
import { leadIntake } from '../../leads/index.ts'
import { confirmRemovals } from '../confirm-removals.ts'
import { createFirstSight, type FirstSight } from '../first-sight.ts'
import { listingStore } from '../listing.store.ts'
import { createListingMemory, type ListingMemory } from '../listing-memory.ts'
import { MAPPING_VERSION } from '../map-consent-to-lead.ts'
import type { MicrosoftClients } from '../microsoft-clients.ts'
import { readAhead, settlesWithin } from '../read-ahead.ts'
import { tellingFailures } from '../run-failure.ts'
import { settleIntents } from '../settle-intents.ts'
import { type ListingCounts, type PreparedPage, preparePage, storePages } from '../store-page.ts'

export const SYNC_LEADS_JOB = 'peering.sync-leads-job'

/** What was done before a crash counts for the run: without it nobody would be told that leads have changed. */
const KEPT_COUNTS = ['new', 'changed', 'returned', 'malformed', 'surprises'] as const satisfies (keyof ListingCounts)[]

/** Where a listing goes on after a crash; good for the same run only: a later run begins at the top. */
type ListingCursor = {
  runId: string
  skip: number
  nextLink: string | null
  counts: Pick<ListingCounts, (typeof KEPT_COUNTS)[number]>
}

type Listing = {
  run: RunContext
  client: OperatorConnectClient
  baseline: boolean
  firstSight: FirstSight | null
  counts: ListingCounts
  /** skip of a page -> its fingerprint in the last listing. */
  known: Map<number, { fingerprint: string; leadCount: number }>
  lastSkip: number
  /** The page after the last that was read; at the end of the list that last one. */
  position: ConsentPosition
}

/**
 * Brings the operator's leads in step with Microsoft's list of consents. Pages and records that did not change cost one
 * hash each; what changed is stored page by page with the cursor. Absence is judged only after a whole, unbroken listing.
 * Source: issue 2, 4; microsoft.md A.4, A.13; design/architecture.md, Trace.
 */
export function syncLeadsJob(clients: MicrosoftClients, everySeconds: number): JobDefinition {
  return defineJob({
    name: SYNC_LEADS_JOB,
    summary: "Fetches the operator's leads (consents) from Microsoft",
    scope: 'each-operator',
    everySeconds,
    timeoutSeconds: 3_600,
    remedy: 'Test the connection to Microsoft, then run the job again. Nothing was removed.',
    run: tellingFailures(async (run) => {
      const client = await clients.forOperator(run.operatorId)
      if (!client) {
        run.progress({ phase: 'not connected' })
        return
      }
      const cursor = run.cursor<ListingCursor>()
      const from = cursor?.runId === run.runId ? cursor : null
      const listing = await beginListing(run, client, from)
      await readListing(listing, from)
      await finishListing(listing, from !== null)
    }),
  })
}

async function beginListing(
  run: RunContext,
  client: OperatorConnectClient,
  from: ListingCursor | null,
): Promise<Listing> {
  const { state, pages } = await run.transact(async (tx) => {
    const store = listingStore(tx)
    return { state: await store.state(), pages: await store.pages() }
  })
  const known = new Map(pages.map((page) => [page.skip, page]))
  return {
    run,
    client,
    baseline: !state.baselineDone,
    firstSight: state.baselineDone || from ? null : createFirstSight(),
    counts: {
      listed: from?.skip ?? 0,
      new: 0,
      changed: 0,
      unchanged: 0,
      returned: 0,
      malformed: 0,
      surprises: 0,
      missing: 0,
      removed: 0,
      waitedForMicrosoftMs: 0,
      ...from?.counts,
    },
    known,
    lastSkip: 0,
    position: { skip: from?.skip ?? 0, nextLink: from?.nextLink ?? null },
  }
}

async function readListing(listing: Listing, from: ListingCursor | null): Promise<void> {
  const { run, known, counts } = listing
  const sizes = new Map([...known.values()].map((page) => [page.fingerprint, page.leadCount]))
  const memory = createListingMemory((first, last) =>
    known.size === 0 ? Promise.resolve(new Map()) : run.transact((tx) => listingStore(tx).remembered(first, last)),
  )
  const recall = { page: (fingerprint: string) => sizes.get(salted(fingerprint)), record: memory.record }
  const range = { skip: from?.skip ?? 0, nextLink: from?.nextLink ?? null, top: MAX_PAGE_SIZE, recall }
  await memory.reach(range.skip)
  const pages = iterateConsents(listing.client, range, { signal: run.signal })
  // While pages are being stored, the next are made ready, and Microsoft is asked for the one after those.
  const ahead = readAhead(pagesToTake(listing, readAhead(pages), range.skip, memory), READY_PAGES)
  let batch: Batch = { pages: [], next: null }
  const storeNow = async () => {
    await storeBatch(listing, batch)
    batch = { pages: [], next: null }
  }
  const waiting = async <T>(promise: Promise<T>) => {
    const since = performance.now()
    const result = await promise
    counts.waitedForMicrosoftMs += Math.round(performance.now() - since)
    return result
  }
  try {
    for (;;) {
      const coming = ahead.next()
      // What is stored need not be read again should this process end while Microsoft takes its time.
      if (batch.pages.length > 0 && !(await waiting(settlesWithin(coming, HELD_BACK_MS)))) await storeNow()
      const { value: page, done } = await waiting(coming)
      if (done) break
      const { skip, next } = page
      // An empty page behind the others is no page of the list: another listing may well end without it.
      const isBehind = page.recordCount === 0 && skip > 0
      if (known.get(skip)?.fingerprint === salted(page.fingerprint)) counts.unchanged += page.recordCount
      // A page that is known from another place of the list is not made ready before.
      else if (!isBehind) batch.pages.push({ ...page, prepared: page.prepared ?? (await prepare(listing, page)) })
      batch.next = next
      listing.lastSkip = isBehind ? skip - 1 : skip
      if (next) listing.position = next
      counts.listed = skip + page.recordCount
      if (isFull(batch, listing.baseline)) await storeNow()
      const total = page.totalCount === null ? {} : { total: Math.max(page.totalCount, counts.listed) }
      run.progress({ phase: 'listing', done: counts.listed, ...total, unit: 'leads', counts: { ...counts } })
    }
    await storeNow()
  } finally {
    await ahead.return()
  }
}

type PlacedPage = ListedPage & { skip: number; prepared: PreparedPage | null }

/** Makes pages ready that the last listing did not hold: with `readAhead`, while pages before are being stored. */
async function* pagesToTake(
  listing: Listing,
  pages: AsyncGenerator<ListedPage, void, void>,
  from: number,
  memory: ListingMemory,
): AsyncGenerator<PlacedPage, void, void> {
  const fingerprints = new Set([...listing.known.values()].map((page) => page.fingerprint))
  let skip = from
  for await (const page of pages) {
    const isKnown = fingerprints.has(salted(page.fingerprint))
    yield { ...page, skip, prepared: isKnown ? null : await prepare(listing, page) }
    skip += page.recordCount
    await memory.reach(skip)
  }
}

async function prepare({ run, baseline }: Listing, page: ListedPage): Promise<PreparedPage> {
  return preparePage(await page.records(), { baseline, operatorId: run.operatorId })
}

/**
 * Changed pages that are stored in one transaction: where little changed, committing each takes longer than all the rest.
 * `next` is the place to go on at after a crash; null at the end of the list.
 */
type Batch = { pages: (PlacedPage & { prepared: PreparedPage })[]; next: ConsentPosition | null }

/** Pages made ready while others are being stored. */
const READY_PAGES = 3
/** Records that differ. Of a baseline more, as new ones are stored many times as fast as changed ones. */
const BATCH_RECORDS = { baseline: 2_000, later: 500 }
const BATCH_PAGES = 20
const HELD_BACK_MS = 250

function isFull({ pages }: Batch, baseline: boolean): boolean {
  const records = pages.reduce((sum, { prepared }) => sum + prepared.differing.length, 0)
  return records >= BATCH_RECORDS[baseline ? 'baseline' : 'later'] || pages.length >= BATCH_PAGES
}

async function storeBatch(listing: Listing, { pages, next }: Batch): Promise<void> {
  if (pages.length === 0) return
  const { run, counts, baseline, firstSight } = listing
  const seen = pages.map(({ skip, fingerprint, prepared }) => ({
    skip,
    fingerprint: salted(fingerprint),
    hashes: prepared.hashes,
    malformed: prepared.malformed,
  }))
  await run.transact(async (tx) => {
    // Nobody outside hears of a baseline's leads, so nothing was said that could prove untrue.
    if (baseline) await listingStore(tx).commitLazily()
    // Fills in what could not be read.
    await storePages(
      tx,
      pages.map((page) => page.prepared),
      { baseline, firstSight, counts, log: run.log },
    )
    await listingStore(tx).savePages(seen)
    const kept = Object.fromEntries(KEPT_COUNTS.map((name) => [name, counts[name]])) as ListingCursor['counts']
    // After the last page that one is read once more, which tells that nothing is left.
    const cursor: ListingCursor = { runId: run.runId, ...(next ?? listing.position), counts: kept }
    await run.saveCursor(tx, cursor)
  })
}

async function finishListing(listing: Listing, resumed: boolean): Promise<void> {
  const { run, counts, baseline } = listing
  run.progress({ phase: 'checking for removals' })
  await run.transact(async (tx) => {
    await listingStore(tx).finishListing(listing.lastSkip)
    await run.clearCursor(tx)
    // Only a listing read from top to end in one go can tell that something is missing.
    if (!resumed) await judgeAbsences(tx, listing)
    if (baseline || counts.new + counts.changed > 0) {
      const payload = { runId: run.runId, baseline, new: counts.new, changed: counts.changed }
      await emit(tx, { name: 'leads.synced', key: `sync/${run.operatorId}`, payload })
    }
  })
  counts.removed += await confirmRemovals(run, listing.client)
  await settleIntents(run, listing.client)
  await indexForSearch(run)
  run.progress({ phase: 'done', counts: { ...counts } })
}

const INDEXED_AT_ONCE = 1_000

/** What was written lately can be found already; in the index it is found fast. What a crash leaves, the next run takes. */
async function indexForSearch(run: RunContext): Promise<void> {
  let done = 0
  for (;;) {
    run.signal.throwIfAborted()
    const count = await run.transact((tx) => leadIntake.indexRecent(tx, INDEXED_AT_ONCE))
    if (count === 0) break
    done += count
    run.progress({ phase: 'indexing for search', done, unit: 'leads' })
  }
  if (done >= INDEXED_AT_ONCE) await run.transact((tx) => leadIntake.settleSearch(tx))
}

/** A listing that stays short for this long is no slip: then each lead that is missing is asked for. */
const SHRUNK_BELIEVED_AFTER_MS = 24 * 3_600_000

async function judgeAbsences(tx: Tx, { run, counts, baseline }: Listing): Promise<void> {
  const store = listingStore(tx)
  const { absencePending, shrunkSince } = await store.state()
  if (baseline) return store.noteVerdict({ shrunk: false })
  if (!absencePending) return
  const believed = shrunkSince !== null && Date.now() - shrunkSince.getTime() > SHRUNK_BELIEVED_AFTER_MS
  const verdict = await leadIntake.judgeListing(tx, await store.listedIds(), { believed, known: shrunkSince !== null })
  counts.missing = verdict.missing
  if (!verdict.trusted) run.log.warn({ missing: verdict.missing }, verdict.reason)
  await store.noteVerdict({ shrunk: !verdict.trusted })
}

function salted(fingerprint: string): string {
  return `${MAPPING_VERSION}.${fingerprint}`
}
