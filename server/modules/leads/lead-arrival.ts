import type { Tx } from '../../platform/db/transaction.ts'
import { companySizeOf, isActive } from './lead.rules.ts'
import { moveLeads } from './lead-channel.service.ts'
import { dueAfter } from './lead-due.rules.ts'
import { leadDutyStore, type Owner } from './lead-duty.store.ts'
import { tellOwners } from './lead-owner.service.ts'
import { type Gift, giveAway, type RuledLead } from './lead-rule.rules.ts'
import { leadRuleStore } from './lead-rule.store.ts'
import { noteAttention, reachOf } from './lead-rule-reach.ts'
import type { LeadWrite, StoredLead } from './lead-write.store.ts'

/**
 * What happens to new leads in the transaction that stores them: each gets its due date, and the first rule that fits
 * gives it to somebody. So each is given away once, whatever crashes, and nobody sees it before. `taken`: those that
 * belong to the channel that has made them, which rules leave alone. Nothing of a rule can fail the transaction: one that
 * cannot be followed is passed over. Source: issue 6, 6; docs/decisions/0018.
 */
export async function welcomeLeads(tx: Tx, added: readonly LeadWrite[], taken: ReadonlySet<string>): Promise<void> {
  if (added.length === 0) return
  const now = new Date()
  const store = leadRuleStore(tx)
  const rules = await store.list('enabled')
  const dueRule = await store.dueRule()
  const dueAt = dueRule?.within ? dueAfter(now, { ...dueRule.within, week: dueRule.week }) : null
  const free = added.filter(({ leadId }) => !taken.has(leadId))
  const given = await give(tx, { free, owned: [] }, now, rules)
  const gifts = new Map(given.map((gift) => [gift.leadId, gift]))
  const ownerOf = (leadId: string): Owner | null => {
    const to = gifts.get(leadId)?.to
    return to?.kind === 'person' ? { personId: to.id, name: to.name, channelId: null } : null
  }
  const duties = free.map((lead) => ({
    ...{ owner: ownerOf(lead.leadId), dueAt },
    lead: { leadId: lead.leadId, arrival: lead.arrival, channelId: null },
  }))
  await leadDutyStore(tx).insert(duties.filter(({ owner }) => owner !== null || dueAt !== null))
  await tellGifts(tx, added, gifts)
}

/**
 * Follows the rules that were owed to leads until they became Active, in the transaction that stores it: those in no channel
 * of which nobody has decided meanwhile. Whoever was given one by a rule for people keeps it, in the channel too.
 * Source: issue 6, 6; docs/decisions/0018.
 */
export async function welcomeActive(tx: Tx, activated: readonly StoredLead[]): Promise<void> {
  if (activated.length === 0) return
  const store = leadRuleStore(tx)
  const owed = await store.takeOwed(activated.map(({ leadId }) => leadId))
  const leads = activated.filter(({ leadId, local }) => owed.has(leadId) && local.channelId === null)
  if (leads.length === 0) return
  const dutyStore = leadDutyStore(tx)
  const duties = await dutyStore.find(leads.map(({ leadId }) => leadId))
  const [owned, free] = [true, false].map((isOwned) =>
    leads.filter(({ leadId }) => ((duties.get(leadId)?.ownerId ?? null) !== null) === isOwned),
  ) as [StoredLead[], StoredLead[]]
  const given = await give(tx, { free, owned }, new Date(), await store.list('enabled'))
  const gifts = new Map(given.map((gift) => [gift.leadId, gift]))
  for (const [personId, received] of Map.groupBy(given.filter(isForPerson), ({ to }) => to.id)) {
    const ids = new Set(received.map(({ leadId }) => leadId))
    const own = free
      .filter(({ leadId }) => ids.has(leadId))
      .map(({ leadId, arrival }) => ({ leadId, arrival, channelId: null }))
    await dutyStore.setOwner(own, { personId, name: received[0]?.to.name ?? '', channelId: null })
  }
  await tellGifts(tx, leads, gifts)
}

/** Decides, and keeps whose turns were taken, and what is owed. Of leads that are `owned` only channels get any. */
async function give(
  tx: Tx,
  { free, owned }: { free: readonly LeadWrite[]; owned: readonly LeadWrite[] },
  now: Date,
  rules: Awaited<ReturnType<ReturnType<typeof leadRuleStore>['list']>>,
): Promise<Gift[]> {
  if (rules.length === 0) return []
  const reach = await reachOf(tx, rules)
  await noteAttention(tx, rules, reach, now)
  const { turns, owed, ...fromFree } = giveAway(free.map(ruled), rules, reach)
  const handedOver = giveAway(owned.map(ruled), rules, reach).gifts.filter((gift) => !isForPerson(gift))
  const gifts = [...fromFree.gifts, ...handedOver]
  await leadRuleStore(tx).noteOwed(owed)
  if (gifts.length === 0) return []
  const given = new Map<string, number>()
  for (const { rule } of gifts) given.set(rule.ruleId, (given.get(rule.ruleId) ?? 0) + 1)
  await leadRuleStore(tx).noteGiven(given, turns)
  return gifts
}

/** Owners are told, and leads for channels moved, as if somebody had done it. */
async function tellGifts(tx: Tx, added: readonly LeadWrite[], gifts: ReadonlyMap<string, Gift>): Promise<void> {
  const owned = added.filter(({ leadId }) => gifts.get(leadId)?.to.kind === 'person')
  await tellOwners(tx, owned, ({ leadId }) => {
    const gift = gifts.get(leadId)
    const after = gift?.to.kind === 'person' ? { personId: gift.to.id, name: gift.to.name } : null
    return { before: undefined, after, reason: 'rule', ruleName: gift?.rule.name ?? '' }
  })
  const byChannel = Map.groupBy(
    [...gifts.values()].flatMap(({ leadId, to }) => (to.kind === 'channel' ? [{ leadId, channelId: to.id }] : [])),
    ({ channelId }) => channelId,
  )
  for (const [channelId, leads] of byChannel) {
    await moveLeads(
      tx,
      leads.map(({ leadId }) => leadId),
      channelId,
    )
  }
}

function isForPerson(gift: Gift): gift is Gift & { to: { kind: 'person' } } {
  return gift.to.kind === 'person'
}

function ruled({ leadId, remote }: LeadWrite): RuledLead {
  return {
    leadId,
    name: remote.contactDetails.companyName ?? '',
    countries: remote.consentedCountries.map((country) => country.trim().toUpperCase()),
    size: companySizeOf(remote.contactDetails.companySize)?.lower ?? null,
    isDirect: remote.isDirectLead,
    isActive: isActive(remote),
  }
}
