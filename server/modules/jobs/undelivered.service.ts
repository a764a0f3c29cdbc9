import { notFound } from '../../kernel/errors.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { Transact } from '../../platform/db/transaction.ts'
import { type DeadDelivery, notifyAtCommit, reviveEvent, selectDeadDeliveries } from '../../platform/events/index.ts'
import { journal } from '../audit/index.ts'

const LISTED_MAX = 500

export type UndeliveredService = ReturnType<typeof createUndeliveredService>

/** Events of an operator that a subscriber could not take in: seen, and tried again. */
export function createUndeliveredService({ transact }: { transact: Transact }) {
  return {
    list: (principal: OperatorPrincipal): Promise<DeadDelivery[]> =>
      transact(principal, (tx) => selectDeadDeliveries(tx, LISTED_MAX)),

    /** How many subscribers get it again. 404 where nothing of this event was given up. */
    retry: (principal: OperatorPrincipal, eventId: string, subscriber: string | null): Promise<number> =>
      transact(principal, async (tx) => {
        const deliveries = await reviveEvent(tx, eventId, subscriber)
        if (deliveries === 0) throw notFound('This undelivered event')
        await journal(tx).append({
          action: 'event.retried',
          object: { type: 'event', id: eventId },
          after: { deliveries, ...(subscriber !== null && { subscriber }) },
        })
        await notifyAtCommit(tx, 'leadline_outbox', '')
        return deliveries
      }),
  }
}
