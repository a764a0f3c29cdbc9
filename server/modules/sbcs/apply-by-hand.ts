import type { Clock } from '../../kernel/clock.ts'
import { newId } from '../../kernel/ids.ts'
import { jobPrincipal } from '../../kernel/principal.ts'
import type { Transact, Tx } from '../../platform/db/transaction.ts'
import { type StepContext, waitFor } from '../../platform/tasks/index.ts'
import { SbcError } from '../../sbc/index.ts'
import { journal } from '../audit/index.ts'
import { opensAt } from './change-window.rules.ts'
import type { Sbc } from './sbc.ts'
import type { RenderedTemplate, ScriptJob, Wait, WorkDone } from './sbc-work.ts'
import { type ScriptOrder, scriptOrderStore } from './script-order.store.ts'

/** Waits are ended by a signal; this is how long until a lost one would be missed. */
const LOOK_AGAIN_SECONDS = 600

type Cleanup = { job: ScriptJob; render(): Promise<RenderedTemplate> }

/** Scripts for devices that no tool may write to: an order is opened, and the task waits until somebody has ticked it off. */
export function createApplyByHand({ transact, clock }: { transact: Transact; clock: Clock }) {
  const acting = ({ operatorId, taskId }: Pick<StepContext, 'operatorId' | 'taskId'>) =>
    jobPrincipal('sbcs', operatorId, taskId)

  async function open(tx: Tx, job: ScriptJob, rendered: RenderedTemplate, taskId: string | null): Promise<void> {
    const order = {
      ...{ orderId: newId(clock.now()), sbcId: job.sbcId, taskId, key: job.key, title: job.title },
      ...{ purpose: job.purpose, owner: job.owner, templateId: rendered.templateId },
      ...{ templateVersion: rendered.version, script: rendered.shown, createdAt: clock.now() },
    }
    if (!(await scriptOrderStore(tx).insert(order))) return
    await journal(tx).append({
      action: 'script-order.opened',
      object: { type: 'script-order', id: order.orderId, name: job.title },
      after: { sbcId: job.sbcId, owner: job.owner, purpose: job.purpose, templateId: order.templateId },
    })
  }

  return {
    apply: (context: StepContext, sbc: Sbc, job: ScriptJob, rendered: RenderedTemplate): Promise<WorkDone | Wait> =>
      transact(acting(context), async (tx): Promise<WorkDone | Wait | SbcError> => {
        const order = await scriptOrderStore(tx).lockWanted(context.taskId, job.key)
        if (order?.state === 'done') return doneBy(order)
        if (order && order.state !== 'open') {
          // Told once: who asks again after that wants another order.
          await scriptOrderStore(tx).markTold(order.orderId)
          return refusedBy(order)
        }
        if (!order) await open(tx, job, rendered, context.taskId)
        const opens = opensAt(sbc.changeWindow, clock.now())
        const words = `Somebody has to apply a script to ${sbc.name} and tick it off.`
        const when = opens
          ? ` Its change window opens at ${opens.toISOString().slice(0, 16).replace('T', ' ')} UTC.`
          : ''
        return waitFor(`${words}${when}`, LOOK_AGAIN_SECONDS)
      }).then((outcome) => {
        if (outcome instanceof SbcError) throw outcome
        return outcome
      }),

    /** What came of a script once somebody has ticked it off; null: nobody was asked for it, or nobody has yet. */
    done: ({ operatorId, taskId }: StepContext, key: string): Promise<WorkDone | null> =>
      transact(acting({ operatorId, taskId }), async (tx) => {
        const order = await scriptOrderStore(tx).lockWanted(taskId, key)
        return order?.state === 'done' ? doneBy(order) : null
      }),

    /** True: the script was, or was to be, a person's business, and nothing is left for the driver. */
    async takeBack(context: StepContext, job: ScriptJob, cleanup: Cleanup | null): Promise<boolean> {
      const order = await transact(acting(context), (tx) => scriptOrderStore(tx).lockWanted(context.taskId, job.key))
      if (!order) return false
      const rendered = order.state === 'done' && cleanup ? await cleanup.render() : null
      await transact(acting(context), async (tx) => {
        const present = await scriptOrderStore(tx).lock(order.orderId)
        if (!present) return
        if (present.state === 'open') await withdraw(tx, present)
        // Ticked off between the two looks: taken back at the next attempt.
        if (present.state === 'done' && cleanup && !rendered)
          throw new Error('The script was applied at this very moment.')
        if (present.state === 'done' && cleanup && rendered && !rendered.writesNothing) {
          await open(tx, cleanup.job, rendered, null)
        }
        await scriptOrderStore(tx).markTold(order.orderId)
      })
      if (rendered && !rendered.writesNothing) {
        const words = `${order.sbcName} was changed by hand: a script that takes it back waits to be applied there.`
        await context.transact((tx) => context.message(tx, 'Warning', words))
      }
      return true
    },

    /** Null: no person was ever asked. The last order decides: those before it were refused, or are taken back. */
    giveUp: (context: StepContext, key: string): Promise<'untouched' | 'by-hand' | null> =>
      transact(acting(context), async (tx) => {
        const order = await scriptOrderStore(tx).lockLast(context.taskId, key)
        if (!order) return null
        if (order.state === 'open') await withdraw(tx, order)
        await scriptOrderStore(tx).markTold(order.orderId)
        return order.state === 'done' ? 'by-hand' : 'untouched'
      }),
  }

  async function withdraw(tx: Tx, order: ScriptOrder): Promise<void> {
    await scriptOrderStore(tx).close({
      ...order,
      state: 'withdrawn',
      closedAt: clock.now(),
      closedBy: tx.principal.name,
    })
    await journal(tx).append({
      action: 'script-order.withdrawn',
      object: { type: 'script-order', id: order.orderId, name: order.title },
      after: { sbcId: order.sbcId, owner: order.owner },
    })
  }
}

function doneBy({ templateId, templateVersion, appliedBy, note }: ScriptOrder): WorkDone {
  return { by: 'person', templateId, templateVersion, changes: [], output: note, appliedBy }
}

function refusedBy({ closedBy, note, state, sbcName }: ScriptOrder): SbcError {
  const words =
    state === 'refused' ? `${closedBy} will not apply the script to ${sbcName}: ${note}` : 'The script was withdrawn.'
  return new SbcError({ kind: 'rejected', detail: words, remedy: 'Talk to whoever refused, then try again.' })
}
