import type { SyncFinding } from '../../../contract/sync-findings.ts'
import type { Principal } from '../../kernel/principal.ts'
import type { Transact } from '../../platform/db/transaction.ts'
import { listingStore } from './listing.store.ts'

const FINDINGS_MAX = 500

export type FindingService = { list(principal: Principal): Promise<SyncFinding[]> }

/** What was odd in Microsoft's answers. */
export function createFindingService({ transact }: { transact: Transact }): FindingService {
  return {
    async list(principal) {
      const rows = await transact(principal, (tx) => listingStore(tx).findings(FINDINGS_MAX))
      return rows.map(({ first_seen_at, last_seen_at, ...finding }) => ({
        ...finding,
        firstSeenAt: first_seen_at.toISOString(),
        lastSeenAt: last_seen_at.toISOString(),
      }))
    },
  }
}
