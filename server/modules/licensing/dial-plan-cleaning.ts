import type { StepContext } from '../../platform/tasks/index.ts'
import type { DialPlanRule } from '../../sbc/index.ts'
import { journal } from '../audit/index.ts'
import type { SbcWork, Wait } from '../sbcs/index.ts'
import { objectOf, serviceStore } from '../services/index.ts'
import { asPlain } from './connect-sbc.ts'
import { isOwnTag } from './dial-plan.rules.ts'

/** Whose rules: those with this short name or tenant id as a tag. */
export type RuleOwner = { serviceId: string; shortName: string; tenantId: string }
/** What was taken out of dial plans: whoever undoes the task wants it back. */
export type RemovedRules = { sbcId: number; plan: string; rules: DialPlanRule[] }[]

/**
 * Takes a service's rules out of every dial plan of a device: the next service of that name would get them. `remember` keeps
 * `removed` before anything is gone. Null: all are out.
 */
export async function removeRules(
  context: StepContext<unknown>,
  sbcs: SbcWork,
  asked: { owner: RuleOwner; sbcId: number; removed: RemovedRules; remember: () => Promise<void> },
): Promise<Wait | null> {
  const { owner, sbcId, removed } = asked
  for (const { name, rules } of (await sbcs.dialPlans(context.operatorId, sbcId, context.signal)) ?? []) {
    const own = rules.filter(({ tag }) => isOwnTag(tag, owner))
    if (own.length === 0) continue
    const known = removed.find((one) => one.sbcId === sbcId && one.plan === name)
    const fresh = own.filter(({ prefix }) => !known?.rules.some((rule) => rule.prefix === prefix))
    if (known) known.rules.push(...fresh)
    else removed.push({ sbcId, plan: name, rules: fresh })
    await asked.remember()
    const change = { add: [], remove: own.map(({ prefix }) => ({ prefix })) }
    const outcome = await sbcs.changeDialPlan(asPlain(context), sbcId, name, change)
    if (!('added' in outcome)) return outcome
    await tell(context, owner, { dialPlanId: name, sbcId, added: 0, removed: outcome.removed })
  }
  return null
}

/** Puts back what `removeRules` has taken out; like all undoing it waits for no change window. */
export async function restoreRules(context: StepContext<unknown>, sbcs: SbcWork, removed: RemovedRules): Promise<void> {
  for (const { sbcId, plan, rules } of removed) {
    const change = { add: rules, remove: [] }
    const outcome = await sbcs.changeDialPlan(asPlain(context), sbcId, plan, change, { anyTime: true })
    if ('added' in outcome) continue
    throw Object.assign(new Error(outcome.reason), { retryAfterMs: outcome.forSeconds * 1_000 })
  }
}

async function tell(
  context: StepContext<unknown>,
  { serviceId }: RuleOwner,
  after: { dialPlanId: string; sbcId: number; added: number; removed: number },
): Promise<void> {
  await context.transact(async (tx) => {
    const service = await serviceStore(tx).find(serviceId)
    if (!service) return
    const { channelId } = service
    await journal(tx).append({ action: 'service.dial-plan-changed', object: objectOf(service), channelId, after })
    await context.message(tx, 'Information', `${after.removed} rules were removed from ${after.dialPlanId}.`)
  })
}
