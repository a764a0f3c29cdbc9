import { expect, test } from 'vitest'
import { attentionOf, fits, giveAway, type Reach, type Rule, type RuledLead } from './lead-rule.rules.ts'

const lead = (facts: Partial<RuledLead> = {}): RuledLead => ({
  ...{ leadId: 'lead', name: 'Café Zürich AG', countries: ['DE', 'CH'], size: 250, isDirect: false, isActive: true },
  ...facts,
})
const leads = (count: number) => Array.from({ length: count }, (_, i) => lead({ leadId: `lead ${i}` }))
const people = (...turns: [string, number][]): Rule['target'] => ({
  kind: 'people',
  people: turns.map(([personId, turn]) => ({ personId, name: personId, turn })),
})
const rule = (ruleId: string, target: Rule['target'], conditions: Rule['conditions'] = {}): Rule => ({
  ...{ ruleId, name: ruleId, target, conditions },
})
const reach: Reach = {
  people: new Set(['Ada', 'Ben', 'Cleo']),
  channels: new Map([
    [907, { name: 'Riverside', isOpen: true }],
    [908, { name: 'Lakeside', isOpen: false }],
  ]),
}

test.each([
  [{}, lead(), true],
  [{ countries: ['ch'] }, lead(), true],
  [{ countries: ['FR', 'GB'] }, lead(), false],
  [{ sizeFrom: 250 }, lead(), true],
  [{ sizeFrom: 251 }, lead(), false],
  [{ sizeFrom: 1 }, lead({ size: null }), false],
  [{ sizeTo: 250 }, lead(), true],
  [{ sizeTo: 249 }, lead(), false],
  [{ sizeTo: 249 }, lead({ size: null }), false],
  [{ origin: 'direct' }, lead(), false],
  [{ origin: 'direct' }, lead({ isDirect: true }), true],
  [{ origin: 'consented' }, lead({ isDirect: true }), false],
  [{ nameContains: ' ZÜRICH ' }, lead(), true],
  [{ nameContains: 'zu\u0308rich' }, lead(), true],
  [{ nameContains: 'bern' }, lead(), false],
  [{ countries: ['DE'], sizeFrom: 250, nameContains: 'bern' }, lead(), false],
] as const)('%j of a lead', (conditions, one, expected) => {
  expect(fits(conditions as Rule['conditions'], one)).toBe(expected)
})

const namesOf = (gifts: ReturnType<typeof giveAway>['gifts']) => gifts.map(({ to }) => to.name)

test('people take turns, and go on where they were', () => {
  const first = giveAway(leads(4), [rule('r', people(['Ada', 0], ['Ben', 0], ['Cleo', 0]))], reach)
  expect(namesOf(first.gifts)).toEqual(['Ada', 'Ben', 'Cleo', 'Ada'])
  const turns = new Map(first.turns.map(({ personId, turn }) => [personId, turn]))
  expect(turns).toEqual(
    new Map([
      ['Ada', 4],
      ['Ben', 2],
      ['Cleo', 3],
    ]),
  )
  const next = giveAway(leads(3), [rule('r', people(['Ada', 4], ['Ben', 2], ['Cleo', 3]))], reach)
  expect(namesOf(next.gifts)).toEqual(['Ben', 'Cleo', 'Ada'])
})

test('whoever has left is passed over, and whoever comes is next', () => {
  const round = [rule('r', people(['Ada', 7], ['Gone', 1], ['Ben', 0]))]
  expect(namesOf(giveAway(leads(3), round, reach).gifts)).toEqual(['Ben', 'Ada', 'Ben'])
  expect(attentionOf(round[0] as Rule, reach)).toEqual({
    attention: [{ code: 'person-left', name: 'Gone' }],
    isSkipped: false,
  })
})

test('the first rule that fits and has somebody gives the lead away', () => {
  const rules = [
    rule('gone', people(['Gone', 0])),
    rule('closed', { kind: 'channel', channelId: 908 }),
    rule('nowhere', { kind: 'channel', channelId: 999 }),
    rule('large', { kind: 'channel', channelId: 907 }, { sizeFrom: 250 }),
    rule('rest', people(['Ada', 0])),
  ]
  const arrived = [lead({ leadId: 'a' }), lead({ leadId: 'b', size: 9 }), lead({ leadId: 'c', isActive: false })]
  const { gifts, turns, owed } = giveAway(arrived, rules, reach)
  expect(gifts.map(({ leadId, rule, to }) => [leadId, rule.ruleId, to.id])).toEqual([
    ['a', 'large', 907],
    ['b', 'rest', 'Ada'],
    ['c', 'rest', 'Ada'],
  ])
  expect(turns).toEqual([{ ruleId: 'rest', personId: 'Ada', turn: 2 }])
  // The channel's once it is Active.
  expect(owed).toEqual(['c'])
  expect(rules.map((one) => attentionOf(one, reach))).toEqual([
    { attention: [{ code: 'person-left', name: 'Gone' }], isSkipped: true },
    { attention: [{ code: 'channel-closed', name: 'Lakeside' }], isSkipped: true },
    { attention: [{ code: 'channel-gone', name: 'Channel 999' }], isSkipped: true },
    { attention: [], isSkipped: false },
    { attention: [], isSkipped: false },
  ])
})

test('no rule, no gift', () => {
  expect(giveAway(leads(2), [], reach)).toEqual({ gifts: [], turns: [], owed: [] })
})
