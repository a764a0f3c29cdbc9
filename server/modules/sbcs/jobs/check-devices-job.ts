import { defineJob, type JobDefinition } from '../../../platform/jobs/index.ts'
import { sbcStore } from '../sbc.store.ts'
import type { CheckSbc } from '../sbc-check.ts'

export const CHECK_DEVICES_JOB = 'sbcs.check-devices-job'

/**
 * Asks each SBC device how it is, and whether what is ours on it is as it was left. A device that does not answer is told of
 * once and is no failure of the job. Source: issue 7, 2 and Events.
 */
export function checkDevicesJob(check: CheckSbc, everySeconds: number): JobDefinition {
  return defineJob({
    name: CHECK_DEVICES_JOB,
    summary: 'Checks that SBC devices answer and hold what was put on them',
    scope: 'each-operator',
    everySeconds,
    timeoutSeconds: 3_600,
    async run(run) {
      const sbcs = await run.transact((tx) => sbcStore(tx).list())
      const counts = { asked: 0, trouble: 0, changed: 0 }
      for (const [at, sbc] of sbcs.entries()) {
        run.signal.throwIfAborted()
        const found = await check(sbc, run.signal)
        if (found.asked) counts.asked += 1
        if (found.trouble) counts.trouble += 1
        counts.changed += found.drifts.length
        run.progress({ phase: 'asking', done: at + 1, total: sbcs.length, unit: 'devices', counts })
      }
      run.progress({ phase: 'done', done: sbcs.length, total: sbcs.length, unit: 'devices', counts })
    },
  })
}
