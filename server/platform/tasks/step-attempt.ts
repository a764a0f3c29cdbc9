import type { OperatorPrincipal } from '../../kernel/principal.ts'
import { JobTimedOutError } from '../jobs/attempt.rules.ts'
import type { RunContext } from '../jobs/index.ts'
import { insertMessage, type StepRow, saveMemory, type TaskRow } from './task.store.ts'
import type { AnyTask, StepContext } from './task.ts'
import { noteItem } from './task-item.store.ts'

export type StepSetting = {
  run: RunContext
  task: TaskRow
  step: StepRow
  principal: OperatorPrincipal
  /** Whether this attempt has settled an item: then failures begin to count anew. */
  progressed: boolean
}
export type Step = AnyTask['steps'][number]

const TIMEOUT_SECONDS = 120
/** For a step that was told to stop; then it is left behind, and its transactions are refused. */
const GRACE_MS = 5_000

/** One attempt within the step's time; one that overruns it is told to stop and left behind after a grace. */
export async function attempt<T>(
  step: Pick<Step, 'timeoutSeconds'>,
  setting: StepSetting,
  work: (context: StepContext) => Promise<T>,
): Promise<T> {
  const { run } = setting
  const timeoutSeconds = step.timeoutSeconds ?? TIMEOUT_SECONDS
  const overrun = new AbortController()
  const state = { closed: false }
  const left = Promise.withResolvers<never>()
  left.promise.catch(() => {})
  const signal = AbortSignal.any([run.signal, overrun.signal])
  const timer = setTimeout(() => overrun.abort(new JobTimedOutError(timeoutSeconds)), timeoutSeconds * 1_000)
  let graceTimer: NodeJS.Timeout | undefined
  const leave = () => {
    graceTimer = setTimeout(() => left.reject(signal.reason), GRACE_MS)
  }
  if (signal.aborted) leave()
  else signal.addEventListener('abort', leave, { once: true })
  try {
    return await Promise.race([work(contextOf(setting, signal, state)), left.promise])
  } catch (error) {
    throw overrun.signal.aborted ? overrun.signal.reason : error
  } finally {
    state.closed = true
    clearTimeout(timer)
    clearTimeout(graceTimer)
    signal.removeEventListener('abort', leave)
  }
}

function contextOf(
  { run, task, step, principal }: StepSetting,
  signal: AbortSignal,
  state: { closed: boolean },
): StepContext {
  let memory = step.memory
  return {
    taskId: task.wireId,
    operatorId: task.operatorId,
    input: task.input,
    output: task.output,
    principal,
    signal,
    attempt: step.attempts,
    memory: <T>() => (memory ?? null) as T | null,
    signals: task.signals,
    transact: (work) =>
      run.transactAs(principal, async (tx) => {
        signal.throwIfAborted()
        if (state.closed) throw new Error(`The step ${step.name} was left behind: it may not write any more.`)
        return work(tx)
      }),
    async remember(tx, value) {
      await saveMemory(tx, task.taskId, step.position, value)
      memory = value
      step.memory = value
    },
    noteItem: (tx, item, data) => noteItem(tx, task.taskId, item, data),
    message: (tx, level, message) => insertMessage(tx, task, { level, step: step.name, message }),
    progress: (progress) => run.progress({ ...progress, phase: step.title }),
    log: run.log.child({ task: task.wireId, step: step.name }),
  }
}
