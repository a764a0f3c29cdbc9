import { hash } from 'node:crypto'
import { Readable } from 'node:stream'
import { type LeadFacets, leadCsvColumns } from '../../../contract/leads.ts'
import { AppError, messageOf, notFound } from '../../kernel/errors.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import { createReadMemory } from '../../platform/db/read-memory.ts'
import type { Reader } from '../../platform/db/reader.ts'
import { createSharedRead } from '../../platform/db/shared-read.ts'
import type { Transact } from '../../platform/db/transaction.ts'
import { csvFile } from './lead-csv.ts'
import { digest } from './lead-cursor.ts'
import { leadIntake } from './lead-intake.service.ts'
import {
  type DeskRow,
  type DutyCount,
  isFiltered,
  type LeadPage,
  leadListStore,
  type ScopeState,
} from './lead-list.store.ts'
import type { LeadPosition, LeadQuery } from './lead-query.rules.ts'
import type { LeadSource } from './lead-source.ts'

/** Up to this many leads a page is held and sent with its length; above it is streamed. */
const HELD_PAGE_MAX = 1_000
/** So much of held pages is remembered while nothing changes, for the next who asks; a page of some 700 leads at most. */
const REMEMBERED_BYTES = 16 * 1024 ** 2
/** Civic address sync of direct leads in one answer: at most this many tenants, for at most this long. Source: issue 2, 5. */
const ADDRESS_TENANTS_MAX = 25
const ADDRESS_BUDGET_MS = 2_000
/** How long checkOnline waits for a sync when nothing is stored yet. Source: issue 2, 5. */
const SYNC_WAIT_MS = 20_000
const COUNTS_MAX = 1_000

export type LeadServiceOptions = {
  reader: Reader
  transact: Transact
  source: LeadSource
  onAddressFailure: (tenantId: string, reason: string) => void
}

type HeldPage = LeadPage & { total: number; body: Buffer }

/** A page before its body is made: what its headers need. */
export type LeadListing = {
  version: number
  /** Tag of this very answer: scope, version and query. */
  etag: string
  page(): Promise<HeldPage | (LeadPage & { total: number; body: Readable })>
}

/** A page of the desk before it is made. */
export type DeskListing = {
  etag: string
  page(): Promise<{ rows: DeskRow[]; last: LeadPosition | null; total: number }>
  facets(): Promise<LeadFacets>
}

export type LeadService = ReturnType<typeof createLeadService>

/** Reading leads; writing what Microsoft says is `leadIntake`. */
export function createLeadService({ reader, transact, source, onAddressFailure }: LeadServiceOptions) {
  // By versions: one that has passed is never asked for again, and goes when others need its place.
  const counts = createReadMemory<{ total: number }>({ maxEntries: COUNTS_MAX })
  const facetCounts = createReadMemory<LeadFacets>({ maxEntries: COUNTS_MAX })
  const heldPages = createReadMemory<HeldPage>({ maxBytes: REMEMBERED_BYTES, bytesOf: ({ body }) => body.length })
  const sharedState = createSharedRead<ScopeState>()

  /** Many callers ask for the same scope at once: whether anything is new there is the commonest question of all. */
  function stateOf(principal: OperatorPrincipal): Promise<ScopeState> {
    const scope = `${principal.kind === 'installation'}/${principal.operatorId}/${principal.channelId}`
    return sharedState(scope, () => leadListStore(reader, principal).state())
  }

  async function totalOf(principal: OperatorPrincipal, query: LeadQuery, state: ScopeState): Promise<number> {
    const known = knownTotal(principal, query, state)
    if (known !== undefined) return known
    return remember(principal, query, state, await leadListStore(reader, principal).count(query))
  }

  function knownTotal(principal: OperatorPrincipal, query: LeadQuery, state: ScopeState): number | undefined {
    return isFiltered(query) ? counts.get(countKey(principal, query, state))?.total : state.total
  }

  function remember(principal: OperatorPrincipal, query: LeadQuery, state: ScopeState, total: number): number {
    counts.set(countKey(principal, query, state), { total })
    return total
  }

  /**
   * A page and its total. Finding what a search matches is nearly all the work of both, so then they are one statement;
   * else the order's index gives the page without looking at all that match, and both are asked for at once.
   */
  async function withTotal<T extends { total?: number }>(
    principal: OperatorPrincipal,
    query: LeadQuery,
    state: ScopeState,
    read: (counted: boolean) => Promise<T>,
  ): Promise<T & { total: number }> {
    const counted = query.search !== undefined && !query.after && knownTotal(principal, query, state) === undefined
    const [page, total] = await Promise.all([read(counted), counted ? undefined : totalOf(principal, query, state)])
    return { ...page, total: total ?? remember(principal, query, state, page.total ?? 0) }
  }

  /** A page by its tag, which names all that decides it: whoever has this very page is told that it is unchanged. */
  async function heldPage(principal: OperatorPrincipal, query: LeadQuery, state: ScopeState): Promise<HeldPage> {
    const etag = etagOf(principal, query, state)
    const kept = heldPages.get(etag)
    if (kept) return kept
    const { json, ...page } = await withTotal(principal, query, state, (counted) =>
      leadListStore(reader, principal).page(query, state, counted),
    )
    const held = { ...page, body: json }
    heldPages.set(etag, held)
    return held
  }

  /** Each lead that matches has to be looked at: what was counted is remembered, as nothing changes most of the time. */
  async function facetsOf(principal: OperatorPrincipal, query: LeadQuery, state: ScopeState): Promise<LeadFacets> {
    const key = countKey(principal, query, state)
    const known = facetCounts.get(key)
    if (known) return known
    const store = leadListStore(reader, principal)
    const [counted, duties] = await Promise.all([store.facets(query), store.duties(query)])
    const facets: LeadFacets = {
      ...dutyFacets(duties),
      status: [],
      license: [],
      processing: [],
      country: [],
      isDirectLead: [],
    }
    for (const { facet, value, count } of counted) facets[facet].push({ value, count })
    const all = facets.status.reduce((sum, { count }) => sum + count, 0)
    facets.owner.push({ value: 'none', count: all - duties.reduce((sum, { leads }) => sum + leads, 0) })
    facetCounts.set(key, facets)
    return facets
  }

  return {
    /** A page of the documented list. Addresses of direct leads on it are fetched first, within the budget. */
    async list(principal: OperatorPrincipal, query: LeadQuery, signal: AbortSignal): Promise<LeadListing> {
      const store = leadListStore(reader, principal)
      let state = await stateOf(principal)
      if (state.unaddressedDirect && (await fetchAddresses(principal, query, signal))) state = await stateOf(principal)
      return {
        version: state.version,
        etag: etagOf(principal, query, state),
        async page() {
          if (query.limit <= HELD_PAGE_MAX) return heldPage(principal, query, state)
          // Counted before: a count that fails must not leave a stream that nobody reads.
          const total = await totalOf(principal, query, state)
          const { rows, ...page } = await store.stream(query, state)
          return { ...page, total, body: asArray(rows) }
        },
      }
    },

    /**
     * checkOnline: a tenant the operator has no record of is asked for at Microsoft once; an empty store waits for a sync.
     * 503 with Retry-After when Microsoft fails: never an empty answer that looks like "no lead".
     */
    async checkOnline(principal: OperatorPrincipal, tenantId: string | undefined, signal: AbortSignal): Promise<void> {
      // The operator's record counts, not the channel's: what another channel holds is not asked for again.
      const operator: OperatorPrincipal = { ...principal, channelId: null }
      const store = leadListStore(reader, operator)
      if (tenantId !== undefined) {
        const query: LeadQuery = { tenantId, sort: 'tenant', offset: 0, limit: 1, after: null }
        if ((await store.count(query)) === 0) await source.fetchTenant(principal, tenantId, signal)
        return
      }
      if ((await stateOf(operator)).total > 0) return
      await source.waitForSync(operator, AbortSignal.any([signal, AbortSignal.timeout(SYNC_WAIT_MS)]))
    },

    /** A page of the desk, with its total, and counts of all that matches: `etag` is what both are good for. */
    async desk(principal: OperatorPrincipal, query: LeadQuery): Promise<DeskListing> {
      const state = await stateOf(principal)
      const asked = simplified(query, state)
      const store = leadListStore(reader, principal)
      return {
        etag: etagOf(principal, query, state),
        page: () => withTotal(principal, asked, state, (counted) => store.rows(asked, counted)),
        facets: () => facetsOf(principal, asked, state),
      }
    },

    /** Everything that matches as a CSV file, and how many leads it holds. */
    async csv(principal: OperatorPrincipal, query: LeadQuery): Promise<{ total: number; file: Readable }> {
      const state = await stateOf(principal)
      const asked = simplified(query, state)
      const { total, lines } = await leadListStore(reader, principal).csv(asked)
      return { total, file: csvFile(leadCsvColumns, lines) }
    },

    /** What a bulk action is about to be done to: at most one more than `limit`, so that too many are told. */
    chosen: (principal: OperatorPrincipal, query: LeadQuery, limit: number) =>
      leadListStore(reader, principal).chosen(query, limit + 1),

    async one(principal: OperatorPrincipal, leadId: string): Promise<DeskRow> {
      const row = await leadListStore(reader, principal).one(leadId)
      if (!row) throw notFound('The lead')
      return row
    },
  }

  /** Asks Microsoft for the addresses of direct leads on the page; true when any answer was stored. */
  async function fetchAddresses(principal: OperatorPrincipal, query: LeadQuery, signal: AbortSignal): Promise<boolean> {
    const tenants = await leadListStore(reader, principal).unaddressedTenants(query, ADDRESS_TENANTS_MAX)
    if (tenants.length === 0) return false
    const budget = AbortSignal.any([signal, AbortSignal.timeout(ADDRESS_BUDGET_MS)])
    const operator: OperatorPrincipal = { ...principal, channelId: null }
    const failures: [tenantId: string, failure: string][] = []
    let stored = false
    const fetchAddress = async (tenantId: string) => {
      try {
        const addresses = await source.civicAddresses(operator, tenantId, budget)
        await transact(operator, (tx) => leadIntake.applyAddresses(tx, tenantId, { addresses }))
        stored = true
      } catch (error) {
        failures.push([tenantId, budget.aborted ? 'Microsoft did not answer within 2 seconds.' : messageOf(error)])
      }
    }
    await Promise.all(tenants.map(fetchAddress))
    // A caller who has gone has learnt nothing about Microsoft.
    if (failures.length > 0 && !signal.aborted) await leaveToWorker(operator, failures)
    return stored
  }

  /** The next pages do not wait for these tenants again; a worker, which has time, asks for them now. */
  async function leaveToWorker(operator: OperatorPrincipal, failures: [string, string][]): Promise<void> {
    for (const [tenantId, failure] of failures) onAddressFailure(tenantId, failure)
    try {
      await source.askForAddressesSoon(operator)
      for (const [tenantId, failure] of failures)
        await transact(operator, (tx) => leadIntake.applyAddresses(tx, tenantId, { failure, hasty: true }))
    } catch (error) {
      // The list itself is still good: a store that fails now fails the page in its own words.
      onAddressFailure(failures[0]?.[0] ?? '', messageOf(error))
    }
  }
}

/** Of each owner whose name is the reader's to know, and what is left and late. */
function dutyFacets(duties: DutyCount[]): Pick<LeadFacets, 'owner' | 'overdue'> {
  const owner = duties.flatMap(({ ownerId, leads }) => (ownerId === null ? [] : [{ value: ownerId, count: leads }]))
  const left = duties.reduce((sum, one) => sum + one.left, 0)
  return {
    owner: left > 0 ? [...owner, { value: 'left', count: left }] : owner,
    overdue: duties.reduce((sum, one) => sum + one.overdue, 0),
  }
}

function countKey(principal: OperatorPrincipal, query: LeadQuery, state: ScopeState): string {
  return `${principal.operatorId}/${principal.channelId}/${state.version}/${digest(query)}`
}

/** Hiding what is not there would cost the count that is at hand. */
function simplified(query: LeadQuery, state: ScopeState): LeadQuery {
  if (query.archived !== 'hide' || state.archived) return query
  const { archived: _archived, ...rest } = query
  return rest
}

function etagOf(principal: OperatorPrincipal, query: LeadQuery, state: ScopeState): string {
  const place = query.after ? `a${query.after.arrival}.${digestText(query.after.key)}` : `o${query.offset}`
  return `${principal.operatorId}.${principal.channelId ?? 0}.${state.version}.${digest(query)}.${place}.${query.limit}`
}

function digestText(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, 16)
}

/** Texts that each begin with a comma become one JSON array. */
function asArray(rows: Readable): Readable {
  async function* parts(): AsyncGenerator<Buffer> {
    let first = true
    for await (const chunk of rows as AsyncIterable<Buffer>) {
      if (first) chunk[0] = OPENING
      first = false
      yield chunk
    }
    yield Buffer.from(first ? '[]' : ']')
  }
  const array = Readable.from(parts(), { objectMode: false })
  array.once('close', () => rows.destroy())
  return array
}

const OPENING = '['.charCodeAt(0)

/** 503 for a Microsoft that does not answer, with when to try again. */
export function microsoftUnavailable(detail: string, retryAfterSeconds: number, cause?: unknown): AppError {
  return new AppError({ code: 'microsoft-unavailable', status: 503, detail, retryAfterSeconds, cause })
}
