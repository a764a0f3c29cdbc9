import { type Clock, systemClock } from '../../../kernel/clock.ts'
import { defineJob, type JobDefinition } from '../../../platform/jobs/index.ts'
import { tellTroubles } from '../webhook-troubles.ts'

/** Tells of webhooks that fail, that work again, and of events that were given up. */
export function watchWebhooksJob(clock: Clock = systemClock): JobDefinition {
  return defineJob({
    name: 'webhooks.watch-webhooks-job',
    summary: 'Tells of webhooks that fail, that work again, and of events that were given up',
    scope: 'each-operator',
    everySeconds: 300,
    timeoutSeconds: 60,
    async run({ transact, progress }) {
      const counts = await transact((tx) => tellTroubles(tx, clock.now()))
      progress({ phase: 'telling', counts })
    },
  })
}
