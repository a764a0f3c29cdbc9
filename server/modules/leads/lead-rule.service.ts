import {
  LEAD_RULES_MAX,
  type RuleConditions,
  TRIAL_DAYS,
  TRIAL_LEADS_MAX,
  type WireLeadDueRule,
  type WireLeadRuleTrial,
} from '../../../contract/lead-rules.ts'
import type { Clock } from '../../kernel/clock.ts'
import { AppError, badRequest, notFound } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import { isTimeZone } from '../../kernel/time-zone.ts'
import type { Transact, Tx } from '../../platform/db/transaction.ts'
import { journal } from '../audit/index.ts'
import { channelStore } from '../channels/index.ts'
import { leadStaff } from '../people/index.ts'
import { leadStore } from './lead.store.ts'
import { DEFAULT_WEEK, minuteOf, timeText } from './lead-due.rules.ts'
import { giveAway, type Reach, type Rule, type RuleTarget } from './lead-rule.rules.ts'
import { leadRuleStore, type StoredDueRule, type StoredRule } from './lead-rule.store.ts'
import { noteAttention, reachOf } from './lead-rule-reach.ts'
import { trialOf } from './lead-rule-trial.view.ts'

/** What is said of a rule; what is left out stays, or is not there. */
export type RuleAsked = {
  name?: string | undefined
  conditions?: RuleConditions | undefined
  personIds?: string[] | null | undefined
  channelId?: number | null | undefined
  enabled?: boolean | undefined
}

/** A rule with who can be given leads now. */
export type SeenRule = { rule: StoredRule; reach: Reach }

const DAY_MS = 86_400_000

/** Looks whether rules still have somebody to give leads to, also while no lead comes. */
export async function watchRules(tx: Tx, now: Date): Promise<void> {
  const rules = await leadRuleStore(tx).list()
  if (rules.length > 0) await noteAttention(tx, rules, await reachOf(tx, rules), now)
}

export type LeadRuleService = ReturnType<typeof createLeadRuleService>

/** Rules by which new leads are given away, tried before they hold, and until when new leads are to be judged. */
export function createLeadRuleService({ transact, clock }: { transact: Transact; clock: Clock }) {
  async function seen(tx: Tx): Promise<SeenRule[]> {
    const rules = await leadRuleStore(tx).list()
    const reach = await reachOf(tx, rules)
    return rules.map((rule) => ({ rule, reach }))
  }

  async function seenOne(tx: Tx, ruleId: string): Promise<SeenRule> {
    const found = (await seen(tx)).find(({ rule }) => rule.ruleId === ruleId.toLowerCase())
    if (!found) throw notFound('The rule')
    return found
  }

  return {
    list: (principal: OperatorPrincipal): Promise<SeenRule[]> => transact(principal, seen),

    create: (
      principal: OperatorPrincipal,
      asked: RuleAsked & { name: string; conditions: RuleConditions },
    ): Promise<SeenRule> =>
      transact(principal, async (tx) => {
        const store = leadRuleStore(tx)
        await lockRules(tx)
        if ((await store.list()).length >= LEAD_RULES_MAX) {
          const detail = `There are ${LEAD_RULES_MAX} rules already: delete one first.`
          throw new AppError({ code: 'lead-rules-full', status: 409, detail })
        }
        const target = await targetAsked(tx, asked, null)
        const conditions = readConditions(asked.conditions)
        const rule = {
          ruleId: newId(clock.now()),
          name: readName(asked.name),
          enabled: asked.enabled ?? false,
          conditions,
        }
        await store.insert(rule, clock.now())
        await store.setTarget(rule.ruleId, target)
        const after = { ...factsOf({ ...rule, target }) }
        await journal(tx).append({ action: 'lead-rule.created', object: objectOf(rule), after })
        return seenOne(tx, rule.ruleId)
      }),

    update: (principal: OperatorPrincipal, ruleId: string, asked: RuleAsked): Promise<SeenRule> =>
      transact(principal, async (tx) => {
        const store = leadRuleStore(tx)
        await lockRules(tx)
        const { rule: before } = await seenOne(tx, ruleId)
        const target = await targetAsked(tx, asked, before.target)
        const after = {
          ...{ ruleId: before.ruleId, name: asked.name === undefined ? before.name : readName(asked.name), target },
          enabled: asked.enabled ?? before.enabled,
          conditions: asked.conditions ? readConditions(asked.conditions) : before.conditions,
        }
        const [was, is] = changed(factsOf(before), factsOf(after))
        if (Object.keys(is).length === 0) return seenOne(tx, ruleId)
        await store.update(after, clock.now())
        if (target !== before.target) await store.setTarget(before.ruleId, target)
        await journal(tx).append({ action: 'lead-rule.changed', object: objectOf(after), before: was, after: is })
        const now = await seenOne(tx, ruleId)
        await noteAttention(tx, [now.rule], now.reach, clock.now())
        return now
      }),

    delete: (principal: OperatorPrincipal, ruleId: string): Promise<void> =>
      transact(principal, async (tx) => {
        await lockRules(tx)
        const { rule } = await seenOne(tx, ruleId)
        await leadRuleStore(tx).delete(rule.ruleId)
        await journal(tx).append({ action: 'lead-rule.deleted', object: objectOf(rule), before: factsOf(rule) })
      }),

    /** All rules, each once, or 409. */
    order: (principal: OperatorPrincipal, asked: string[]): Promise<SeenRule[]> =>
      transact(principal, async (tx) => {
        const ruleIds = asked.map((ruleId) => ruleId.toLowerCase())
        await lockRules(tx)
        const rules = await leadRuleStore(tx).list()
        const known = new Set(rules.map(({ ruleId }) => ruleId))
        if (ruleIds.length !== known.size || ruleIds.some((ruleId) => !known.has(ruleId))) {
          const detail = 'These are not the rules there are: read them again, then put them in order.'
          throw new AppError({ code: 'lead-rules-changed', status: 409, detail })
        }
        const before = rules.map(({ name }) => name)
        await leadRuleStore(tx).setOrder(ruleIds)
        const now = await seen(tx)
        const after = now.map(({ rule }) => rule.name)
        if (rules.some(({ ruleId }, place) => ruleId !== ruleIds[place])) {
          const object = { type: 'lead-rules', id: String(tx.operatorId) }
          await journal(tx).append({
            action: 'lead-rules.ordered',
            object,
            before: { order: before },
            after: { order: after },
          })
        }
        return now
      }),

    /** What rules would have done with the leads of the last days; `asked` left out: those that are on. Changes nothing. */
    try: (
      principal: OperatorPrincipal,
      days: number = TRIAL_DAYS,
      asked?: (RuleAsked & { name: string; conditions: RuleConditions })[],
    ): Promise<WireLeadRuleTrial> =>
      transact(principal, async (tx) => {
        const store = leadRuleStore(tx)
        const rules: Rule[] = asked ? await drafts(tx, asked) : await store.list('enabled')
        const reach = await reachOf(tx, rules)
        const since = new Date(clock.now().getTime() - days * DAY_MS)
        const { total, leads } = await store.past(since, TRIAL_LEADS_MAX)
        // In the order in which they came, as turns are taken.
        const { gifts } = giveAway(leads.toReversed(), rules, reach)
        return trialOf(days, total, leads, rules, gifts, reach)
      }),

    dueRule: (principal: OperatorPrincipal): Promise<WireLeadDueRule> =>
      transact(principal, async (tx) => wireDueRule(await leadRuleStore(tx).dueRule())),

    setDueRule: (principal: OperatorPrincipal, asked: WireLeadDueRule): Promise<WireLeadDueRule> =>
      transact(principal, async (tx) => {
        const rule = readDueRule(asked)
        const store = leadRuleStore(tx)
        const before = wireDueRule(await store.dueRule())
        await store.setDueRule(rule, clock.now())
        const after = wireDueRule(rule)
        const [was, is] = changed(before, after)
        if (Object.keys(is).length > 0) {
          const object = { type: 'lead-due-rule', id: String(tx.operatorId) }
          await journal(tx).append({ action: 'lead-due-rule.changed', object, before: was, after: is })
        }
        return after
      }),
  }

  async function drafts(tx: Tx, asked: (RuleAsked & { name: string; conditions: RuleConditions })[]): Promise<Rule[]> {
    const rules: Rule[] = []
    for (const [place, one] of asked.entries()) {
      const target = await targetAsked(tx, one, null, `/body/rules/${place}`)
      const conditions = readConditions(one.conditions, `/body/rules/${place}/conditions`)
      rules.push({ ruleId: String(place), name: one.name, conditions, target })
    }
    return rules
  }
}

/** Rules change while no lead is being given away, so that no turn is taken from somebody who has just come. */
async function lockRules(tx: Tx): Promise<void> {
  await leadStore(tx).lockArrival()
  await leadRuleStore(tx).lock()
}

/** To whom, as it was asked; 400 where there is no such person or channel now. Whoever is in the rule already may stay. */
async function targetAsked(
  tx: Tx,
  { personIds, channelId }: RuleAsked,
  before: RuleTarget | null,
  at = '/body',
): Promise<RuleTarget> {
  if (personIds && channelId) {
    throw badRequest([{ pointer: `${at}/channelId`, detail: 'Give either personIds or channelId, not both.' }])
  }
  if (channelId) {
    if (before?.kind === 'channel' && before.channelId === channelId) return before
    if (await channelStore(tx).find(channelId)) return { kind: 'channel', channelId }
    throw badRequest([{ pointer: `${at}/channelId`, detail: `There is no channel ${channelId}.` }])
  }
  if (personIds) {
    const staff = new Map((await leadStaff(tx)).map((member) => [member.personId, member]))
    const kept = new Map(before?.kind === 'people' ? before.people.map((person) => [person.personId, person]) : [])
    const people = personIds.map((id, place) => {
      const personId = id.toLowerCase()
      const member = staff.get(personId)
      const known = kept.get(personId)
      if (member?.channelId === null) return { personId, name: member.name, turn: known?.turn ?? 0 }
      if (known) return known
      const detail = member
        ? `${member.name} works for a channel: rules give leads to people of the operator.`
        : 'Nobody of the operator who works on leads has this id.'
      throw badRequest([{ pointer: `${at}/personIds/${place}`, detail }])
    })
    const isSame = kept.size === people.length && [...kept.keys()].every((id, place) => people[place]?.personId === id)
    return isSame && before ? before : { kind: 'people', people }
  }
  if (before) return before
  throw badRequest([{ pointer: at, detail: 'Say who gets the leads: personIds or channelId.' }])
}

/** On one line, as it stands in histories; nothing that PostgreSQL cannot hold. */
function readName(text: string): string {
  const name = text.trim()
  if (!/\p{Cc}/u.test(name) && name.isWellFormed()) return name
  throw badRequest([{ pointer: '/body/name', detail: 'Leave out line breaks and other control characters.' }])
}

function readConditions(conditions: RuleConditions, at = '/body/conditions'): RuleConditions {
  const { countries, sizeFrom, sizeTo, nameContains } = conditions
  if (sizeFrom !== undefined && sizeTo !== undefined && sizeFrom > sizeTo) {
    throw badRequest([{ pointer: `${at}/sizeTo`, detail: 'No size is at least sizeFrom and at most sizeTo.' }])
  }
  return {
    ...conditions,
    ...(countries && { countries: [...new Set(countries.map((country) => country.toUpperCase()))] }),
    ...(nameContains !== undefined && { nameContains: nameContains.trim() }),
  }
}

function readDueRule({ within, week }: WireLeadDueRule): StoredDueRule {
  const [fromMinute, toMinute] = [minuteOf(week.from), minuteOf(week.to)]
  const errors = [
    ...(fromMinute < toMinute
      ? []
      : [{ pointer: '/body/week/to', detail: 'The working day must end after its begin.' }]),
    ...(isTimeZone(week.timeZone)
      ? []
      : [{ pointer: '/body/week/timeZone', detail: 'Must be an IANA time zone, such as Europe/London.' }]),
  ]
  if (errors.length > 0) throw badRequest(errors)
  return { within, week: { days: week.days.toSorted(), fromMinute, toMinute, timeZone: week.timeZone } }
}

function wireDueRule({ within, week }: StoredDueRule = { within: null, week: DEFAULT_WEEK }): WireLeadDueRule {
  const { days, fromMinute, toMinute, timeZone } = week
  return { within, week: { days: [...days], from: timeText(fromMinute), to: timeText(toMinute), timeZone } }
}

/** As the journal tells a rule. */
function factsOf({
  name,
  enabled,
  conditions,
  target,
}: Pick<StoredRule, 'name' | 'enabled' | 'conditions' | 'target'>) {
  const to =
    target.kind === 'channel' ? { channel: target.channelId } : { people: target.people.map((one) => one.name) }
  return { name, enabled, conditions, to }
}

/** The fields that differ, before and after. */
function changed<T extends object>(before: T, after: T): [Partial<T>, Partial<T>] {
  const names = (Object.keys(after) as (keyof T)[]).filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  )
  const only = (all: T) => Object.fromEntries(names.map((name) => [name, all[name]])) as Partial<T>
  return [only(before), only(after)]
}

function objectOf({ ruleId, name }: Pick<Rule, 'ruleId' | 'name'>) {
  return { type: 'lead-rule', id: ruleId, name }
}
