import { sql } from 'kysely'
import { openTables, type Tx } from '../../platform/db/transaction.ts'

type PeeringTables = {
  sync_state: {
    operator_id: number
    baseline_at: Date | null
    listed_at: Date | null
    absence_pending: boolean
    shrunk_since: Date | null
  }
  listing_page: {
    operator_id: number
    skip: number
    fingerprint: string
    lead_ids: Buffer
    record_hashes: Buffer
    malformed_keys: string[]
  }
  sync_finding: {
    operator_id: number
    kind: 'malformed' | 'surprise'
    key: string
    detail: string
    raw: string | null
    times: number
    first_seen_at: Date
    last_seen_at: Date
  }
}

/** What is known of the operator's listing at Microsoft. */
export type ListingState = {
  baselineDone: boolean
  /** It changed since it was last judged for absences. */
  absencePending: boolean
  /** Since when it lacks more leads than can be believed. */
  shrunkSince: Date | null
}

/** A page of the last listing: its fingerprint at Microsoft and the leads it held. */
export type KnownPage = { skip: number; fingerprint: string; leadCount: number }

/** Something of Microsoft's that could not be read, or that nobody expected; kept until it is gone. */
export type Finding = { kind: 'malformed' | 'surprise'; key: string; detail: string; raw: string | null }

/**
 * A page as it is remembered: the hash of each record by its id, `''` where it could not be read; and the keys under which
 * findings tell of those, by which also a record without an id is known.
 */
export type SeenPage = {
  skip: number
  fingerprint: string
  hashes: ReadonlyMap<string, string>
  malformed: readonly string[]
}

/** Begins the key of a finding about an address. */
const ADDRESS_FINDING = 'address of '

/** All addresses of a tenant that could not be read, as one finding: none takes the place of another. */
export function addressFindings(tenantId: string, unreadable: readonly { reason: string; raw: string }[]): Finding[] {
  if (unreadable.length === 0) return []
  const reasons = [...new Set(unreadable.map(({ reason }) => reason))]
  const raw = unreadable.length === 1 ? unreadable[0]?.raw : `[${unreadable.map((one) => one.raw).join(',')}]`
  return [{ kind: 'malformed', key: `${ADDRESS_FINDING}${tenantId}`, detail: reasons.join('; '), raw: raw ?? null }]
}

const ID_BYTES = 16
const HASH_BYTES = 20
const NO_HASH = '0'.repeat(HASH_BYTES * 2)

/** What a listing of Microsoft looked like, and what was odd in it. */
export function listingStore(tx: Tx) {
  const db = openTables<PeeringTables>(tx)
  const { operatorId } = tx

  return {
    async state(): Promise<ListingState> {
      const row = await db
        .selectFrom('sync_state')
        .select(['baseline_at', 'absence_pending', 'shrunk_since'])
        .where('operator_id', '=', operatorId)
        .executeTakeFirst()
      return {
        baselineDone: row?.baseline_at != null,
        absencePending: row?.absence_pending ?? false,
        shrunkSince: row?.shrunk_since ?? null,
      }
    },

    /** A listing has been read to its end; the first one ends the baseline. */
    async finishListing(lastSkip: number): Promise<void> {
      await sql`
        insert into sync_state (operator_id, baseline_at, listed_at) values (${operatorId}, now(), now())
        on conflict (operator_id) do update
        set baseline_at = coalesce(sync_state.baseline_at, now()), listed_at = now()`.execute(db)
      const beyond = await db
        .deleteFrom('listing_page')
        .where('operator_id', '=', operatorId)
        .where('skip', '>', lastSkip)
        .executeTakeFirst()
      if (beyond.numDeletedRows > 0n) await this.noteChange()
      await this.forgetGoneFindings()
    },

    /** Unreadable records that no page of a whole listing holds any more; addresses are another job's. */
    async forgetGoneFindings(): Promise<void> {
      await sql`
        delete from sync_finding
        where operator_id = ${operatorId} and kind = 'malformed' and not starts_with(key, ${ADDRESS_FINDING})
          and key not in (select unnest(malformed_keys) from listing_page where operator_id = ${operatorId})`.execute(
        db,
      )
    },

    /** The listing is another one: what it lacks has to be judged when it has been read in one go. */
    async noteChange(): Promise<void> {
      await db
        .updateTable('sync_state')
        .set({ absence_pending: true })
        .where('operator_id', '=', operatorId)
        .where('absence_pending', '=', false)
        .execute()
    },

    /** What the listing lacks has been judged; `shrunk`: it lacks too much to be believed. */
    async noteVerdict({ shrunk }: { shrunk: boolean }): Promise<void> {
      await db
        .updateTable('sync_state')
        .set({ absence_pending: shrunk, shrunk_since: shrunk ? sql<Date>`coalesce(shrunk_since, now())` : null })
        .where('operator_id', '=', operatorId)
        .execute()
    },

    /**
     * This transaction need not have reached the disk when it ends. Should the machine fail just then, it is undone as a
     * whole, its cursor too, and the same pages are read once more.
     */
    async commitLazily(): Promise<void> {
      await sql`set local synchronous_commit = off`.execute(db)
    },

    async pages(): Promise<KnownPage[]> {
      const rows = await db
        .selectFrom('listing_page')
        .select(['skip', 'fingerprint', sql<number>`length(lead_ids) / ${sql.lit(ID_BYTES)}`.as('lead_count')])
        .where('operator_id', '=', operatorId)
        .orderBy('skip')
        .execute()
      return rows.map((row) => ({ skip: row.skip, fingerprint: row.fingerprint, leadCount: row.lead_count }))
    },

    async savePages(pages: SeenPage[]): Promise<void> {
      for (const { skip, fingerprint, hashes, malformed } of pages) {
        const row = {
          fingerprint,
          lead_ids: Buffer.from([...hashes.keys()].join('').replaceAll('-', ''), 'hex'),
          record_hashes: Buffer.from([...hashes.values()].map((hash) => hash || NO_HASH).join(''), 'hex'),
          malformed_keys: [...malformed],
        }
        await db
          .insertInto('listing_page')
          .values({ operator_id: operatorId, skip, ...row })
          .onConflict((conflict) => conflict.columns(['operator_id', 'skip']).doUpdateSet(row))
          .execute()
      }
      if (pages.length > 0) await this.noteChange()
    },

    /** What the last listing held on pages that begin between two places: the id of each record that was read, by its hash. */
    async remembered(from: number, to: number): Promise<Map<string, string>> {
      const rows = await db
        .selectFrom('listing_page')
        .select(['lead_ids', 'record_hashes'])
        .where('operator_id', '=', operatorId)
        .where('skip', '>=', from)
        .where('skip', '<=', to)
        .execute()
      const remembered = new Map<string, string>()
      for (const { lead_ids, record_hashes } of rows) {
        const ids = idsOf(lead_ids)
        const hex = record_hashes.toString('hex')
        for (const [index, id] of ids.entries()) {
          const hash = hex.slice(index * HASH_BYTES * 2, (index + 1) * HASH_BYTES * 2)
          if (hash !== NO_HASH) remembered.set(hash, id)
        }
      }
      return remembered
    },

    /** Ids of all leads of the last listing. */
    async listedIds(): Promise<Set<string>> {
      const ids = new Set<string>()
      const rows = await db
        .selectFrom('listing_page')
        .select('lead_ids')
        .where('operator_id', '=', operatorId)
        .execute()
      for (const { lead_ids } of rows) for (const id of idsOf(lead_ids)) ids.add(id)
      return ids
    },

    async saveFindings(findings: Finding[]): Promise<void> {
      for (const finding of findings) {
        await sql`
          insert into sync_finding (operator_id, kind, key, detail, raw)
          values (${operatorId}, ${finding.kind}, ${storable(finding.key)}, ${storable(finding.detail)}, ${finding.raw})
          on conflict (operator_id, kind, key) do update
          set detail = excluded.detail, raw = excluded.raw, times = sync_finding.times + 1, last_seen_at = now()`.execute(
          db,
        )
      }
    },

    /** Records that could not be read before and can be now. */
    async clearMalformed(keys: string[]): Promise<void> {
      await db
        .deleteFrom('sync_finding')
        .where('operator_id', '=', operatorId)
        .where('kind', '=', 'malformed')
        .where('key', '=', sql<string>`any(${keys}::text[])`)
        .execute()
    },

    async findings(limit: number) {
      return db
        .selectFrom('sync_finding')
        .select(['kind', 'key', 'detail', 'raw', 'times', 'first_seen_at', 'last_seen_at'])
        .where('operator_id', '=', operatorId)
        .orderBy('last_seen_at', 'desc')
        .orderBy('key')
        .limit(limit)
        .execute()
    },
  }
}

function idsOf(bytes: Buffer): string[] {
  const hex = bytes.toString('hex')
  return Array.from({ length: bytes.length / ID_BYTES }, (_, at) =>
    dashed(hex.slice(at * ID_BYTES * 2, (at + 1) * ID_BYTES * 2)),
  )
}

function dashed(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** For the installation: whether every one of the operators has had its baseline. */
export async function firstSyncsDone(tx: Tx, operatorIds: number[]): Promise<boolean> {
  const rows = await openTables<PeeringTables>(tx)
    .selectFrom('sync_state')
    .select('operator_id')
    .where('baseline_at', 'is not', null)
    .execute()
  const done = new Set(rows.map((row) => row.operator_id))
  return operatorIds.every((id) => done.has(id))
}

/** PostgreSQL text holds neither U+0000 nor half a surrogate pair. */
function storable(text: string): string {
  return text.replaceAll('\u0000', '\ufffd').toWellFormed()
}
