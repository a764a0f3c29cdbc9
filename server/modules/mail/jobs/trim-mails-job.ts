import { CUSTOMER_MAILS_KEPT_DAYS } from '../../../../contract/lead-mails.ts'
import { MAILS_KEPT_DAYS } from '../../../../contract/mail.ts'
import { type Clock, systemClock } from '../../../kernel/clock.ts'
import { defineJob, type JobDefinition } from '../../../platform/jobs/index.ts'
import { mailQueueStore } from '../mail-queue.store.ts'

const AT_ONCE = 2_000

/** Removes mails that were sent, bounced or given up long ago. */
export function trimMailsJob(clock: Clock = systemClock): JobDefinition {
  return defineJob({
    name: 'mail.trim-mails-job',
    summary: `Removes mails that were settled more than ${MAILS_KEPT_DAYS} days ago, those to customers after ${CUSTOMER_MAILS_KEPT_DAYS}`,
    scope: 'each-operator',
    everySeconds: 86_400,
    timeoutSeconds: 3_600,
    async run({ transact, progress, signal }) {
      const daysAgo = (days: number) => new Date(clock.now().getTime() - days * 86_400_000)
      const [before, customersBefore] = [daysAgo(MAILS_KEPT_DAYS), daysAgo(CUSTOMER_MAILS_KEPT_DAYS)]
      for (let removed = 0; ; ) {
        signal.throwIfAborted()
        const count = await transact((tx) => mailQueueStore(tx).trim(before, customersBefore, AT_ONCE))
        removed += count
        progress({ phase: 'removing', done: removed, unit: 'mails', counts: { removed } })
        if (count < AT_ONCE) return
      }
    },
  })
}
