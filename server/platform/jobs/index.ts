export { type FailureVerdict, judgeFailure } from './attempt.rules.ts'
export { type CancelledRun, cancelRun } from './cancel.store.ts'
export {
  defineJob,
  type JobDefinition,
  LeaseLostError,
  type Progress,
  type RunContext,
  type RunError,
  type RunState,
  type RunTrigger,
} from './job.ts'
export {
  createJobRegistry,
  type Job,
  type JobRegistry,
  nextRunAt,
  type RequestedRun,
  type RunRequest,
} from './job-registry.ts'
export { type JobRunner, type JobRunnerSettings, type JobTimings, RUNS_CHANNEL, startJobRunner } from './job-runner.ts'
export {
  insertSubjectRun,
  type RunPosition,
  type RunRow,
  type StoredProgress,
  selectLatestRuns,
  selectRecentRuns,
  selectRun,
  selectRuns,
  wakeSubjectRun,
} from './run.store.ts'
