import type { RuleConditions, WireLeadDueRule, WireLeadRule, WireLeadRuleTrial } from '../../contract/lead-rules.ts'
import { call } from './call.ts'

export type { RuleConditions, WireLeadDueRule, WireLeadRule, WireLeadRuleTrial } from '../../contract/lead-rules.ts'

/** A rule as it is written: one of `personIds` and `channelId` is null. */
export type RuleDraft = {
  name: string
  conditions: RuleConditions
  personIds: string[] | null
  channelId: number | null
}

const path = '/api/v4/lead-rules'
const pathOf = (ruleId: string) => `${path}/${encodeURIComponent(ruleId)}`

export async function listLeadRules(operatorId: number, signal: AbortSignal): Promise<WireLeadRule[]> {
  return (await call<{ data: WireLeadRule[] }>('GET', path, { operatorId, signal })).data
}

export function createLeadRule(operatorId: number, draft: RuleDraft): Promise<WireLeadRule> {
  return call('POST', path, { operatorId, body: draft })
}

export function updateLeadRule(
  operatorId: number,
  ruleId: string,
  change: Partial<RuleDraft> & { enabled?: boolean },
): Promise<WireLeadRule> {
  return call('PATCH', pathOf(ruleId), { operatorId, body: change })
}

export function deleteLeadRule(operatorId: number, ruleId: string): Promise<void> {
  return call('DELETE', pathOf(ruleId), { operatorId })
}

export async function orderLeadRules(operatorId: number, ruleIds: string[]): Promise<WireLeadRule[]> {
  return (await call<{ data: WireLeadRule[] }>('PUT', `${path}/order`, { operatorId, body: { ruleIds } })).data
}

/** What rules would have done with the leads of the last days. */
export function tryLeadRules(operatorId: number, rules: RuleDraft[], signal: AbortSignal): Promise<WireLeadRuleTrial> {
  return call('POST', `${path}/trial`, { operatorId, body: { rules }, signal })
}

const duePath = '/api/v4/lead-due-rule'

export function getLeadDueRule(operatorId: number, signal: AbortSignal): Promise<WireLeadDueRule> {
  return call('GET', duePath, { operatorId, signal })
}

export function setLeadDueRule(operatorId: number, rule: WireLeadDueRule): Promise<WireLeadDueRule> {
  return call('PUT', duePath, { operatorId, body: rule })
}
