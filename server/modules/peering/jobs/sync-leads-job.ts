import {
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
import { listingStore } from '../listing.store.ts'
import { MAPPING_VERSION } from '../map-consent-to-lead.ts'
import type { MicrosoftClients } from '../microsoft-clients.ts'
import { readAhead } from '../read-ahead.ts'
import { tellingFailures } from '../run-failure.ts'
import { type ListingCounts, type PreparedPage, preparePage, storePage } from '../store-page.ts'

export const SYNC_LEADS_JOB = 'peering.sync-leads-job'

/** Where a listing goes on after a crash; good for the same run only: a later run begins at the top. */
type ListingCursor = { runId: string; skip: number; nextLink: string | null }

type Listing = {
  run: RunContext
  client: OperatorConnectClient
  baseline: boolean
  counts: ListingCounts
  /** skip of a page -> its fingerprint in the last listing. */
  known: Map<number, { fingerprint: string; leadCount: number }>
  lastSkip: number
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
      const listing = await beginListing(run, client, from?.skip ?? 0)
      await readListing(listing, from)
      await finishListing(listing, from !== null)
    }),
  })
}

async function beginListing(run: RunContext, client: OperatorConnectClient, skip: number): Promise<Listing> {
  const { state, pages } = await run.transact(async (tx) => {
    const store = listingStore(tx)
    return { state: await store.state(), pages: await store.pages() }
  })
  const known = new Map(pages.map((page) => [page.skip, page]))
  return {
    run,
    client,
    baseline: !state.baselineDone,
    counts: {
      listed: skip,
      new: 0,
      changed: 0,
      unchanged: 0,
      returned: 0,
      malformed: 0,
      surprises: 0,
      missing: 0,
      removed: 0,
      waitedForMicrosoftMs: 0,
    },
    known,
    lastSkip: 0,
  }
}

async function readListing(listing: Listing, from: ListingCursor | null): Promise<void> {
  const { run, known, counts } = listing
  const sizes = new Map([...known.values()].map((page) => [page.fingerprint, page.leadCount]))
  const recall = (fingerprint: string) => sizes.get(salted(fingerprint))
  const range = { skip: from?.skip ?? 0, nextLink: from?.nextLink ?? null, top: MAX_PAGE_SIZE, recall }
  let skip = range.skip
  let askedAt = performance.now()
  for await (const page of readAhead(
    pagesToTake(listing, iterateConsents(listing.client, range, { signal: run.signal })),
  )) {
    counts.waitedForMicrosoftMs += Math.round(performance.now() - askedAt)
    await takePage(listing, page, skip)
    listing.lastSkip = skip
    skip += page.recordCount
    counts.listed = skip
    const total = page.totalCount === null ? {} : { total: Math.max(page.totalCount, skip) }
    run.progress({ phase: 'listing', done: skip, ...total, unit: 'leads', counts: { ...counts } })
    askedAt = performance.now()
  }
}

type PageToTake = ListedPage & { prepared: PreparedPage | null }

/** Makes pages ready that the last listing did not hold: with `readAhead`, while the page before is being stored. */
async function* pagesToTake(
  { known, baseline }: Listing,
  pages: AsyncGenerator<ListedPage, void, void>,
): AsyncGenerator<PageToTake, void, void> {
  const fingerprints = new Set([...known.values()].map((page) => page.fingerprint))
  for await (const page of pages) {
    const isKnown = fingerprints.has(salted(page.fingerprint))
    yield { ...page, prepared: isKnown ? null : await preparePage(page.records(), baseline) }
  }
}

async function takePage(listing: Listing, page: PageToTake, skip: number): Promise<void> {
  const { run, counts, baseline } = listing
  const fingerprint = salted(page.fingerprint)
  if (listing.known.get(skip)?.fingerprint === fingerprint) {
    counts.unchanged += page.recordCount
    return
  }
  // A page that is known from another place of the list is not made ready before.
  const prepared = page.prepared ?? (await preparePage(page.records(), baseline))
  await run.transact(async (tx) => {
    await storePage(tx, prepared, { baseline, counts, log: run.log })
    await listingStore(tx).savePage(skip, fingerprint, prepared.ids)
    if (page.next) await run.saveCursor(tx, { runId: run.runId, ...page.next } satisfies ListingCursor)
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
    if (count === 0) return
    done += count
    run.progress({ phase: 'indexing for search', done, unit: 'leads' })
  }
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
