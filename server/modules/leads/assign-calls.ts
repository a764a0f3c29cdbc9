import { ASSIGN_CALLS_PER_MINUTE } from '../../../contract/lead-channel.ts'
import type { Clock } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/errors.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { Transact } from '../../platform/db/transaction.ts'
import { takeCall, WINDOW_MS } from './assign-call.rules.ts'
import { assignCallStore } from './assign-call.store.ts'

/** The documented limit of the documented assignment, for one operator over all web processes. Source: rest-api.md 1.8. */
export type AssignCalls = { take(principal: OperatorPrincipal): Promise<void> }

export function createAssignCalls({ transact, clock }: { transact: Transact; clock: Clock }): AssignCalls {
  return {
    /** Counts a call of the principal; throws 429 when none is left. */
    async take(principal) {
      const now = clock.now()
      const verdict = await transact(principal, async (tx) => {
        const store = assignCallStore(tx)
        const taken = takeCall(await store.lock(), `${principal.kind} ${principal.id}`, now)
        await store.save(taken.log, new Date(now.getTime() - WINDOW_MS))
        return taken
      })
      if (verdict.allowed) return
      throw new AppError({
        code: 'rate-limited',
        status: 429,
        detail:
          `This call may be made ${ASSIGN_CALLS_PER_MINUTE} times a minute by all callers of the operator together, each with an ` +
          `equal share. Try again in ${verdict.retryAfterSeconds} s, or use PUT /api/v4/leads/{leadId}/channel.`,
        retryAfterSeconds: verdict.retryAfterSeconds,
      })
    },
  }
}
