import { type Clock, systemClock } from '../../../kernel/clock.ts'
import { defineJob, type JobDefinition } from '../../../platform/jobs/index.ts'
import { dayOf } from '../license-usage.rules.ts'
import { licenseUsageStore } from '../license-usage.store.ts'

export const RECORD_USAGE_JOB = 'services.record-usage-job'

const EVERY_SECONDS = 3_600
const PIECE = 5_000

/** Writes down once a day what is used of licenses; what was written stays as it is. Source: portal.md 12.9, weakness 26. */
export function recordUsageJob(clock: Clock = systemClock): JobDefinition {
  return defineJob({
    name: RECORD_USAGE_JOB,
    summary: 'Writes down which licenses are in use, once a day',
    scope: 'each-operator',
    everySeconds: EVERY_SECONDS,
    timeoutSeconds: 600,
    async run({ transact, progress, signal }) {
      const day = dayOf(clock.now())
      const counts = { changed: 0, gone: 0 }
      await transact((tx) => licenseUsageStore(tx).recordDay(day))
      for (const [name, record] of [
        ['changed', 'recordFacts'],
        ['gone', 'recordGone'],
      ] as const) {
        for (let count = PIECE; count === PIECE; ) {
          signal.throwIfAborted()
          count = await transact((tx) => licenseUsageStore(tx)[record](day, PIECE))
          counts[name] += count
          progress({ phase: name, counts })
        }
      }
    },
  })
}
