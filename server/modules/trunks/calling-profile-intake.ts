import { createHash } from 'node:crypto'
import type { Tx } from '../../platform/db/transaction.ts'
import { journal } from '../audit/index.ts'
import { type CallingProfileFacts, callingProfileStore } from './calling-profile.store.ts'

export type IntakeCounts = { listed: number; new: number; changed: number; removed: number }

/**
 * Takes a whole listing of Microsoft in, in one transaction: what is new, changed or listed again is written, what is not in it
 * is marked. `isWhole` false: some records could not be read, and nothing is taken for gone.
 */
export async function takeCallingProfiles(
  tx: Tx,
  profiles: readonly CallingProfileFacts[],
  isWhole: boolean,
  now: Date,
): Promise<IntakeCounts> {
  const store = callingProfileStore(tx)
  const known = new Map((await store.list()).map((one) => [one.profileId, one]))
  const counts: IntakeCounts = { listed: profiles.length, new: 0, changed: 0, removed: 0 }
  for (const profile of profiles) {
    const fingerprint = fingerprintOf(profile)
    const before = known.get(profile.id)
    known.delete(profile.id)
    if (before && before.fingerprint === fingerprint && before.removedAt === null) continue
    if (before) counts.changed += 1
    else counts.new += 1
    await store.put(profile, fingerprint, now)
    await note(tx, before ? 'calling-profile.changed' : 'calling-profile.added', profile, before?.profile)
  }
  for (const { profile, removedAt } of isWhole ? known.values() : []) {
    if (removedAt !== null) continue
    counts.removed += 1
    await store.markRemoved(profile.id, now)
    await note(tx, 'calling-profile.removed', null, profile)
  }
  await store.noteSynced(now)
  return counts
}

function note(
  tx: Tx,
  action: string,
  after: CallingProfileFacts | null,
  before: CallingProfileFacts | undefined,
): Promise<void> {
  const { id, name } = after ?? before ?? { id: '', name: '' }
  return journal(tx).append({
    ...{ action, object: { type: 'calling-profile', id, name } },
    ...{ before: before && told(before), after: after && told(after) },
  })
}

function told({ name, region, carrier, trunks, emergencyProfileId }: CallingProfileFacts) {
  return { name, region, carrier, trunks: trunks.map(({ fqdn }) => fqdn), emergencyProfileId }
}

function fingerprintOf(profile: CallingProfileFacts): string {
  return createHash('sha256').update(JSON.stringify(profile)).digest('hex')
}
