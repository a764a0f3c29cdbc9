import { newId } from '../../kernel/ids.ts'
import { installationPrincipal } from '../../kernel/principal.ts'
import type { Transact } from '../../platform/db/transaction.ts'
import { firstSyncsDone } from './listing.store.ts'

/** Whether each connected operator's leads have been listed to the end at least once. */
export function allFirstSyncsDone(transact: Transact, operatorIds: number[]): Promise<boolean> {
  return transact(installationPrincipal('readiness', newId()), (tx) => firstSyncsDone(tx, operatorIds))
}
