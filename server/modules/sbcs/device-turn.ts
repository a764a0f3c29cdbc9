import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { Transact } from '../../platform/db/transaction.ts'
import { sbcStore } from './sbc.store.ts'

/** Longer than a pause that a healthy process may make; a worker that died is replaced after that. */
const TURN_SECONDS = 20
const RENEW_EVERY_MS = 5_000

/** Nobody else may change the device meanwhile, whichever process he works in. */
export type DeviceTurn = <T>(
  principal: OperatorPrincipal,
  sbcId: number,
  holder: string,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
) => Promise<{ taken: true; result: T } | { taken: false }>

/**
 * One change at a time per device. The turn is a lease in the database, renewed while `work` lasts; its signal is aborted when
 * the turn is lost. `holder` may take its own turn again: after a crash the same task goes on at once.
 */
export function createDeviceTurn({ transact }: { transact: Transact }): DeviceTurn {
  return async (principal, sbcId, holder, signal, work) => {
    const take = () => transact(principal, (tx) => sbcStore(tx).takeTurn(sbcId, holder, TURN_SECONDS))
    if (!(await take())) return { taken: false }
    const lost = new AbortController()
    let takenAtMs = performance.now()
    let renewal = Promise.resolve()
    const renewing = setInterval(() => {
      renewal = take().then(
        (isMine) => {
          if (isMine) takenAtMs = performance.now()
          else lost.abort(new Error('Somebody else changes the device now.'))
        },
        (error: unknown) => {
          // The database may be back before the turn ends.
          if (performance.now() - takenAtMs > TURN_SECONDS * 1_000) lost.abort(error)
        },
      )
    }, RENEW_EVERY_MS)
    try {
      return { taken: true, result: await work(AbortSignal.any([signal, lost.signal])) }
    } finally {
      clearInterval(renewing)
      // One still on its way would take the turn again after it was given back.
      await renewal
      // The turn ends by itself where this cannot be written.
      await transact(principal, (tx) => sbcStore(tx).giveTurn(sbcId, holder)).catch(() => {})
    }
  }
}
