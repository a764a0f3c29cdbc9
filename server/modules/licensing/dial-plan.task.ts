import { AppError } from '../../kernel/errors.ts'
import type { Tx } from '../../platform/db/transaction.ts'
import { defineTask, type StepContext, type TaskEnd } from '../../platform/tasks/index.ts'
import type { DialPlanChange } from '../../sbc/index.ts'
import { journal } from '../audit/index.ts'
import type { SbcWork } from '../sbcs/index.ts'
import { objectOf, serviceStore } from '../services/index.ts'
import { foreignPrefixes } from './dial-plan.rules.ts'
import { releaseService } from './service-task.ts'

export type DialPlanAsked = {
  serviceId: string
  shortName: string
  tenantId: string
  sbcId: number
  dialPlanId: string
  change: DialPlanChange
}
type Context = StepContext<DialPlanAsked>

/** Rules of one customer in a dial plan on the SBC. Source: rest-api.md S6. */
export function changeDialPlanTask({ sbcs }: { sbcs: SbcWork }) {
  return defineTask<DialPlanAsked>({
    kind: 'licensing.change-dial-plan',
    summary: "Changes a customer's rules in a dial plan",
    permissions: { see: 'services.read', run: 'services.write' },
    steps: [
      {
        name: 'change',
        title: 'Change the dial plan',
        timeoutSeconds: 300,
        run: (context) => changePlan(context, sbcs),
      },
    ],
    onEnd: (tx: Tx, { input, taskId }: TaskEnd<DialPlanAsked>) => releaseService(tx, input.serviceId, taskId),
  })
}

async function changePlan(context: Context, sbcs: SbcWork) {
  const { input, operatorId, signal } = context
  const { sbcId, dialPlanId, change } = input
  const plan = await sbcs.dialPlan(operatorId, sbcId, dialPlanId, signal)
  const prefixes = [...change.add, ...change.remove].map(({ prefix }) => prefix)
  const foreign = foreignPrefixes(plan ?? [], prefixes, input)
  if (foreign.length > 0) {
    const detail = `These prefixes belong to somebody else in ${dialPlanId}: ${foreign.slice(0, 20).join(', ')}.`
    throw new AppError({ code: 'dial-plan-foreign', status: 409, detail })
  }
  const outcome = await sbcs.changeDialPlan(context as StepContext<unknown> as StepContext, sbcId, dialPlanId, change)
  if (!('added' in outcome)) return outcome
  const { added, removed } = outcome
  await context.transact(async (tx) => {
    const service = await serviceStore(tx).find(input.serviceId)
    if (!service) return
    const { channelId } = service
    const after = { dialPlanId, sbcId, added, removed }
    await journal(tx).append({ action: 'service.dial-plan-changed', object: objectOf(service), channelId, after })
    await context.message(tx, 'Information', `${added} rules were added to ${dialPlanId}, ${removed} removed.`)
  })
  return { added, removed }
}
