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
