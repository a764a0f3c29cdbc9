import { AppError } from '../../kernel/errors.ts'
import { JobTimedOutError } from '../jobs/attempt.rules.ts'
import { LeaseLostError } from '../jobs/index.ts'
import { attempt, type StepSetting } from './step-attempt.ts'
import { NOT_KEPT } from './task.rules.ts'
import type { BatchStep, ItemResult, StepContext, TaskItem } from './task.ts'
import { countItems, leaveItems, markUndone, pendingItems, settleItems, undoableItems } from './task-item.store.ts'

const BATCH_SIZE = 500

/** Does all items that have no result yet, a batch in one transaction. False: a cancel came in between. */
export async function runBatches(step: BatchStep<never>, setting: StepSetting): Promise<boolean> {
  let size = step.batchSize ?? BATCH_SIZE
  for (;;) {
    try {
      const { asked, ...counts } = await attempt(step, setting, (context) => runBatch(step, setting, context, size))
      const done = counts.succeeded + counts.failed + counts.skipped
      setting.run.progress({ phase: setting.step.title, done, total: counts.total, unit: step.unit })
      if (asked === 0) return true
      setting.progressed = true
      if (counts.cancelRequested && step.notCancellable === undefined) return false
      // Doubled after it was halved: one bad item costs a few transactions and not the speed of all that follow.
      size = Math.min(step.batchSize ?? BATCH_SIZE, size * 2)
    } catch (error) {
      if (setting.run.signal.aborted || !isOfItems(error)) throw error
      if (size > 1) {
        size = Math.ceil(size / 2)
        continue
      }
      await attempt(step, setting, (context) => failFirst(setting, context, error))
      setting.progressed = true
    }
  }
}

async function runBatch(step: BatchStep<never>, { task }: StepSetting, context: StepContext, size: number) {
  return context.transact(async (tx) => {
    const items = await pendingItems(tx, task.taskId, size)
    if (items.length > 0) {
      const results = await step.batch(tx, items, context as StepContext<never>)
      if (results.length !== items.length) {
        throw new Error(`${results.length} results for ${items.length} items: there must be one for each.`)
      }
      await settleItems(tx, task.taskId, items.map(settled(results)))
    }
    return { asked: items.length, ...(await countItems(tx, task.taskId)) }
  })
}

function settled(results: ItemResult[]) {
  return ({ position }: TaskItem, index: number) => ({ position, result: results[index] as ItemResult })
}

/** The item that cannot be done even alone is told as failed, and the others go on. */
async function failFirst({ task }: StepSetting, context: StepContext, error: unknown): Promise<void> {
  await context.transact(async (tx) => {
    const [item] = await pendingItems(tx, task.taskId, 1)
    if (item) await settleItems(tx, task.taskId, [{ position: item.position, result: failureOf(error) }])
  })
}

/** What an error says of the item it struck. Only errors meant for callers are told in their own words. */
export function failureOf(error: unknown): ItemResult {
  if (error instanceof AppError) {
    return { state: 'failed', code: error.code, message: error.errors?.[0]?.detail ?? error.message }
  }
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown }
  const isNamed = typeof code === 'string' && /^[a-z]+(-[a-z0-9]+)+$/.test(code)
  return isNamed
    ? { state: 'failed', code, message: String(message) }
    : {
        state: 'failed',
        code: 'internal-error',
        message: 'Something went wrong on our side. The log of the worker says more.',
      }
}

/** Deadlocks, the end of a connection and time-outs say nothing about an item: the step is tried again. */
function isOfItems(error: unknown): boolean {
  if (error instanceof LeaseLostError || error instanceof JobTimedOutError) return false
  if (error instanceof AppError) return error.status < 500
  const code = String((error as { code?: unknown })?.code ?? '')
  return !/^(40|53|57|58|08)/.test(code)
}

/** Items that can be taken back, and those of which an earlier version did not keep what was before. */
export function byKeeping(
  step: Pick<BatchStep<never>, 'keepsBefore'>,
  items: TaskItem[],
): { kept: TaskItem[]; notKept: TaskItem[] } {
  if (!step.keepsBefore) return { kept: items, notKept: [] }
  return { kept: items.filter(({ data }) => data !== null), notKept: items.filter(({ data }) => data === null) }
}

/** Takes back the items that had succeeded, the last ones first. */
export async function undoBatches(step: BatchStep<never>, setting: StepSetting): Promise<void> {
  const { task, run } = setting
  const { title } = setting.step
  for (;;) {
    const counts = await attempt(step, setting, (context) =>
      context.transact(async (tx) => {
        const items = await undoableItems(tx, task.taskId, step.batchSize ?? BATCH_SIZE)
        if (items.length === 0 || !step.undoBatch) return null
        const { kept, notKept } = byKeeping(step, items)
        const results = kept.length === 0 ? [] : await step.undoBatch(tx, kept, context as StepContext<never>)
        if (results && results.length !== kept.length) {
          throw new Error(`${results.length} answers for ${kept.length} items: there must be one for each.`)
        }
        const undone: number[] = []
        const left = notKept.map(({ position }) => ({ position, message: NOT_KEPT }))
        for (const [index, { position }] of kept.entries()) {
          const result = results?.[index] ?? { undone: true }
          if (result.undone) undone.push(position)
          else left.push({ position, message: result.message })
        }
        await markUndone(tx, task.taskId, undone)
        if (left.length > 0) await leaveItems(tx, task.taskId, left)
        return countItems(tx, task.taskId)
      }),
    )
    if (!counts) return
    run.progress({ phase: title, done: counts.takenBack, total: counts.succeeded, unit: step.unit })
  }
}
