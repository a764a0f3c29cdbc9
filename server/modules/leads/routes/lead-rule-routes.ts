import {
  createLeadRule,
  deleteLeadRule,
  getLeadDueRule,
  listLeadRules,
  orderLeadRules,
  setLeadDueRule,
  tryLeadRules,
  updateLeadRule,
} from '../../../../contract/lead-rules.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { LeadRuleService, SeenRule } from '../lead-rule.service.ts'
import { leadRuleView } from '../lead-rule.view.ts'

/** By which rules new leads are given away, and within how long they are to be judged. */
export function leadRuleRoutes(rules: LeadRuleService): Route[] {
  return [
    route(listLeadRules, async (_input, { principal }) => answer(await rules.list(principal))),
    route(createLeadRule, async ({ body }, { principal }) => ({
      status: 201,
      json: leadRuleView(await rules.create(principal, body)),
    })),
    route(orderLeadRules, async ({ body }, { principal }) => answer(await rules.order(principal, body.ruleIds))),
    route(tryLeadRules, async ({ body }, { principal }) => ({
      json: await rules.try(principal, body.days, body.rules),
    })),
    route(updateLeadRule, async ({ params, body }, { principal }) => ({
      json: leadRuleView(await rules.update(principal, params.ruleId, body)),
    })),
    route(deleteLeadRule, async ({ params }, { principal }) => {
      await rules.delete(principal, params.ruleId)
      return { status: 204 }
    }),
    route(getLeadDueRule, async (_input, { principal }) => ({ json: await rules.dueRule(principal) })),
    route(setLeadDueRule, async ({ body }, { principal }) => ({ json: await rules.setDueRule(principal, body) })),
  ]
}

const answer = (rules: SeenRule[]) => ({ json: { data: rules.map(leadRuleView) } })
