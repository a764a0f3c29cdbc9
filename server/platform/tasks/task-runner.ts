import type { Logger } from 'pino'
import type { Transact, TransactJointly } from '../db/transaction.ts'
import { createJobRegistry, type JobRunner, type JobTimings, startJobRunner } from '../jobs/index.ts'
import type { TaskRegistry } from './task-registry.ts'
import { workTaskJob } from './work-task.ts'

export type TaskRunnerSettings = {
  registry: TaskRegistry
  /** For the work of the tasks. */
  transact: Transact
  /** For steps that only write the database, together with what is written down of them. */
  transactJointly: TransactJointly
  /** For leases; see `JobRunnerSettings`. */
  control?: Transact
  log: Logger
  /** Tasks at a time in this worker; default 6. */
  concurrency?: number
  timings?: Partial<JobTimings>
}

/** Starts working at tasks. A runner of its own beside that of the jobs, so that neither keeps the other from working. */
export function startTaskRunner({
  registry,
  transact,
  transactJointly,
  control,
  log,
  ...rest
}: TaskRunnerSettings): JobRunner {
  const jobs = createJobRegistry({ transact, jobs: [workTaskJob(registry.find, transactJointly)], config: {} })
  return startJobRunner({
    registry: jobs,
    transact,
    ...(control && { control }),
    listOperators: async () => [],
    log,
    concurrency: rest.concurrency ?? 6,
    ...(rest.timings && { timings: rest.timings }),
  })
}
