import { NOTICES_KEPT_DAYS } from '../../../../contract/notices.ts'
import { type Clock, systemClock } from '../../../kernel/clock.ts'
import { defineJob, type JobDefinition } from '../../../platform/jobs/index.ts'
import { noticeStore } from '../notice.store.ts'

const AT_ONCE = 5_000

/** Removes what people were told of long ago. */
export function trimNoticesJob(clock: Clock = systemClock): JobDefinition {
  return defineJob({
    name: 'notices.trim-notices-job',
    summary: `Removes notices of the portal that are more than ${NOTICES_KEPT_DAYS} days old`,
    scope: 'each-operator',
    everySeconds: 86_400,
    timeoutSeconds: 3_600,
    async run({ transact, progress, signal }) {
      // Positions are microseconds.
      const upTo = (clock.now().getTime() - NOTICES_KEPT_DAYS * 86_400_000) * 1_000
      for (let removed = 0; ; ) {
        signal.throwIfAborted()
        const count = await transact((tx) => noticeStore(tx).trim(upTo, AT_ONCE))
        removed += count
        progress({ phase: 'removing', done: removed, unit: 'notices', counts: { removed } })
        if (count < AT_ONCE) return
      }
    },
  })
}
