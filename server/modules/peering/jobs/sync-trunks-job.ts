import { type Clock, systemClock } from '../../../kernel/clock.ts'
import { readCallingProfile } from '../../../microsoft/index.ts'
import { defineJob, type JobDefinition } from '../../../platform/jobs/index.ts'
import { type CallingProfileFacts, takeCallingProfiles } from '../../trunks/index.ts'
import type { MicrosoftClients } from '../microsoft-clients.ts'
import { tellingFailures } from '../run-failure.ts'

export const SYNC_TRUNKS_JOB = 'peering.sync-trunks-job'

/**
 * Reads the calling profiles of an operator and the trunks enrolled in them from Microsoft, where they are made. A record that
 * cannot be read is counted and stops nothing; then nothing is taken for gone either. Source: issue 7, 3; microsoft.md A.5.
 */
export function syncTrunksJob(
  clients: MicrosoftClients,
  everySeconds: number,
  clock: Clock = systemClock,
): JobDefinition {
  return defineJob({
    name: SYNC_TRUNKS_JOB,
    summary: 'Reads calling profiles and trunks from Microsoft',
    scope: 'each-operator',
    everySeconds,
    timeoutSeconds: 600,
    remedy: 'Test the connection to Microsoft, then run the job again.',
    run: tellingFailures(async (run) => {
      const client = await clients.forOperator(run.operatorId)
      if (!client) {
        run.progress({ phase: 'not connected' })
        return
      }
      run.progress({ phase: 'listing' })
      const records = await client.callingProfiles({ signal: run.signal })
      const profiles = new Map<string, CallingProfileFacts>()
      let unreadable = 0
      for (const record of records) {
        const reading = readCallingProfile(record)
        if (reading.ok) profiles.set(reading.profile.id, reading.profile)
        else {
          unreadable += 1
          run.log.warn({ reason: reading.reason }, 'a calling profile could not be read')
        }
      }
      await run.transact(async (tx) => {
        const counts = await takeCallingProfiles(tx, [...profiles.values()], unreadable === 0, clock.now())
        run.progress({
          ...{ phase: 'done', done: records.length, total: records.length, unit: 'profiles' },
          counts: { ...counts, unreadable },
        })
        await run.finish(tx)
      })
    }),
  })
}
