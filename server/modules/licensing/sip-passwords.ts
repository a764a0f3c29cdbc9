import type { Tx } from '../../platform/db/transaction.ts'
import type { Sealer } from '../../platform/secrets/index.ts'
import { sipConnectionStore } from '../services/index.ts'

/** Passwords with which customers register: write-only, sealed to their connection. */
export function createSipPasswords(sealer: Sealer) {
  const place = (operatorId: number, connectionId: string) => ({
    table: 'sip_secret',
    row: `${operatorId}/${connectionId}`,
    column: 'password_sealed',
  })
  return {
    async keep(tx: Tx, connectionId: string, channelId: number | null, password: string): Promise<void> {
      const sealed = sealer.seal(password, place(tx.operatorId, connectionId))
      await sipConnectionStore(tx).setPassword(connectionId, channelId, sealed)
    },

    /** For the device only. Null: it has none. */
    async open(tx: Tx, connectionId: string): Promise<string | null> {
      const sealed = await sipConnectionStore(tx).passwordOf(connectionId)
      return sealed === null ? null : sealer.open(sealed, place(tx.operatorId, connectionId))
    },
  }
}

export type SipPasswords = ReturnType<typeof createSipPasswords>
