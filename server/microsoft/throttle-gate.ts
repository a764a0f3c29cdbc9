import type { Clock } from '../kernel/clock.ts'
import { MicrosoftError, type MicrosoftOperation } from './microsoft-error.ts'
import { pause } from './retries.ts'
import type { Sleep } from './waiting.ts'

/**
 * A Retry-After is meant for the client, not for the one request that received it: calls that run side by side all wait
 * behind this gate, or parallel address calls would go on knocking.
 */
export type ThrottleGate = {
  closeFor(milliseconds: number): void
  /** Waits until calls are welcome again; throws `throttled` when that takes longer than `maxWaitMs`. */
  enter(operation: MicrosoftOperation, maxWaitMs: number, signal: AbortSignal): Promise<void>
}

export function createThrottleGate(clock: Clock, sleep: Sleep): ThrottleGate {
  let opensAtMs = 0
  return {
    closeFor(milliseconds) {
      opensAtMs = Math.max(opensAtMs, clock.now().getTime() + milliseconds)
    },
    async enter(operation, maxWaitMs, signal) {
      let leftMs = maxWaitMs
      for (let waitMs = opensAtMs - clock.now().getTime(); waitMs > 0; waitMs = opensAtMs - clock.now().getTime()) {
        if (waitMs > leftMs) {
          throw new MicrosoftError({
            kind: 'throttled',
            operation,
            transient: true,
            retryAfterMs: waitMs,
            detail: 'Microsoft has asked this connection for fewer requests, and the time it named is not over.',
            remedy: 'Try again later.',
          })
        }
        leftMs -= waitMs
        await pause(sleep, waitMs, operation, signal)
      }
    },
  }
}
