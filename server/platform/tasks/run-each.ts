import { LeaseLostError } from '../jobs/index.ts'
import { failureOf } from './run-batches.ts'
import { attempt, type StepSetting } from './step-attempt.ts'
import { judgeStep } from './task.rules.ts'
import type { EachStep, ItemResult, StepContext, TaskItem } from './task.ts'
import { countItems, noteAttempt, pendingItems, settleItems } from './task-item.store.ts'

const CONCURRENCY = 4
/** Items looked up at once: results are written one by one, as each is done. */
const LOOK_AHEAD = 200

/** Does all items that have no result yet, some at a time, each for itself. False: a cancel came in between. */
export async function runEach(step: EachStep<never>, setting: StepSetting): Promise<boolean> {
  const { run, task } = setting
  for (;;) {
    const items = await run.transact((tx) => pendingItems(tx, task.taskId, LOOK_AHEAD))
    if (items.length === 0) return true
    const state = { stopped: false, failure: undefined as unknown }
    const next = items[Symbol.iterator]()
    const worker = async () => {
      for (const item of { [Symbol.iterator]: () => next }) {
        if (state.stopped) return
        try {
          const counts = await runOne(step, setting, item)
          setting.progressed = true
          run.progress({ phase: setting.step.title, done: counts.done, total: counts.total, unit: step.unit })
          if (counts.cancelRequested && step.notCancellable === undefined) state.stopped = true
        } catch (error) {
          state.stopped = true
          state.failure ??= error
        }
      }
    }
    await Promise.all(Array.from({ length: step.concurrency ?? CONCURRENCY }, worker))
    if (state.failure !== undefined) throw state.failure
    if (state.stopped) return false
  }
}

async function runOne(step: EachStep<never>, setting: StepSetting, item: TaskItem) {
  const result = await resultOf(step, setting, item)
  return setting.run.transactAs(setting.principal, async (tx) => {
    await settleItems(tx, setting.task.taskId, [{ position: item.position, result }])
    const { succeeded, failed, skipped, total, cancelRequested } = await countItems(tx, setting.task.taskId)
    return { done: succeeded + failed + skipped, total, cancelRequested }
  })
}

async function resultOf(step: EachStep<never>, setting: StepSetting, item: TaskItem): Promise<ItemResult> {
  try {
    return await attempt(step, setting, (context: StepContext) => step.each(item, context as StepContext<never>))
  } catch (error) {
    if (setting.run.signal.aborted || error instanceof LeaseLostError) throw error
    // What may pass is a failure of the step, which waits and goes on with this very item; the rest is the item's own.
    const limits = step.maxFailures === undefined ? {} : { maxFailures: step.maxFailures }
    const verdict = judgeStep(error, { failures: item.attempt - 1, ...limits }, new Date(), 0)
    if (verdict.kind === 'retry') {
      if (!verdict.held)
        await setting.run.transactAs(setting.principal, (tx) => noteAttempt(tx, setting.task.taskId, item))
      throw error
    }
    setting.run.log.warn({ err: error, item: item.objectId }, 'an item of a task failed')
    return failureOf(error)
  }
}
