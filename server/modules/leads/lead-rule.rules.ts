import type { RuleConditions } from '../../../contract/lead-rules.ts'

/** What rules look at. `size`: Microsoft's lower bound; null: not known. */
export type RuledLead = {
  leadId: string
  name: string
  countries: readonly string[]
  size: number | null
  isDirect: boolean
  /** Only Active leads are given to channels. */
  isActive: boolean
}

/** One of those who share the leads of a rule; the one with the smallest `turn` is next, and of these the first. */
export type RulePerson = { personId: string; name: string; turn: number }
export type RuleTarget = { kind: 'people'; people: readonly RulePerson[] } | { kind: 'channel'; channelId: number }
export type Rule = { ruleId: string; name: string; conditions: RuleConditions; target: RuleTarget }

/** Who and what can be given leads now. */
export type Reach = {
  people: ReadonlySet<string>
  /** Name of each channel that is there, and whether it may be given leads. */
  channels: ReadonlyMap<number, { name: string; isOpen: boolean }>
}

export type Receiver = { kind: 'person'; id: string; name: string } | { kind: 'channel'; id: number; name: string }
export type Gift = { leadId: string; rule: Rule; to: Receiver }
export type Attention = { code: 'person-left' | 'channel-gone' | 'channel-closed'; name: string }

/** What of a rule does not work any more; `isSkipped`: there is nobody left that it could give leads to. */
export function attentionOf(
  { target }: Pick<Rule, 'target'>,
  reach: Reach,
): { attention: Attention[]; isSkipped: boolean } {
  if (target.kind === 'channel') {
    const channel = reach.channels.get(target.channelId)
    if (!channel) {
      return { attention: [{ code: 'channel-gone', name: `Channel ${target.channelId}` }], isSkipped: true }
    }
    if (channel.isOpen) return { attention: [], isSkipped: false }
    return { attention: [{ code: 'channel-closed', name: channel.name }], isSkipped: true }
  }
  const gone = target.people.filter(({ personId }) => !reach.people.has(personId))
  return {
    attention: gone.map(({ name }) => ({ code: 'person-left', name })),
    isSkipped: gone.length === target.people.length,
  }
}

/** Whether a lead is what a rule asks for: all that is asked must hold. */
export function fits(conditions: RuleConditions, lead: RuledLead): boolean {
  const { countries, sizeFrom, sizeTo, origin, nameContains } = conditions
  if (origin !== undefined && (origin === 'direct') !== lead.isDirect) return false
  if (sizeFrom !== undefined && (lead.size === null || lead.size < sizeFrom)) return false
  if (sizeTo !== undefined && (lead.size === null || lead.size > sizeTo)) return false
  if (countries !== undefined && !countries.some((country) => lead.countries.includes(country.toUpperCase())))
    return false
  return nameContains === undefined || fold(lead.name).includes(fold(nameContains.trim()))
}

/**
 * Gives leads away, one after the other: the first rule that fits and has somebody left. People take turns: whoever was
 * given one longest ago is next. Answers the gifts, the turns that were taken, and the leads that would be a channel's if
 * they were Active.
 */
export function giveAway(
  leads: readonly RuledLead[],
  rules: readonly Rule[],
  reach: Reach,
): { gifts: Gift[]; turns: { ruleId: string; personId: string; turn: number }[]; owed: string[] } {
  const rounds = rules.flatMap((rule) => {
    const { isSkipped } = attentionOf(rule, reach)
    return isSkipped ? [] : [{ rule, next: receiverOf(rule, reach) }]
  })
  const gifts: Gift[] = []
  const owed: string[] = []
  const turns = new Map<string, { ruleId: string; personId: string; turn: number }>()
  for (const lead of leads) {
    const first = rounds.find(({ rule }) => fits(rule.conditions, lead))
    const isOwed = !lead.isActive && first?.rule.target.kind === 'channel'
    if (isOwed) owed.push(lead.leadId)
    const round = isOwed
      ? rounds.find(({ rule }) => rule.target.kind === 'people' && fits(rule.conditions, lead))
      : first
    if (!round) continue
    const { rule } = round
    const { to, turn } = round.next()
    gifts.push({ leadId: lead.leadId, rule, to })
    if (to.kind === 'person') turns.set(`${rule.ruleId}/${to.id}`, { ruleId: rule.ruleId, personId: to.id, turn })
  }
  return { gifts, turns: [...turns.values()], owed }
}

/** Whose turn it is, each time anew. */
function receiverOf({ target }: Rule, reach: Reach): () => { to: Receiver; turn: number } {
  if (target.kind === 'channel') {
    const to = {
      kind: 'channel',
      id: target.channelId,
      name: reach.channels.get(target.channelId)?.name ?? '',
    } as const
    return () => ({ to, turn: 0 })
  }
  const queue = target.people.filter(({ personId }) => reach.people.has(personId)).toSorted((a, b) => a.turn - b.turn)
  let turn = Math.max(...target.people.map((person) => person.turn))
  return () => {
    const [next] = queue.splice(0, 1)
    if (!next) throw new Error('A rule without anybody was asked for somebody.')
    queue.push(next)
    turn++
    return { to: { kind: 'person', id: next.personId, name: next.name }, turn }
  }
}

/** Of the people of a rule, whose turn it is. */
export function nextOf(people: readonly RulePerson[], reach: Reach): string | null {
  const [next] = people.filter(({ personId }) => reach.people.has(personId)).toSorted((a, b) => a.turn - b.turn)
  return next?.personId ?? null
}

function fold(text: string): string {
  return text.normalize('NFC').toLowerCase()
}
