import { type Clock, systemClock } from '../../../kernel/clock.ts'
import type { Tx } from '../../../platform/db/transaction.ts'
import { defineJob, type JobDefinition } from '../../../platform/jobs/index.ts'
import { tellOverdue } from '../lead-due.service.ts'
import { releaseLeads } from '../lead-owner.service.ts'
import { watchRules } from '../lead-rule.service.ts'

export const WATCH_DUTIES_JOB = 'leads.watch-duties-job'

const EVERY_SECONDS = 60

/** Tells of leads that have become overdue, and takes them from owners who have left. Source: issue 6, 6. */
export function watchDutiesJob(clock: Clock = systemClock): JobDefinition {
  return defineJob({
    name: WATCH_DUTIES_JOB,
    summary: 'Tells of overdue leads, and takes leads from owners who have left',
    scope: 'each-operator',
    everySeconds: EVERY_SECONDS,
    timeoutSeconds: 300,
    async run({ transact, progress, signal }) {
      const counts = { released: 0, overdue: 0 }
      const untilNone = async (name: keyof typeof counts, work: (tx: Tx) => Promise<number>) => {
        for (let count = -1; count !== 0; ) {
          signal.throwIfAborted()
          count = await transact(work)
          counts[name] += count
          progress({ phase: name, counts })
        }
      }
      await untilNone('released', releaseLeads)
      await untilNone('overdue', (tx) => tellOverdue(tx, clock.now()))
      await transact((tx) => watchRules(tx, clock.now()))
      progress({ phase: 'done', counts })
    },
  })
}
