import type { WireLeadRule } from '../../../contract/lead-rules.ts'
import { attentionOf, nextOf } from './lead-rule.rules.ts'
import type { SeenRule } from './lead-rule.service.ts'

/** A rule as it stands, with what of it does not work any more. */
export function leadRuleView({ rule, reach }: SeenRule): WireLeadRule {
  const { ruleId, name, enabled, conditions, target, given, lastGivenAt } = rule
  const next = target.kind === 'people' ? nextOf(target.people, reach) : null
  return {
    ...{ ruleId, name, enabled, conditions, given, lastGivenAt: lastGivenAt?.toISOString() ?? null },
    people:
      target.kind === 'people'
        ? target.people.map((one) => ({ personId: one.personId, name: one.name, isNext: one.personId === next }))
        : null,
    channel:
      target.kind === 'channel'
        ? { id: target.channelId, name: reach.channels.get(target.channelId)?.name ?? `Channel ${target.channelId}` }
        : null,
    ...attentionOf(rule, reach),
  }
}
