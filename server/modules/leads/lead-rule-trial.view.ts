import { TRIAL_SHOWN_MAX, type WireLeadRuleTrial } from '../../../contract/lead-rules.ts'
import { attentionOf, type Gift, type Reach, type Rule, type RuledLead } from './lead-rule.rules.ts'

/** What rules would have done, as the API tells it; `leads`: those that were looked at, the newest first, of `total`. */
export function trialOf(
  days: number,
  total: number,
  leads: readonly (RuledLead & { consentedAt: Date })[],
  rules: Rule[],
  gifts: Gift[],
  reach: Reach,
): WireLeadRuleTrial {
  const byLead = new Map(gifts.map((gift) => [gift.leadId, gift]))
  const placeOf = new Map(rules.map((rule, place) => [rule, place]))
  return {
    days,
    leads: total,
    isCut: leads.length < total,
    given: gifts.length,
    rules: rules.map((rule) => {
      const own = gifts.filter((gift) => gift.rule === rule)
      const to = [...Map.groupBy(own, (gift) => String(gift.to.id))].flatMap(([id, received]) => {
        const [first] = received
        return first ? [{ kind: first.to.kind, id, name: first.to.name, leads: received.length }] : []
      })
      return { leads: own.length, to: to.toSorted((a, b) => b.leads - a.leads), ...attentionOf(rule, reach) }
    }),
    shown: leads.slice(0, TRIAL_SHOWN_MAX).map(({ leadId, name, countries, consentedAt }) => {
      const gift = byLead.get(leadId)
      return {
        ...{
          leadId,
          companyName: name === '' ? null : name,
          countries: [...countries],
          consentedOn: consentedAt.toISOString(),
        },
        rule: gift ? (placeOf.get(gift.rule) ?? null) : null,
        to: gift ? { kind: gift.to.kind, id: String(gift.to.id), name: gift.to.name } : null,
      }
    }),
  }
}
