import { newId } from '../../kernel/ids.ts'
import { installationPrincipal } from '../../kernel/principal.ts'
import type { Transact } from '../../platform/db/transaction.ts'
import { operatorStore } from './operator.store.ts'

/** Every operator of the installation, for background work and the command line. */
export function operatorNames(transact: Transact): Promise<{ operatorId: number; name: string }[]> {
  return transact(installationPrincipal('operators', newId()), (tx) => operatorStore(tx).list())
}
