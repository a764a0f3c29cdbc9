import type { Tx } from '../../platform/db/transaction.ts'
import { emit } from '../../platform/events/index.ts'
import { journal } from '../audit/index.ts'
import { channelStore, mayTakeLeads } from '../channels/index.ts'
import { leadStaff } from '../people/index.ts'
import { attentionOf, type Reach, type Rule } from './lead-rule.rules.ts'
import { leadRuleStore, type StoredRule } from './lead-rule.store.ts'

/** Who and what rules can give leads to now. Only staff of the operator: leads that are given away are in no channel. */
export async function reachOf(tx: Tx, rules: readonly Pick<Rule, 'target'>[]): Promise<Reach> {
  const channelIds = new Set(rules.flatMap(({ target }) => (target.kind === 'channel' ? [target.channelId] : [])))
  const channels: [number, { name: string; isOpen: boolean }][] = []
  for (const channelId of channelIds) {
    const channel = await channelStore(tx).find(channelId)
    if (channel) channels.push([channelId, { name: channel.name, isOpen: mayTakeLeads(channel).ok }])
  }
  const hasPeople = rules.some(({ target }) => target.kind === 'people')
  const staff = hasPeople ? await leadStaff(tx) : []
  const people = staff.filter(({ channelId }) => channelId === null).map(({ personId }) => personId)
  return { people: new Set(people), channels: new Map(channels) }
}

/** Tells, once, of rules that have lost somebody, and forgets what is in order again. Of those that are on. */
export async function noteAttention(tx: Tx, rules: readonly StoredRule[], reach: Reach, now: Date): Promise<void> {
  for (const rule of rules) {
    const { attention, isSkipped } = attentionOf(rule, reach)
    if (JSON.stringify(attention) === JSON.stringify(rule.attention)) continue
    await leadRuleStore(tx).noteAttention(rule.ruleId, attention, now)
    const isNews = attention.some(({ name }) => !rule.attention.some((told) => told.name === name))
    if (!isNews || !rule.enabled) continue
    const { ruleId, name } = rule
    await journal(tx).append({
      action: 'lead-rule.needs-attention',
      object: { type: 'lead-rule', id: ruleId, name },
      after: { attention, isSkipped },
      detail: isSkipped ? 'It has nobody left to give leads to, and is passed over.' : 'The others take the turns.',
    })
    await emit(tx, {
      name: 'rule.needs-attention',
      key: `lead-rule/${ruleId}`,
      payload: { ruleId, name, attention, isSkipped },
    })
  }
}
