import type { Tx } from '../../platform/db/transaction.ts'
import { recentChanges } from '../audit/index.ts'
import { medianOf } from './lead-status.rules.ts'
import { leadStatusStore } from './lead-status.store.ts'

/** Fewer say nothing about the next one. */
const LEAST = 5
const LIMITS = { scan: 5_000, limit: 200 }
const TURNED_ACTIVE = { action: 'lead.changed', before: '%"status":"Not%Active"%', after: '%"status":"Active"%' }

/**
 * How long it took here from the consent until a lead was seen to be Active, by what the journal remembers; null when too
 * few did. Of a channel: by its own leads.
 */
export async function measureActivation(tx: Tx): Promise<{ medianSeconds: number; leads: number } | null> {
  const moments = await recentChanges(tx, TURNED_ACTIVE, LIMITS)
  const consented = await leadStatusStore(tx).consentedAt(moments.map(({ objectId }) => objectId))
  const seconds = moments.flatMap(({ objectId, at }) => {
    const from = consented.get(objectId)
    return from && at > from ? [(at.getTime() - from.getTime()) / 1_000] : []
  })
  return seconds.length < LEAST ? null : { medianSeconds: medianOf(seconds), leads: seconds.length }
}
