import { queryOptions } from '@tanstack/react-query'
import { getLeadDueRule, listLeadRules, type RuleDraft, tryLeadRules, type WireLeadRule } from '../../api/lead-rules.ts'

export function leadRulesQuery(operatorId: number) {
  return queryOptions({
    queryKey: ['lead-rules', operatorId],
    queryFn: ({ signal }) => listLeadRules(operatorId, signal),
  })
}

/** What these rules would have done; asked anew each time, as leads come. */
export function ruleTrialQuery(operatorId: number, rules: RuleDraft[]) {
  return queryOptions({
    queryKey: ['lead-rule-trial', operatorId, rules],
    queryFn: ({ signal }) => tryLeadRules(operatorId, rules, signal),
    staleTime: 0,
    retry: false,
  })
}

export function leadDueRuleQuery(operatorId: number) {
  return queryOptions({
    queryKey: ['lead-due-rule', operatorId],
    queryFn: ({ signal }) => getLeadDueRule(operatorId, signal),
  })
}

/** A rule as it is written. */
export function draftOf({ name, conditions, people, channel }: WireLeadRule): RuleDraft {
  return {
    name,
    conditions,
    personIds: people?.map(({ personId }) => personId) ?? null,
    channelId: channel?.id ?? null,
  }
}
