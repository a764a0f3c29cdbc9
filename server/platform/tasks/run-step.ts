import { LeaseLostError } from '../jobs/index.ts'
import { runBatches, undoBatches } from './run-batches.ts'
import { runEach } from './run-each.ts'
import { attempt, type Step, type StepSetting } from './step-attempt.ts'
import { isAction, isBatch, type Values, Wait } from './task.ts'

/** `stopped`: a cancel came between two items; the step is not done. */
export type StepOutcome =
  | { kind: 'done'; output: Values }
  | { kind: 'stopped' }
  | { kind: 'wait'; value: Wait }
  | { kind: 'failed'; value: unknown }

/** Does a step, or goes on with it. Throws only what ends the attempt itself: loss of the lease, shutdown. */
export async function runStep(step: Step, setting: StepSetting): Promise<StepOutcome> {
  return outcomeOf(setting, async () => {
    if (isAction(step)) {
      const value = await attempt(step, setting, (context) => step.run(context))
      return value instanceof Wait ? { kind: 'wait', value } : { kind: 'done', output: value ?? {} }
    }
    const finished = isBatch(step) ? await runBatches(step, setting) : await runEach(step, setting)
    return finished ? { kind: 'done', output: {} } : { kind: 'stopped' }
  })
}

/** Takes a step back; also one that was only half done, or not at all. */
export async function undoStep(step: Step, setting: StepSetting): Promise<StepOutcome> {
  return outcomeOf(setting, async () => {
    if (isAction(step)) await attempt(step, setting, async (context) => step.undo?.(context))
    else if (isBatch(step)) await undoBatches(step, setting)
    return { kind: 'done', output: {} }
  })
}

async function outcomeOf({ run, task, step }: StepSetting, work: () => Promise<StepOutcome>): Promise<StepOutcome> {
  try {
    return await work()
  } catch (error) {
    // The attempt is over, not the step: another worker goes on, or this one after a restart.
    if (run.signal.aborted) throw run.signal.reason
    if (error instanceof LeaseLostError) throw error
    run.log.warn({ err: error, task: task.wireId, step: step.name }, 'a step of a task failed')
    return { kind: 'failed', value: error }
  }
}
