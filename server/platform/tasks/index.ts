export {
  cancelTask,
  type FindKind,
  type LockedTask,
  retryTask,
  sendSignal,
  situationOf,
  standsStill,
  undoTask,
} from './control-task.ts'
export { type StartedTask, startTask, TASK_ITEMS_MAX, type TaskRequest } from './start-task.ts'
export {
  isOver,
  mayCancel,
  mayRetry,
  mayUndo,
  type Permitted,
  type Standing,
  type TaskSituation,
} from './task.rules.ts'
export {
  findTask,
  type MessageRow,
  type StepRow,
  selectMessages,
  selectSteps,
  TASK_COLUMNS,
  type TaskRow,
} from './task.store.ts'
export {
  type ActionStep,
  type AnyTask,
  type BatchStep,
  defineTask,
  type EachStep,
  type ItemResult,
  type ItemState,
  type MessageLevel,
  type StepContext,
  type StepState,
  type TaskDefinition,
  type TaskEnd,
  type TaskError,
  type TaskItem,
  type TaskState,
  type TaskStep,
  type UndoResult,
  type Values,
  type Waiting,
  waitFor,
} from './task.ts'
export { type ItemRow, type NewItem, selectItems } from './task-item.store.ts'
export { createTaskRegistry, type TaskRegistry } from './task-registry.ts'
export { startTaskRunner, type TaskRunnerSettings } from './task-runner.ts'
