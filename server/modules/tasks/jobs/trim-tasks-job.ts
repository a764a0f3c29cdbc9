import { defineJob, type JobDefinition } from '../../../platform/jobs/index.ts'
import { deleteOldTasks } from '../task-list.store.ts'

/** How long tasks are kept after their end. */
const KEPT_DAYS = 180
const AT_ONCE = 50

/** Removes tasks that ended long ago, with their items and messages. */
export function trimTasksJob(): JobDefinition {
  return defineJob({
    name: 'tasks.trim-tasks-job',
    summary: `Removes tasks that ended more than ${KEPT_DAYS} days ago`,
    scope: 'each-operator',
    everySeconds: 86_400,
    timeoutSeconds: 3_600,
    async run({ transact, progress, signal }) {
      const endedBefore = new Date(Date.now() - KEPT_DAYS * 86_400_000)
      for (let removed = 0; ; ) {
        signal.throwIfAborted()
        const count = await transact((tx) => deleteOldTasks(tx, endedBefore, AT_ONCE))
        removed += count
        progress({ phase: 'removing', done: removed, unit: 'tasks', counts: { removed } })
        if (count < AT_ONCE) return
      }
    },
  })
}
