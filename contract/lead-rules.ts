import Type from 'typebox'
import { defineEndpoint } from './endpoint.ts'
import { problem } from './problem.ts'

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const instant = (description: string) => Type.String({ format: 'date-time', description })
const asProblem = { schema: problem, contentType: 'application/problem+json' } as const

/** Rules of an operator: at most this many. */
export const LEAD_RULES_MAX = 100
/** People who share the leads of a rule: at most this many. */
export const RULE_PEOPLE_MAX = 50
/** A trial looks at this many days, and at most at this many leads, the newest. */
export const TRIAL_DAYS = 90
export const TRIAL_LEADS_MAX = 50_000
/** Leads that a trial names. */
export const TRIAL_SHOWN_MAX = 200

const size = (description: string) => Type.Integer({ minimum: 1, maximum: 1_000_000, description })

/** What a lead must be like; all that is given must hold, {} is every lead. Source: issue 6, 6; docs/decisions/0018. */
export const ruleConditions = Type.Object({
  countries: Type.Optional(
    Type.Array(Type.String({ pattern: '^[A-Za-z]{2}$', description: 'two letters, such as DE' }), {
      minItems: 1,
      maxItems: 250,
      uniqueItems: true,
      description: 'Consented to any of these (ISO 3166-1 alpha-2)',
    }),
  ),
  sizeFrom: Type.Optional(
    size("Microsoft's lower bound of the company's size is at least this; a size that is not known is none"),
  ),
  sizeTo: Type.Optional(size("Microsoft's lower bound of the company's size is at most this")),
  origin: Type.Optional(Type.Enum(['consented', 'direct'], { description: 'direct: made without a consent' })),
  nameContains: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 100,
      pattern: '\\S',
      description: 'In the company name, in any letter case',
    }),
  ),
})
export type RuleConditions = Type.Static<typeof ruleConditions>

const personIds = Type.Array(Type.String({ format: 'uuid' }), {
  minItems: 1,
  maxItems: RULE_PEOPLE_MAX,
  uniqueItems: true,
  description: 'One becomes the owner; several take turns',
})
const channelId = Type.Integer({ minimum: 1, maximum: 2_147_483_647, description: 'The channel that gets the lead' })
const ruleName = Type.String({ minLength: 1, maxLength: 100, pattern: '\\S' })
const target = {
  personIds: Type.Optional(nullable(personIds)),
  channelId: Type.Optional(nullable(channelId)),
}

const attention = Type.Object({
  code: Type.Enum(['person-left', 'channel-gone', 'channel-closed'], {
    description:
      'person-left: does not work on leads of the operator any more · channel-gone: was deleted · channel-closed: may not be given leads',
  }),
  name: Type.String({ description: 'Who, or which' }),
})

export const leadRule = Type.Object(
  {
    ruleId: Type.String({ format: 'uuid' }),
    name: Type.String(),
    enabled: Type.Boolean(),
    conditions: ruleConditions,
    people: nullable(
      Type.Array(
        Type.Object({ personId: Type.String({ format: 'uuid' }), name: Type.String(), isNext: Type.Boolean() }),
        {
          description: 'They take turns; null: to a channel',
        },
      ),
    ),
    channel: nullable(Type.Object({ id: Type.Integer(), name: Type.String() })),
    given: Type.Integer({ description: 'Leads that it has given away' }),
    lastGivenAt: nullable(instant('The last time')),
    attention: Type.Array(attention, { description: 'What of it does not work any more' }),
    isSkipped: Type.Boolean({ description: 'It has nobody left to give leads to: the next rule is asked instead' }),
  },
  { $id: 'LeadRule' },
)
export type WireLeadRule = Type.Static<typeof leadRule>

const example: WireLeadRule = {
  ruleId: '019a9f60-2b7c-7d10-8f31-6a0c1d2e3f55',
  name: 'Large companies in Germany',
  enabled: true,
  conditions: { countries: ['DE'], sizeFrom: 250 },
  people: [
    { personId: '019a9f60-5a01-7d22-9c11-77a0c4e1b2d3', name: 'Dana Wills', isNext: true },
    { personId: '019a9f60-5a01-7d22-9c11-77a0c4e1b2d4', name: 'Omar Haddad', isNext: false },
  ],
  channel: null,
  given: 41,
  lastGivenAt: '2026-11-22T08:15:30.000Z',
  attention: [],
  isSkipped: false,
}

const own = {
  tag: 'Lead rules',
  source: 'issue 6, 6; own',
  permission: 'channels.manage',
  operatorOnly: true,
} as const
const params = Type.Object({ ruleId: Type.String({ format: 'uuid' }) })
const shown = { description: 'The rule', schema: leadRule, example }
const list = {
  description: 'The rules, in order',
  schema: Type.Object({ data: Type.Array(leadRule) }),
  example: { data: [example] },
}

export const listLeadRules = defineEndpoint({
  ...own,
  operationId: 'listLeadRules',
  method: 'GET',
  path: '/api/v4/lead-rules',
  summary: 'By which rules new leads are given away',
  description:
    'In the order in which they are asked: the first that fits gives the lead to a person or to a channel, in the transaction ' +
    'that stores it. Leads of the first sync are never given away, nor are those that a channel has made for itself. A rule ' +
    'that gives to a channel waits until a lead is Active, unless somebody decides about its owner before. A rule whose people have left, or whose channel is gone, is passed ' +
    'over and says so in `attention`; `rule.needs-attention` tells it once.',
  responses: { 200: list },
})

export const createLeadRule = defineEndpoint({
  ...own,
  operationId: 'createLeadRule',
  method: 'POST',
  path: '/api/v4/lead-rules',
  summary: 'Add a rule, as the last one',
  description: `Either \`personIds\` or \`channelId\`. At most ${LEAD_RULES_MAX} rules. It is off until \`enabled\` says otherwise.`,
  body: Type.Object({
    name: ruleName,
    conditions: ruleConditions,
    ...target,
    enabled: Type.Optional(Type.Boolean({ description: 'Default false' })),
  }),
  bodyExample: { name: 'Germany', conditions: { countries: ['DE'] }, channelId: 907 },
  responses: { 201: shown, 409: { ...asProblem, description: 'There are too many' } },
})

export const updateLeadRule = defineEndpoint({
  ...own,
  operationId: 'updateLeadRule',
  method: 'PATCH',
  path: '/api/v4/lead-rules/{ruleId}',
  summary: 'Change a rule, switch it on or off',
  description:
    'What is left out stays as it is. `personIds` takes the place of `channelId`, and the other way round. In force with the next lead.',
  params,
  body: Type.Object({
    name: Type.Optional(ruleName),
    conditions: Type.Optional(ruleConditions),
    ...target,
    enabled: Type.Optional(Type.Boolean()),
  }),
  bodyExample: { enabled: true },
  responses: { 200: shown },
})

export const deleteLeadRule = defineEndpoint({
  ...own,
  operationId: 'deleteLeadRule',
  method: 'DELETE',
  path: '/api/v4/lead-rules/{ruleId}',
  summary: 'Delete a rule',
  description: 'Leads that it has given away stay where they are.',
  params,
  responses: { 204: { description: 'It is gone', schema: null } },
})

export const orderLeadRules = defineEndpoint({
  ...own,
  operationId: 'orderLeadRules',
  method: 'PUT',
  path: '/api/v4/lead-rules/order',
  summary: 'Put the rules into another order',
  description: 'Names every rule once, the first to be asked first.',
  body: Type.Object({
    ruleIds: Type.Array(Type.String({ format: 'uuid' }), { maxItems: LEAD_RULES_MAX, uniqueItems: true }),
  }),
  bodyExample: { ruleIds: [example.ruleId] },
  responses: { 200: list, 409: { ...asProblem, description: 'These are not the rules there are' } },
})

const trialRule = Type.Object({
  name: ruleName,
  conditions: ruleConditions,
  ...target,
})
const receiver = {
  kind: Type.Enum(['person', 'channel']),
  id: Type.String({ description: 'Of the person, or of the channel' }),
  name: Type.String(),
}

export const leadRuleTrial = Type.Object(
  {
    days: Type.Integer(),
    leads: Type.Integer({ description: 'Leads that came in this time' }),
    isCut: Type.Boolean({
      description: `Only the newest ${TRIAL_LEADS_MAX.toLocaleString('en')} of them were looked at`,
    }),
    given: Type.Integer({ description: 'Those that a rule would have given away' }),
    rules: Type.Array(
      Type.Object({
        leads: Type.Integer(),
        to: Type.Array(Type.Object({ ...receiver, leads: Type.Integer() })),
        attention: Type.Array(attention),
        isSkipped: Type.Boolean(),
      }),
      { description: 'One for each rule of the trial, in its order' },
    ),
    shown: Type.Array(
      Type.Object({
        leadId: Type.String({ format: 'uuid' }),
        companyName: nullable(Type.String()),
        countries: Type.Array(Type.String()),
        consentedOn: instant('When'),
        rule: nullable(Type.Integer({ description: 'Which rule, from 0; null: none fits' })),
        to: nullable(Type.Object(receiver)),
      }),
      { description: `The newest, at most ${TRIAL_SHOWN_MAX}` },
    ),
  },
  { $id: 'LeadRuleTrial' },
)
export type WireLeadRuleTrial = Type.Static<typeof leadRuleTrial>

export const tryLeadRules = defineEndpoint({
  ...own,
  operationId: 'tryLeadRules',
  method: 'POST',
  path: '/api/v4/lead-rules/trial',
  summary: 'See what rules would have done',
  description:
    'With the leads whose consent came in the last days, as they are now and as if each were Active and in no channel; without ' +
    'direct leads that channels made for themselves. ' +
    'Nothing is changed, and nobody’s turn is taken. The rules are those of the body, all of them as if they were on; without, those that are on.',
  readsOnly: true,
  body: Type.Object({
    days: Type.Optional(Type.Integer({ minimum: 1, maximum: 366, description: `Default ${TRIAL_DAYS}` })),
    rules: Type.Optional(Type.Array(trialRule, { maxItems: LEAD_RULES_MAX })),
  }),
  bodyExample: { days: 90, rules: [{ name: 'Germany', conditions: { countries: ['DE'] }, channelId: 907 }] },
  responses: {
    200: {
      description: 'What they would have done',
      schema: leadRuleTrial,
      example: {
        days: 90,
        leads: 412,
        isCut: false,
        given: 133,
        rules: [
          {
            leads: 133,
            to: [{ kind: 'channel', id: '907', name: 'Riverside IT', leads: 133 }],
            attention: [],
            isSkipped: false,
          },
        ],
        shown: [
          {
            leadId: 'b0c1f4c2-6a4f-4a52-8a3b-54d1a0a1c9d2',
            companyName: 'Contoso Ltd',
            countries: ['GB', 'DE'],
            consentedOn: '2026-11-22T08:15:30.000Z',
            rule: 0,
            to: { kind: 'channel', id: '907', name: 'Riverside IT' },
          },
        ],
      } satisfies WireLeadRuleTrial,
    },
  },
})

const time = (description: string) => Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$', description })

/** Within how long new leads are to be judged, and when somebody is at work. Source: issue 6, 6. */
export const leadDueRule = Type.Object(
  {
    within: nullable(
      Type.Object(
        {
          amount: Type.Integer({ minimum: 1, maximum: 500 }),
          unit: Type.Enum(['hours', 'days'], { description: 'Working hours; a working day is as long as `week` says' }),
        },
        { description: 'null: new leads get no due date' },
      ),
    ),
    week: Type.Object({
      days: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), {
        minItems: 1,
        maxItems: 7,
        uniqueItems: true,
        description: '1 is Monday',
      }),
      from: time('Begin of the working day, such as 08:00'),
      to: time('Its end, after its begin'),
      timeZone: Type.String({ maxLength: 60, description: 'IANA: Europe/London' }),
    }),
  },
  { $id: 'LeadDueRule' },
)
export type WireLeadDueRule = Type.Static<typeof leadDueRule>
const exampleDueRule: WireLeadDueRule = {
  within: { amount: 8, unit: 'hours' },
  week: { days: [1, 2, 3, 4, 5], from: '08:00', to: '17:00', timeZone: 'Europe/London' },
}
const shownDueRule = { description: 'The rule', schema: leadDueRule, example: exampleDueRule }

export const getLeadDueRule = defineEndpoint({
  ...own,
  operationId: 'getLeadDueRule',
  method: 'GET',
  path: '/api/v4/lead-due-rule',
  summary: 'Within how long new leads are to be judged',
  description: 'Nothing is due until somebody has set it.',
  responses: { 200: shownDueRule },
})

export const setLeadDueRule = defineEndpoint({
  ...own,
  operationId: 'setLeadDueRule',
  method: 'PUT',
  path: '/api/v4/lead-due-rule',
  summary: 'Set within how long new leads are to be judged',
  description:
    'Counted in working time from the moment a lead arrives here. Leads that are there keep the due date they have, and those ' +
    'of the first sync get none. Two working days after Thursday 14:00 are Monday 14:00.',
  body: leadDueRule,
  bodyExample: exampleDueRule,
  responses: { 200: shownDueRule },
})
