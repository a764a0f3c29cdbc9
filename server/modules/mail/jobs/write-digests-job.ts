import { type Clock, systemClock } from '../../../kernel/clock.ts'
import { defineJob, type JobDefinition } from '../../../platform/jobs/index.ts'
import { tellDaily } from '../notice-writer.ts'

/** Writes the daily mail to those who have chosen it, once a day from 06:00 UTC on. */
export function writeDigestsJob(publicUrl: string, clock: Clock = systemClock): JobDefinition {
  return defineJob({
    name: 'mail.write-digests-job',
    summary: 'Writes the daily mail to people who have chosen it',
    scope: 'each-operator',
    everySeconds: 900,
    timeoutSeconds: 300,
    async run({ transact, progress }) {
      const written = await transact((tx) => tellDaily(tx, { publicUrl, now: clock.now() }))
      progress({ phase: 'writing', counts: { mails: written } })
    },
  })
}
