import { type Clock, systemClock } from '../../../kernel/clock.ts'
import { defineJob, type JobDefinition } from '../../../platform/jobs/index.ts'
import { deliveryLogStore } from '../delivery-log.store.ts'

/** How long events, what was delivered of them and what still waits are kept. */
const KEPT_DAYS = 30
const AT_ONCE = 2_000

/** Removes old events of webhooks with their deliveries and attempts. */
export function trimDeliveriesJob(clock: Clock = systemClock): JobDefinition {
  return defineJob({
    name: 'webhooks.trim-deliveries-job',
    summary: `Removes deliveries of webhooks that are older than ${KEPT_DAYS} days`,
    scope: 'each-operator',
    everySeconds: 86_400,
    timeoutSeconds: 3_600,
    async run({ transact, progress, signal }) {
      const before = new Date(clock.now().getTime() - KEPT_DAYS * 86_400_000)
      for (let removed = 0; ; ) {
        signal.throwIfAborted()
        const count = await transact((tx) => deliveryLogStore(tx).trim(before, AT_ONCE))
        removed += count
        progress({ phase: 'removing', done: removed, unit: 'deliveries', counts: { removed } })
        if (count < AT_ONCE) return
      }
    },
  })
}
