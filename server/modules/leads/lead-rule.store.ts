import type { RuleConditions } from '../../../contract/lead-rules.ts'
import { connectionOf, type Tx } from '../../platform/db/transaction.ts'
import type { DueRule, WorkWeek } from './lead-due.rules.ts'
import type { Attention, Rule, RuledLead, RulePerson, RuleTarget } from './lead-rule.rules.ts'

/** A rule as it is kept. */
export type StoredRule = Rule & {
  enabled: boolean
  given: number
  lastGivenAt: Date | null
  /** What was told last of what does not work. */
  attention: Attention[]
}

/** Within how long new leads are to be judged; `within` null: as long as they like. */
export type StoredDueRule = { within: Pick<DueRule, 'amount' | 'unit'> | null; week: WorkWeek }

type RuleRow = {
  ruleId: string
  name: string
  enabled: boolean
  conditions: string
  channelId: number | null
  given: number
  lastGivenAt: Date | null
  attention: string
  people: RulePerson[]
}

const PEOPLE = `coalesce((
  select json_agg(json_build_object('personId', p.person_id, 'name', p.name, 'turn', p.turn) order by p.place)
  from lead_rule_person p where p.operator_id = r.operator_id and p.rule_id = r.rule_id), '[]')`

/** Rules of the operator of the transaction, by which new leads are given away, and its due rule. */
export function leadRuleStore(tx: Tx) {
  const db = connectionOf(tx)
  const { operatorId } = tx
  return {
    /** In the order in which they are asked; `only`: those that are on. */
    async list(only: 'all' | 'enabled' = 'all'): Promise<StoredRule[]> {
      const { rows } = await db.query<RuleRow>({
        name: `lead-rules-${only}`,
        text: `
          select rule_id as "ruleId", name, enabled, conditions, channel_id as "channelId", given,
            last_given_at as "lastGivenAt", attention, ${PEOPLE} as people
          from lead_rule r where operator_id = $1 ${only === 'enabled' ? 'and enabled' : ''} order by place, rule_id`,
        values: [operatorId],
      })
      return rows.map(toRule)
    },

    /** Two who change the rules at once do it one after the other. */
    async lock(): Promise<void> {
      await db.query('select from lead_rule where operator_id = $1 order by rule_id for update', [operatorId])
    },

    async insert(rule: { ruleId: string; name: string; enabled: boolean; conditions: RuleConditions }, now: Date) {
      await db.query(
        `insert into lead_rule (operator_id, rule_id, place, name, enabled, conditions, created_at, changed_at)
         select $1, $2, coalesce(max(place), 0) + 1, $3, $4, $5, $6, $6 from lead_rule where operator_id = $1`,
        [operatorId, rule.ruleId, rule.name, rule.enabled, JSON.stringify(rule.conditions), now],
      )
    },

    async update(rule: { ruleId: string; name: string; enabled: boolean; conditions: RuleConditions }, now: Date) {
      await db.query(
        `update lead_rule set name = $3, enabled = $4, conditions = $5, changed_at = $6
         where operator_id = $1 and rule_id = $2`,
        [operatorId, rule.ruleId, rule.name, rule.enabled, JSON.stringify(rule.conditions), now],
      )
    },

    /** Whoever stays keeps his turn, and whoever is new has the first one. */
    async setTarget(ruleId: string, target: RuleTarget): Promise<void> {
      const channelId = target.kind === 'channel' ? target.channelId : null
      const people = target.kind === 'people' ? target.people : []
      await db.query('update lead_rule set channel_id = $3 where operator_id = $1 and rule_id = $2', [
        operatorId,
        ruleId,
        channelId,
      ])
      await db.query(
        'delete from lead_rule_person where operator_id = $1 and rule_id = $2 and person_id <> all($3::uuid[])',
        [operatorId, ruleId, people.map(({ personId }) => personId)],
      )
      await db.query(
        `insert into lead_rule_person (operator_id, rule_id, person_id, place, name)
         select $1, $2, person_id, place, name from unnest($3::uuid[], $4::text[]) with ordinality as p (person_id, name, place)
         on conflict (operator_id, rule_id, person_id) do update set place = excluded.place, name = excluded.name`,
        [operatorId, ruleId, people.map(({ personId }) => personId), people.map(({ name }) => name)],
      )
    },

    async delete(ruleId: string): Promise<void> {
      await db.query('delete from lead_rule where operator_id = $1 and rule_id = $2', [operatorId, ruleId])
    },

    async setOrder(ruleIds: string[]): Promise<void> {
      await db.query(
        `update lead_rule r set place = o.place from unnest($2::uuid[]) with ordinality as o (rule_id, place)
         where r.operator_id = $1 and r.rule_id = o.rule_id`,
        [operatorId, ruleIds],
      )
    },

    /** Keeps what rules have given away, and whose turns were taken. */
    async noteGiven(given: Map<string, number>, turns: { ruleId: string; personId: string; turn: number }[]) {
      const counts = [...given].map(([ruleId, count]) => ({ rule_id: ruleId, count }))
      const taken = turns.map(({ ruleId, personId, turn }) => ({ rule_id: ruleId, person_id: personId, turn }))
      await db.query({
        name: 'lead-rule-given',
        text: `
          with counted as (
            update lead_rule r set given = r.given + g.count, last_given_at = now()
            from json_to_recordset($2::json) as g (rule_id uuid, count integer)
            where r.operator_id = $1 and r.rule_id = g.rule_id
          )
          update lead_rule_person p set turn = t.turn
          from json_to_recordset($3::json) as t (rule_id uuid, person_id uuid, turn bigint)
          where p.operator_id = $1 and p.rule_id = t.rule_id and p.person_id = t.person_id`,
        values: [operatorId, JSON.stringify(counts), JSON.stringify(taken)],
      })
    },

    /** Leads that a rule is owed to until they are Active, or somebody decides whose they are. */
    async noteOwed(leadIds: string[]): Promise<void> {
      if (leadIds.length === 0) return
      await db.query(
        `insert into lead_rule_owed (operator_id, lead_id) select $1, unnest($2::uuid[]) on conflict do nothing`,
        [operatorId, leadIds],
      )
    },

    /** Those of these leads that a rule was owed to; it is no longer. */
    async takeOwed(leadIds: string[]): Promise<Set<string>> {
      const { rows } = await db.query<{ leadId: string }>({
        name: 'lead-rule-take-owed',
        text: `delete from lead_rule_owed where operator_id = $1 and lead_id = any($2::uuid[]) returning lead_id as "leadId"`,
        values: [operatorId, leadIds],
      })
      return new Set(rows.map(({ leadId }) => leadId))
    },

    async noteAttention(ruleId: string, attention: Attention[], now: Date): Promise<void> {
      await db.query(
        `update lead_rule set attention = $3, attention_since = case when $3 <> '[]' then coalesce(attention_since, $4) end
         where operator_id = $1 and rule_id = $2`,
        [operatorId, ruleId, JSON.stringify(attention), now],
      )
    },

    /**
     * Leads of the last days as rules look at them, the newest first, and how many there are; without those that channels
     * made for themselves. All count as Active: rules for channels wait until a lead is.
     */
    async past(since: Date, limit: number): Promise<{ total: number; leads: (RuledLead & { consentedAt: Date })[] }> {
      const where = `operator_id = $1 and consented_at >= $2 and not (is_direct and exists (
        select from direct_lead_trace t
        where t.operator_id = lead.operator_id and t.lead_id = lead.lead_id and t.made_for_channel is not null))`
      const counted = await db.query<{ total: number }>(`select count(*)::int as total from lead where ${where}`, [
        operatorId,
        since,
      ])
      const { rows } = await db.query<PastRow>(
        `select lead_id as "leadId", company_name as name, countries, company_size as size, is_direct as "isDirect",
           consented_at as "consentedAt"
         from lead where ${where} order by consented_at desc, arrival desc limit $3`,
        [operatorId, since, limit],
      )
      const leads = rows.map(({ size, ...row }) => ({ ...row, size: size < 0 ? null : size, isActive: true }))
      return { total: counted.rows[0]?.total ?? 0, leads }
    },

    async dueRule(): Promise<StoredDueRule | undefined> {
      const { rows } = await db.query<DueRow>({
        name: 'lead-due-rule',
        text: `
          select amount, unit, days, from_minute as "fromMinute", to_minute as "toMinute", time_zone as "timeZone"
          from lead_due_rule where operator_id = $1`,
        values: [operatorId],
      })
      const [row] = rows
      if (!row) return undefined
      const { amount, unit, ...week } = row
      return { within: amount === null ? null : { amount, unit }, week }
    },

    async setDueRule({ within, week }: StoredDueRule, now: Date): Promise<void> {
      await db.query(
        `insert into lead_due_rule (operator_id, amount, unit, days, from_minute, to_minute, time_zone, changed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (operator_id) do update set amount = excluded.amount, unit = excluded.unit, days = excluded.days,
           from_minute = excluded.from_minute, to_minute = excluded.to_minute, time_zone = excluded.time_zone,
           changed_at = excluded.changed_at`,
        [
          ...[operatorId, within?.amount ?? null, within?.unit ?? 'hours'],
          ...[week.days, week.fromMinute, week.toMinute, week.timeZone, now],
        ],
      )
    },
  }
}

type PastRow = {
  leadId: string
  name: string
  countries: string[]
  size: number
  isDirect: boolean
  consentedAt: Date
}
type DueRow = WorkWeek & { amount: number | null; unit: 'hours' | 'days' }

function toRule({ channelId, people, conditions, attention, ...row }: RuleRow): StoredRule {
  return {
    ...row,
    conditions: JSON.parse(conditions) as RuleConditions,
    attention: JSON.parse(attention) as Attention[],
    target: channelId === null ? { kind: 'people', people } : { kind: 'channel', channelId },
  }
}
